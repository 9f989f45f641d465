"""What is a danger, and what only sounds like one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.danger.hidden import HIDDEN
from bot.rules.safety import Danger, DangerKind, find_danger, words

DANGERS = {
    DangerKind.FIRE: """
        5幢着火了快来人
        三楼窗户在冒烟
        厨房烧起来了怎么办
        车棚里电瓶车冒黑烟
        楼道里全是烟，看不见路
        是不是着火了？8幢好大的烟
        隔壁有火苗窜出来
        地下车库起火了
        电瓶炸了，火很大
        一股烧焦味，插座在冒烟
        活动室着火了
        快通知物业，配电间着火了
        电视着火了
        窗帘被蜡烛点着火了
        昨天还没事，今天配电箱又冒烟了
        楼上好像烧起来了，玻璃都炸裂了
        2单元电表箱在冒火花，有烟
        车库里面浓烟滚滚
        隔壁家没人，门缝里往外冒烟
        快打119，7号楼起火了
    """,
    DangerKind.GAS: """
        楼道里一股煤气味
        我家煤气泄漏了
        灶台那边嘶嘶响，还有臭味
        闻到天然气味道很重
        好像燃气漏了，头有点晕
        厨房有臭鸡蛋味，不敢开灯
        煤气罐漏气了
        2单元燃气味很大，谁家没关阀门
        一进门就闻到好重的煤气味
        灶具那里滋滋响像漏气
        我家厨房煤气味道很大怎么办
    """,
    DangerKind.LIFT: """
        我被困电梯了，7幢
        有人关在电梯里半小时了
        电梯停了，我妈困在里面
        电梯门打不开，里面有人
        困在里面出不来，救命
        3号楼电梯卡住，老人小孩都出不来
        手机快没电了，被困在电梯里
        电梯困人了
        灯灭了，电梯里有人被困
        孩子一个人被关在电梯里了
        11幢电梯突然不动了，我们三个人在里面出不来
        电梯卡在四楼五楼中间，里面有人喊
    """,
    DangerKind.MEDICAL: """
        我爸突然说话含糊，嘴歪了
        老伴半边身子动不了
        楼下有个老伯倒在地上叫不醒
        孩子摔了一跤流了好多血
        我喘不上气，家里没人
        遛狗的老人晕倒了
        隔壁阿婆两天没看见人，敲门也没人应
        独居老人好几天没下楼，电话不接
        三楼的爷爷一直不开门，敲门没人应，里面有水声
        有人触电了
        老爷子气得晕倒了
        热死了，环卫阿姨晕倒在路边
        奶奶摔倒了起不来
        小孩噎住了脸发紫
        我妈胸口痛得厉害
        有人躺在路边，像喝多了
        他吃了安眠药
        对门老张三天没出门了，敲门不应
        我老公突然抽搐，口吐白沫
        楼道里有个老太太摔倒了爬不起来
        爸爸说胸闷，呼吸困难，脸发白
        有个外卖小哥被车撞了，躺在地上
        手被玻璃划了，血止不住
        我奶奶突然讲话含糊，手也抬不起来
        401的老伯伯好几天没见着了，敲门没反应
        小孩误吞了电池，喘不过气
    """,
    DangerKind.VIOLENCE: """
        楼上在打架，有人拿刀
        有个男的在砸门
        有人家暴，女的在哭喊
        陌生人闯进我家了
        门口有人打起来了
        听到有人喊救命
        有人持刀在小区里
        有人入室抢东西
        小区门口有人打人
        救命啊快来人
        楼下一群人打起来了，快报警
        有个醉汉一直踹门，我一个人在家
        隔壁男人又在打老婆
        有个男的尾随我到单元门口
        家里进小偷了，人还在
    """,
    DangerKind.HEIGHT: """
        有人要跳楼
        11幢楼顶边上坐着一个人
        小孩爬到窗台上了，家里没大人
        有个女的站在阳台外面
        有个孩子掉河里了
        小孩反锁在车里，天这么热
        她说不想活了
        天台边缘有人走来走去
        13楼窗外站着个人，要往下跳
        有个小孩坐在窗台上，脚在外面
        河里有人溺水了
    """,
    DangerKind.LOST: """
        我家老人走丢了，穿蓝衣服
        孩子不见了，大家帮忙找找
        外婆有老年痴呆，早上出门找不到家
        小孩在滑梯那边走失了
        我妈买菜到现在没回来，手机没带
        昨天走失的爷爷还没找到
        女儿放学这么晚还没回家，联系不上
        有个老人在3幢迷路了，说不清家在哪
        有人走失，70多岁
        我爷爷早上出去遛弯到现在没回家，有点痴呆
        3岁女孩在小广场不见了
        捡到一个走失的老人，在门卫这里
    """,
    DangerKind.FALLING: """
        外墙瓷砖掉下来了
        6幢瓦片松了，快掉下来了
        电线掉下来了，在地上
        门口井盖没了
        路边电线裸露
        窗玻璃要掉了，下面好多人走
        广告牌摇摇欲坠
        路灯杆漏电
        大树倒了，横在路上
        路面塌陷了一个洞
        宣传栏玻璃要掉下来了
        外墙瓷砖松了，担心掉下来砸到人
        窨井盖子没了，天黑容易踩空
        楼顶的水泥块往下掉，差点砸到我
        台风把空调外机吹得要掉下来了
        北门窨井盖不见了，大家走路小心
        电线断了垂在路中间
    """,
}

HARMLESS = """
    今天热得要起火了
    气得要爆炸
    晚上吃火锅
    打着火锅聊天
    红烧排骨真香
    这首歌火了
    别着急上火
    周六消防演练，请大家参加
    【通知】燃气泄漏应急演习
    消防知识讲座：家里着火了怎么办
    消防通道被堵了
    灭火器在哪领
    去年我们小区着火过
    前年有人跳楼，吓人
    煤气费怎么交
    燃气费在哪里缴
    燃气安检是哪天
    燃气表坏了找谁
    我晕车
    笑晕了
    笑得喘不上气
    孩子在学打架子鼓
    电梯坏了
    电梯又停了，修一下
    电梯里很臭
    找到了，谢谢大家
    孩子找到了，刚才走丢了吓死我
    我手机丢了
    钥匙丢了，谁捡到
    快递丢了
    我家猫丢了
    狗不见了，棕色泰迪
    孩子的书包不见了
    儿子把钥匙丢了
    老人卡丢了怎么补
    孩子校服找不到了
    没着火，是邻居在烧香
    火已经灭了，虚惊一场
    如果着火了往哪跑
    听讲座说中风了要打120
    嗓子冒烟了，多喝水
    烧烤摊天天冒烟，呛死了
    跳楼价大甩卖
    股票跌得想跳楼
    作业多得想跳楼
    两只猫打架吵死了
    眼皮打架了，睡了
    我们队闯进决赛了
    打人工客服电话
    新闻里说有人持刀
    梦到家里着火了
    电视剧里又跳楼了
    有人把垃圾倒在地上
    自行车倒在地上没人扶
    头发掉了好多
    眼泪掉下来了
    我家卫生间瓷砖掉了一块
    堵在高架上出不来
    困死了，睡觉
    早上起不来
    手机掉进电梯缝里出不来
    没意识到今天周六
    高血压讲座周三下午
    打孩子犯法吗
    请勿高空坠物，注意安全
    井盖修好了
    电线裸露的地方已经修好了
    漏电保护器跳了
    我家房子漏水
    轮胎漏气了
    马桶一股臭味
    谁家小孩在哭
    老公还没回家
    儿子今年过年没回来
    工作忙得喘不过气
    爬楼爬得喘不过气
    狗从窗台跳下来了
    猫趴在窗台晒太阳
    衣服挂在阳台外面掉了
    路灯不亮了
    早安
    哈哈哈这烟花像着火
    有烟头没灭
    救命，太好笑了
    楼上装修砸墙
    血压高怎么办
    体检要抽血吗
    电动车不要进楼，谨防着火
    孩子丢了手机
    昨天5幢着火，现场清理了
    明天上午10点举行消防疏散演练，听到警报不要惊慌
    孩子发烧39度，社区医院开门吗
    老公做饭把锅烧糊了
    今天的火锅店排队排死了
    电梯按键不亮了
    电梯维修，停运两小时
    谁的电瓶车堵在消防通道了
    楼上小孩天天打闹，吵
    我家狗走丢了，大家看到说一声
    老人卡怎么年审
    老人体检是周几
    孩子书包找到了
    小孩子的手表丢了，有人捡到吗
    燃气公司什么时候来换表
    煤气灶打不着火
    空调滴水滴到我家窗台
    垃圾桶倒了，垃圾一地
    脚崴了，谁有红花油
    他们夫妻俩吵架好大声
    房价跌得我想跳楼哈哈
    这剧太虐了，男主最后跳楼了，电视剧真敢拍
    吃撑了，躺着动不了
    健身完腿都抬不起来
    晒了一天，阳台的被子收了
    我妈回来了，谢谢大家
    打完疫苗有点头晕正常吗
    晕，又下雨
    打架的两个小孩已经和好了
    高楼扔烟头的请自重
    停车场栏杆坏了出不去
    这个快递柜打不开，快递出不来
    树叶掉了满地，麻烦扫一下
    冬天头发老掉，有什么办法
    路灯杆歪了
    着急找人，谁认识装宽带的师傅
    救命啊明天要交报告
    群里炸了锅
    周日有急救培训，教心肺复苏
    学生放学了，门口好堵
    爸妈都不在家，点外卖吧
    钟点工阿姨三天没来了
    快递三天没动静
    笑得肚子痛死了
    楼下在放鞭炮，全是烟
    装修师傅说要敲墙
    门铃坏了，请直接敲门
    停水了
