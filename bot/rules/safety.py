"""Whether a message tells of danger to life. Recall first, but drills and jokes are no danger.

Every word carries a sign. A danger is one sign that says it all (`fire`), or several together
(`leak` and `gas thing`), unless others show that nothing is the matter. Texts are in NFKC form.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from bot.language.classify import Matcher


class DangerKind(StrEnum):
    """What threatens. HEIGHT is also somebody in the water or shut in: rescue is needed."""

    FIRE = "fire"
    GAS = "gas"
    LIFT = "lift"
    MEDICAL = "medical"
    VIOLENCE = "violence"
    HEIGHT = "height"
    LOST = "lost"
    FALLING = "falling"


class Danger(Struct, frozen=True):
    """A danger, the words that told of it, and whom to ring ("": only keep away)."""

    kind: DangerKind
    word: str
    call: str


class _Rule(NamedTuple):
    """All of `signs` (each one of its alternatives), and none of `unless` in the message.

    The first group is the main sign: what it is said of must not be one of `not_of`.
    """

    kind: DangerKind
    call: str
    signs: tuple[frozenset[str], ...]
    unless: frozenset[str]
    not_of: frozenset[str]


class _Hit(NamedTuple):
    start: int
    sign: str
    word: str
    clause: int


_LONGEST = 500  # characters that are read; the time stays bounded

_SIGNS = {
    "fire": """
        着火 起火 失火 火苗 火光 烧起来 燃起来 烧着了 烧焦味 焦糊味 爆炸 电瓶炸 电池炸 罐炸
        发生火灾了 火很大 火势 好大的火
    """,
    "smoke": "冒烟 浓烟 黑烟 有烟 好大的烟 好大烟 全是烟 烟很大",
    "gas": """
        煤气漏 燃气漏 天然气漏 漏煤气 漏燃气 漏天然气 煤气味 燃气味 天然气味 瓦斯味 煤气的味道
        燃气的味道 天然气的味道 煤气臭味 煤气中毒 一氧化碳中毒 臭鸡蛋味 臭鸡蛋的味道 臭鸡蛋一样
        液化气味 液化气漏
    """,
    "gas thing": "煤气 燃气 天然气 液化气 钢瓶 灶",
    "leak": """
        漏气 嘶嘶 滋滋响 呲呲 咝咝 泄漏 泄露 怪味 臭味 很大的味 味道很大 味道很重 味道好大 味道好重
        有味道
    """,
    "lift": "困电梯 锁在电梯 卡在电梯里 关电梯里 被电梯困",
    "lift thing": "电梯 轿厢 货梯",
    "shut in": "困住 被困 困在 被关 关在 人在里面 人还在里面 里面有人 里面还有人 困人 关住了",
    "stuck": "出不来 卡在里面",
    "trapped": "困在里面 困在里面出不来 关在里面出不来 被困在里面 人困在里面",
    "rescue": """
        掉河里 掉进河 掉到河 落水了 溺水 掉水里 掉进水里 掉池塘 跳河 跳湖 掉井里 掉进井 掉进窨井
        锁在车里 反锁在家 反锁在屋 反锁在房 锁在屋里 头卡住 手卡住 脚卡住 卡在栏杆 压在下面
    """,
    "medical": """
        晕倒了 晕倒在 人晕倒 突然晕倒 晕过去 晕厥 昏倒 昏迷 昏过去 不省人事 叫不醒 叫勿醒 喊不醒
        摇不醒 没呼吸 没有呼吸 没心跳 停止呼吸 没意识 失去意识 没有意识 意识不清 神志不清 大出血
        好多血 全是血 都是血 血流不止 血止不住 止不住血 一直流血 满头是血 满脸是血 抽搐 口吐白沫
        中风了 像中风 脑梗了 脑溢血 脑出血 心梗 心肌梗 心脏病发 胸口痛 胸口疼 胸口闷痛 胸痛
        半边身子 半边身体 半边手脚 一边手脚 手脚动不了 突然不会说话 说话含糊 说话突然 说话说不清
        话也说不清 话都说不清 突然说不清话 讲话含糊 讲话讲不清 口齿不清 嘴歪 嘴巴歪 口眼歪斜
        倒地不起 触电 被电到 电到人 电倒 噎住 噎着了 卡喉咙 卡住喉咙 喉咙卡住 喝农药 喝了农药
        吃了安眠药 吞了安眠药 服毒 割腕 滚下楼梯 从楼上摔 从楼梯上摔 楼梯上滚 摔下楼 被烫伤 烫伤了
        烧伤了 要生了 羊水破 脸色发紫 嘴唇发紫 脸发紫 被车撞 撞到人 撞倒人 撞人了 骨头断 蛇咬 休克
    """,
    "breath": "喘不上气 喘不过气 喘勿过气 透不过气 呼吸困难 呼吸不了 吸不上气",
    "fell": "摔了 摔倒 摔跤 跌倒 滑倒 跌了 摔伤 摔在 跌在",
    "cannot rise": "起不来 爬不起来 动不了 站不起来 不能动 不会动 不动了",
    "lies": "倒在地上 倒在路边 倒在楼道 倒在门口 倒在家 躺在地上 躺在路边 躺在楼道 快不行了",
    "unseen": """
        没见人 没看见人 没看到人 没看见 没看到 没见 没出门 没出过门 没露面 没下楼 没动静 没有动静
        不见人影
    """,
    "long": "一天 两天 二天 三天 四天 几天 多日 一个星期 一周 从昨天 2天 3天 4天 独居 一直",
    "no answer": """
        敲门没人开 敲门也没人 不应门 没人应 敲门 敲了半天门 叫门 电话没人接 电话不接 不接电话
        电话也不接
    """,
    "knock": "敲门没人应 敲门不应 敲门也不应 敲门也没人应 敲门没反应",
    "elder": """
        老人 老人家 老太 奶奶 爷爷 阿婆 阿公 外公 外婆 老伯 老伯伯 老先生 老头 老爹 好婆 好公 大爷
        大妈 独居老人 孤老 婆婆 老爸 老妈 我爸 我妈 父亲 母亲 公公 老伴 亲娘 老年人 老年痴呆
    """,
    "child": "小孩 孩子 小朋友 宝宝 儿子 女儿 孙子 孙女 娃 小囡 男孩 女孩 学生 婴儿 外孙",
    "person": "有人 人 师傅 阿姨 叔叔 伯伯 女的 男的 小伙子 姑娘 保安",
    "neighbour": "老张 老王 老李 老陈 老周 邻居 隔壁 对门",
    "lost": """
        走丢 走失 失踪 跑丢 走散 迷路 不见了 找不到了 找不着了 丢了 找不到家 不认得回家 不知去向
        离家出走
    """,
    "not home": "没回来 没回家 没到家 还没回 联系不上",
    "late": "到现在 现在还 这么晚 一夜 一天了 几个小时 整夜 电话打不通 手机没带 也没带",
    "height": """
        要跳楼 有人跳楼 跳楼了 跳楼啦 想跳楼 轻生 自杀 寻短见 要跳下来 要往下跳 准备往下跳 想往下跳
        跳下去了 站在窗台 坐在窗台 趴在窗台 爬到窗台 爬上窗台 爬窗台 爬出窗 爬到窗外 翻出阳台
        翻阳台 站在阳台外 坐在空调外机 站在空调外机 爬到空调外机 不想活 活不下去 挂在窗外
        挂在阳台外 吊在窗外
    """,
    "edge": "楼顶边 天台边 屋顶边 楼顶栏杆 天台栏杆 楼顶的边",
    "sits": "坐着 坐在 站着 站在 趴在 徘徊 走来走去",
    "violence": """
        持刀 拿刀 拿着刀 带刀 挥刀 砍人 捅人 捅了 被捅 被砍 打人 打起来 打架 打群架 打得头破 家暴
        打老婆 打女人 打我妈 打孩子 打小孩 往死里打 砸门 踹门 踢门 撬门 在撬锁 有人撬锁 撬我家 入室
        闯进 闯入 硬闯 有人闯 抢劫 抢包 行凶 喊救命 叫救命 呼救 跟踪我 尾随 绑架 抢孩子 拐孩子 拐走
        人贩子 猥亵 强奸 耍流氓 有人爬进 翻窗进 翻墙进 进贼 进小偷 有贼 杀人 勒脖子 掐脖子 虐待
        被打了
    """,
    "help": "救命",
    "come": "快来 来人 快救 救救",
    "hanging": """
        瓦片 墙砖 瓷砖 面砖 外墙 玻璃 窗户 窗扇 水泥 砖头 砖块 石块 混凝土 广告牌 店招 招牌 灯箱
        外机 花盆 雨棚 护栏 屋檐 檐口 树 围墙 脚手架 墙体 空调架 保温层
    """,
    "falls": """
        掉下 掉了 掉落 往下掉 脱落 砸下来 砸到 砸着 砸中 坠落 坠下 快掉 要掉 摇摇欲坠 松动 松了
        倒下来 断了 倒了 快倒 要倒 倒塌 塌了 要塌 断下来 吹下来 飞下来 碎下来 滚下来 晃来晃去
        悬在半空
    """,
    "falling": """
        电线裸露 电线露 裸露的电线 电线掉 电线断 电线垂 电线拖 电线耷拉 电缆裸露 电缆掉 电缆断
        线头裸露 线头露 高压线掉 高压线断 漏电 路面塌 地面塌 地陷 塌陷 井盖没 井盖不见 井盖不在
        井盖缺 井盖被 井盖丢 井盖掉 井盖破 井盖碎 井盖塌 井盖翘 井盖开 井盖松 井盖裂 没井盖
        没有井盖 井盖又没 井盖又不见 窨井没盖 窨井盖子没 从楼上掉 楼上掉下 楼上掉东西 高空坠物
    """,
    "things": """
        包 手机 钥匙 卡 老人卡 户口本 衣服 校服 帽子 口罩 手表 眼镜 钱 伞 证 车子 自行车 电瓶车
        滑板车 玩具 鞋 耳机 名额 文件 照片 水杯 水壶 红领巾 病历 存折 助听器 假牙 拐杖 课本 戒指
        耳环 项链 外卖 电脑 被子 床单 球 垃圾 污水 剩菜 剩饭 泔水 单车 油漆 杂物
    """,
    "pet": "猫 狗 泰迪 柯基 金毛 鹦鹉 仓鼠 宠物 鸟 兔子 乌龟 鸡",
    "indoors": "卫生间 厨房 浴室 我家墙 屏幕 眼泪 头发 体重 血压 价格 指甲",
    "grill": "烧烤 烟囱 嗓子 喉咙 脑袋 头顶 蚊香 排气管 鞭炮",
    "trifle": """
        股票 基金 作业 加班 考试 数学 辅导 减肥 老板 甲方 挤得 压力 房贷 爬山 爬楼 健身 跑完 热得
        气得 累得 忙得 馋得 冷得 冻得 困得 热死了
    """,
    "past": """
        去年 前年 以前 从前 小时候 那年 当年 曾经 之前 上个月 上次 上周 上回 前阵子 前段时间 那时候
        年轻时 早些年 前几年 往年 记得
    """,
    "yesterday": "昨天 昨晚 昨夜 前天 前晚",
    "now": "现在 正在 刚刚 刚才 还没 还在 今天 今早 今晚 赶紧 赶快 突然 马上 今朝",
    "if": """
        如果 要是 万一 假如 假设 会不会 怕 担心 以防 小心 当心 免得 省得 差点 是否 幸亏 幸好 还好没
    """,
    "settled": """
        回来了 回家了 平安 没事了 已经修 修好 换好 已换 补好 已处理 处理好 救出来了 救上来 人出来了
        放出来 脱险 醒了 缓过来 送医院了 住院 清理了 装好了 加固好 出院 和好
    """,
    "over": "找到了 已找回 找回来了 已经找到 扑灭 火灭 火已经灭 已灭 灭掉了 虚惊 误会 误报",
    "unreal": """
        演练 演习 培训 讲座 宣传 温馨提示 提示: 【 知识 科普 须知 谨防 预防 请勿 严禁 禁止 切勿
        避免 防止 彩排 保险 补贴 规定 犯法 怎么判 案例 倡议 安检 杜绝 不要在 不要把 请大家 请各位
        后遗症 病史 得过 鉴定 急救课 救护员 安全课 疏散活动 志愿者招募 通知: 公告: 停水通知 新闻
        视频里 抖音 电影 小说 剧情 剧里 报道 热搜 梦到 做梦 梦见 刷到 短剧 段子 笑话 历史上 古代
        国外 电视里 电视上 电视剧 打游戏 玩游戏 游戏里 网上看 网上说 哈哈 嘿嘿 嘻嘻 笑死 笑得 笑晕
        😂 🤣 😄 😆 [捂脸] [偷笑] [破涕为笑] 好笑
    """,
    "": """
        火起来 红烧 上火 发火 恼火 烟花 烟火 油烟味 炊烟 有烟头 有烟味 有烟草 有烟灰 信息爆炸
        爆炸头 爆炸性 知识爆炸 爆炸盐 气得要爆炸 心态爆炸 忙得冒烟 嗓子冒烟 渴得冒烟 火苗班
        热得要着火 热得要起火 热得着火 热得起火 热到起火 着火点 打不着火 点不着火 着火锅 打架子
        打人工 想打人 闯进决赛 闯进半决赛 闯进前 闯入决赛 闯进八强 拿刀片 拿刀切 拿刀削 跳楼价
        眼皮打架 打架游戏 砸门面 抢包邮 抢包间 抢包厢 被打了折 被打了招呼 入室内 带刀鱼 狼人杀
        困在家 人家 别人 本人 人数 人员 大人 个人 老人机 人民 男人 女人 人工 机器人 丢人 人行道 人气
        好多血压 鸡血 没意识到 没有意识到 嘴角抽搐 找到了吗 找到了没 回来了吗 修好没 隔壁老王
        漏电保护 漏电开关 燃气费 煤气费 天然气费 燃气表 燃气公司 燃气卡 煤气卡 燃气改造 开通燃气
        停燃气 玻璃心 玻璃胶 玻璃杯 玻璃膜 树立 树叶 树洞 不小心 怕是 恐怕 可怕 哪怕 不怕 别怕
        怕什么 怕不是 救命稻草 救命恩人 面包 红包 包子 打卡 卡住 卡在 包括 承包 证明 没见过 没看见过
        没见面 电视机 起不来床 早上起不来 皮球 地球 鸡蛋 狗屎 手机壳 宣传栏 公告栏 火灭了没
        火灭了吗 灭火了吗 睡着了叫不醒 睡觉叫不醒
    """,
    "break": ", 。 . ! ; : ? 、",
}

_NO = ("没", "没有", "不是", "别", "不要", "不会", "未")


def _words() -> dict[str, str]:
    """Words with their signs; 没着火 and its like hide the word, 是不是着火了 does not."""
    written = {word: sign for sign, block in _SIGNS.items() for word in block.split()}
    derived: dict[str, str] = {}
    for word, sign in written.items():
        if sign in _ALONE:
            derived |= {no + word: "" for no in _NO}
            derived["是不是" + word] = sign
    return derived | written | {"\n": "break", " ": "break"}


def _rule(kind: DangerKind, call: str, signs: str, *, unless: str = "", not_of: str = "") -> _Rule:
    """A rule from `a + b/c`: a, and b or c."""
    groups = tuple(frozenset(group.split("/")) for group in signs.split(" + "))
    return _Rule(kind, call, groups, frozenset(unless.split()), frozenset(not_of.split()))


_ALONE = frozenset(["fire", "smoke", "gas", "lift", "trapped", "medical", "violence"])
_RULES = (
    _rule(DangerKind.FIRE, "119", "fire", unless="trifle"),
    _rule(DangerKind.FIRE, "119", "smoke", unless="grill"),
    _rule(DangerKind.GAS, "119", "gas"),
    _rule(DangerKind.GAS, "119", "leak + gas thing"),
    _rule(DangerKind.HEIGHT, "110 和 119", "height", unless="trifle", not_of="pet things"),
    _rule(DangerKind.HEIGHT, "110 和 119", "edge + person/child/elder/sits", not_of="pet"),
    _rule(DangerKind.HEIGHT, "110 和 119", "rescue", not_of="pet things"),
    _rule(DangerKind.MEDICAL, "120", "medical", not_of="pet"),
    _rule(DangerKind.MEDICAL, "120", "breath", unless="trifle", not_of="pet"),
    _rule(DangerKind.MEDICAL, "120", "cannot rise + fell", not_of="pet things"),
    _rule(DangerKind.MEDICAL, "120", "lies + elder/child/person", not_of="pet things"),
    _rule(DangerKind.VIOLENCE, "110", "violence", not_of="pet"),
    _rule(DangerKind.VIOLENCE, "110", "help + come", unless="trifle"),
    _rule(DangerKind.LIFT, "96333 或 119", "lift"),
    _rule(DangerKind.LIFT, "96333 或 119", "shut in/trapped + lift thing"),
    _rule(DangerKind.LIFT, "96333 或 119", "stuck + lift thing", not_of="things pet"),
    _rule(DangerKind.LIFT, "119", "trapped", not_of="pet things"),
    _rule(DangerKind.MEDICAL, "120", "unseen + long/no answer/knock + elder/neighbour"),
    _rule(DangerKind.MEDICAL, "120", "knock + long + elder/neighbour"),
    _rule(DangerKind.LOST, "110", "lost + elder/child/person"),
    _rule(DangerKind.LOST, "110", "not home + late + elder/child"),
    _rule(DangerKind.FALLING, "", "falling"),
    _rule(DangerKind.FALLING, "", "falls + hanging", unless="indoors"),
)
_TELLING = frozenset().union(*(rule.signs[0] for rule in _RULES))
_NOW = frozenset(["now", "late", "help", "come"])
_SUBJECTS = frozenset(["elder", "child", "person", "neighbour", "things", "pet", "hanging"])

_WORDS = _words()
_MATCHER = Matcher(_WORDS.items())
_HINTS = Matcher((word, sign) for word, sign in _WORDS.items() if sign in _TELLING)


def find_danger(text: str) -> Danger | None:
    """The worst danger that a message tells of as present, or None."""
    text = text[:_LONGEST]
    if not _HINTS.occurs(text):
        return None
    hits = _scan(text)
    signs = {hit.sign for hit in hits}
    if "unreal" in signs:
        return None
    for rule in _RULES:
        if all(signs & group for group in rule.signs) and signs.isdisjoint(rule.unless):
            for hit in hits:
                if hit.sign in rule.signs[0] and _present(hit, rule, hits, signs):
                    return Danger(rule.kind, _told(hit, rule, hits), rule.call)
    return None


def _scan(text: str) -> list[_Hit]:
    """The message's words with their signs, numbered by clause."""
    hits = []
    clause = 0
    for start, _, word, sign in _MATCHER.scan(text):
        if sign == "break":
            clause += 1
        elif sign:
            hits.append(_Hit(start, sign, word, clause))
    return hits