"""


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.splitlines() if line.strip()]


def look(text: str) -> Danger | None:
    """As the engine does: in normal form."""
    return find_danger(unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, block in DANGERS.items() for text in lines(block)]
)
def test_danger(kind: DangerKind, text: str) -> None:
    danger = look(text)
    assert danger is not None
    assert danger.kind is kind, danger


@pytest.mark.parametrize("text", lines(HARMLESS))
def test_no_danger(text: str) -> None:
    assert look(text) is None


def test_the_tables_are_broad() -> None:
    assert sum(len(lines(block)) for block in DANGERS.values()) >= 40
    assert len(lines(HARMLESS)) >= 40


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("家里着火了", Danger(DangerKind.FIRE, "着火", "119", "AQYH")),
        ("楼道有煤气味", Danger(DangerKind.GAS, "煤气味", "119", "SDQN")),
        ("电梯停了,人出不来", Danger(DangerKind.LIFT, "电梯…出不来", "96333 或 119", "DTGZ")),
        ("老人晕倒了", Danger(DangerKind.MEDICAL, "晕倒了", "120", "YLJK")),
        ("有人砸门", Danger(DangerKind.VIOLENCE, "砸门", "110", "ZAFZ")),
        ("有人要跳楼", Danger(DangerKind.HEIGHT, "要跳楼", "110 和 119", "ZAFZ")),
        ("孩子不见了", Danger(DangerKind.LOST, "孩子…不见了", "110", "ZAFZ")),
        ("井盖没了", Danger(DangerKind.FALLING, "井盖没", "", "AQYH", acute=False)),
    ],
)
def test_word_and_number(text: str, danger: Danger) -> None:
    assert find_danger(text) == danger


def test_the_worst_comes_first() -> None:
    danger = look("楼道着火了，有人晕倒在里面，瓷砖往下掉")
    assert danger is not None
    assert danger.kind is DangerKind.FIRE


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    danger = find_danger(text)
    assert danger is None or danger.word


def test_every_word_is_in_the_form_in_which_texts_are_read() -> None:
    for word in words():
        assert word in {"\n", " "} or word == unicodedata.normalize("NFKC", word), word


def test_what_is_hidden_carries_no_sign() -> None:
    assert {word for word in HIDDEN.split() if words()[word]} == set()