def _present(main: _Hit, rule: _Rule, hits: list[_Hit], signs: set[str]) -> bool:
    """Whether the main word is said of somebody, here and now."""
    if "over" in signs or _bygone(rule, main, signs):
        return False
    for hit in hits:
        if hit.sign == "settled" and hit.start > main.start:
            return False
        if hit.sign == "if" and hit.clause == main.clause and hit.start < main.start:
            return False
    if rule.kind is DangerKind.LOST:
        return _somebody_lost(main, hits)
    if rule.kind is DangerKind.FALLING and "hanging" in rule.signs[-1]:
        return _something_falls(main, hits)
    subject = _subject(main, hits)
    return subject is None or subject.sign not in rule.not_of


def _bygone(rule: _Rule, main: _Hit, signs: set[str]) -> bool:
    """Told of the past. What fell or went missing yesterday is a danger still."""
    if not signs.isdisjoint(_NOW):
        return False
    lasting = rule.kind in {DangerKind.LOST, DangerKind.FALLING} or main.sign == "unseen"
    return "past" in signs or ("yesterday" in signs and not lasting)


def _subject(main: _Hit, hits: list[_Hit]) -> _Hit | None:
    """The nearest noun before a word in its clause."""
    here = [hit for hit in hits if hit.clause == main.clause and hit.start < main.start]
    return next((hit for hit in reversed(here) if hit.sign in _SUBJECTS), None)


def _something_falls(main: _Hit, hits: list[_Hit]) -> bool:
    """The nearest noun before the word, or else one in its clause, hangs or stands on high."""
    subject = _subject(main, hits)
    if subject is not None:
        return subject.sign == "hanging"
    return any(hit.sign == "hanging" and hit.clause == main.clause for hit in hits)


def _somebody_lost(main: _Hit, hits: list[_Hit]) -> bool:
    """The nearest noun before the word is a person, and no thing is its object: 孩子丢了手机."""
    nouns = [hit for hit in hits if hit.sign in _SUBJECTS]
    before = [noun for noun in nouns if noun.start < main.start]
    after = [noun for noun in nouns if noun.start > main.start and noun.clause == main.clause]
    who = (before or after)[-1:] or [main]
    if main.sign == "not home":
        return any(noun.sign in {"elder", "child"} for noun in before)
    if after and after[0].sign in {"things", "pet"}:
        return False
    return who[0].sign in {"elder", "child"} or (
        who[0].sign == "person" and main.word in {"走丢", "走失", "失踪"}
    )


def _told(main: _Hit, rule: _Rule, hits: list[_Hit]) -> str:
    """The words that made the rule fit, in the text's order."""
    told = {main.start: main.word}
    for group in rule.signs[1:]:
        hit = min((hit for hit in hits if hit.sign in group), key=lambda hit: hit.start)
        told[hit.start] = hit.word
    return "…".join(told[start] for start in sorted(told))
