"""Sentences as people in a micro-grid group write them, and what the bot must make of each."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.classify import Matcher
from bot.language.intents import Intent, Judgement, entries
from bot.language.judging import judge
from bot.language.lexicon import WORDS, Kind

HELD_OUT = Path(__file__).with_name("intent_heldout.jsonl")

APPEALS = """
路灯不亮了，3幢东边
怎么没水了，3幢
路灯什么时候能修好啊
垃圾怎么又没人清
电梯怎么又坏了
物业真是好呀👍 垃圾桶满三天了
16幢车棚顶板破损严重，电动车充电不安全
5幢楼道灯坏了快一个月了
楼道灯勿亮，今朝夜里看勿见
单元门坏脱哉，侬来看看
哪能又停电啦 7幢
3号楼电梯又停在半空了，门打不开
小区北门路面塌了一块，晚上看不见容易摔跤
楼上天天半夜拖椅子，吵死了
消防通道又被堵了，救护车都进不来
一楼有人在楼道里给电瓶车充电
9栋门口的窨井盖没了
外墙瓷砖往下掉，砸到一辆车
健身器材断了一根，没人修
树枝太密了，挡住了我家窗户
楼下烧烤摊油烟太大，窗户都不敢开
下水道堵了，污水流到楼梯口
地下室积水好深
我家天花板漏水，楼上不肯修
门禁刷不开，等了十分钟
电瓶车停满了过道，走路都困难
有人高空抛物，太危险了
河道发臭，味道很大
2单元的垃圾桶盖子坏了，老鼠乱窜
儿童乐园的滑梯裂了
监控坏了，车被划了查不到
楼道里全是小广告，脏死了
隔壁装修砸墙，中午也不停
有人遛狗不牵绳，追着小孩跑
广场舞音响太响了，9点多还不停
僵尸车占着车位一年多了
路灯一闪一闪的，像要坏了
水压太低了，热水器打不着火
去年修过的屋顶现在又漏了
上个月刚修好的路灯又坏了
路灯修好了，但是门禁又坏了
谢谢管家，麻烦报一下，12幢的声控灯不亮
您好，请问11幢门口的积水有人管吗
@物业 快点派人来修一下道闸
楼道堆满了纸箱，万一着火怎么得了
凉亭的座椅坏了，希望尽快修好
楼道灯坏了，3幢，找谁修
电梯里有股怪味，太难闻了
保安天天睡觉，外人随便进
草坪枯死一大片没人管
车库入口的减速带松了，声音很大
晾衣架锈断了，掉下来砸到人怎么办
二楼平台有人养鸡，一大早公鸡叫
充电桩用不了，扫码没反应
公共厕所堵了，臭得要命
小区里有马蜂窝，就在滑梯旁边
快递柜打不开，显示故障
井盖松动，车子一过哐当响
一下雨17幢门口就积水
水龙头放出来的水发黄
车库门口那个减速带翘起来了，轮胎都扎破一个
6幢一单元水管嗤嗤往外喷水
健身步道上的灯全灭了
小区喷泉池里漂着死鱼，臭气熏天
楼顶太阳能漏水，顺着外墙淌
我们这栋的信箱锁都被人撬了
5号楼后面有人倒建筑垃圾，好大一堆
楼上阳台浇花，水都淋到我被子上
儿童滑梯旁边有碎玻璃
东门岗亭没人，谁都能进
对面工地凌晨两点还在打桩
14幢楼道窗户玻璃没了，冷风直灌
电梯里的广告声音太吵了
有人占用绿化带种菜，还浇粪
单元门口的台阶缺了一块，老人差点绊倒
充电桩收费不合理，一块钱才充两小时
小区里晚上好多蚊子，什么时候打药
谁又把自行车停在盲道上
我家阳台顶又开始滴水了，物业来看看
3单元的对讲听不见声音
路边的树倒了压着电线
为什么垃圾房十点了还不开门
公共区域的灯白天一直亮着，浪费电
地下车库信号一点没有，出口道闸付不了款
天天有外卖车在人行道上飞驰，吓死人
二号楼的水龙头一天都没出水
南边围墙有个洞，小偷钻进来怎么办
8幢地漏往上冒泡泡，一股臭味
电梯轿厢灯一半不亮，吓人
停车场的地面全是油，滑得很
草坪喷灌开了一夜没人关
晚上回来楼道伸手不见五指
快递堆在单元门口，轮椅出不来
楼下饭店排烟管对着我家吹
21幢屋面又渗了，修了三次都没用
健身区的单杠晃得厉害
西侧小路的石板翘了，踩上去溅一身水
停水停了一天了，也没个通知
楼上孩子天天跑跳，我心脏病都要犯了
地库出口那面镜子碎了
垃圾车凌晨四点就来，轰隆轰隆
三楼公共窗户关不严，下雨都打进来
共享单车堆在门口像座山
我家门口的监控对着厕所窗，侵犯隐私
车棚的门锁坏脱了，电瓶车勿安全
有人在群租，一套房住了十几个
北区垃圾亭的洗手池不出水了
22幢东单元门把手掉了
小孩玩的秋千链子快断了
楼道墙上被人喷了油漆
半夜总有人按我家门铃
四楼的住户把鞋柜放在公共走廊
雨水管断了，水直接浇在一楼窗台上
配电箱门敞着，小孩容易碰到
绿化工人剪下来的树枝扔在路上三天了
菜鸟驿站音箱从早喊到晚
河边护栏缺了两根
楼下的流浪猫半夜叫得人睡不着
电梯地板有个窟窿
门口红绿灯不亮，过马路提心吊胆
15幢地下室灯一直闪
自来水一股漂白粉味
有辆面包车天天停在盲道上
厕所下水慢得很，往上泛
"""

SUGGESTIONS = """
能不能装几个长椅
希望长廊加几个座椅
建议小区门口装个减速带
能不能在16幢旁边多装几个充电桩
建议组织一次义务磨刀
希望社区多办几场亲子活动
楼道太暗了，能不能装个感应灯
可不可以加几个晾衣杆
提议把垃圾投放时间改成早上六点到九点
是不是可以考虑给老楼加装电梯
建议车棚统一规划
最好能在河边增设护栏
要是能加个遮雨棚就好了
"""

QUESTIONS = """
核酸阳性要向社区报备吗
吸入式疫苗需要预约吗
居住证怎么办
65岁体检什么时候
停水到几点
医保卡丢了怎么补办
有人知道社区卫生站几点关门吗
请问老年卡去哪里办
门禁卡怎么补办，要多少钱
明天还停水吗
3幢是不是停电了
停水了吗
楼道灯坏了找谁修
什么时候来水啊
幼儿园报名要带什么材料
大件垃圾放哪里
物业费一年多少钱
阿要带户口本啊
残疾证怎么换
水管爆了打什么电话
高龄津贴几岁可以领
周末派出所开门么
装修要不要去物业登记
灭火器在哪领
燃气安检是哪天
电动车充电怎么收费
"""

THANKED = """
谢谢
感谢物业，路灯修好了
辛苦了🌹
点赞👍
修好了真快
谢谢师傅冒雨来修水管
感谢志愿者送菜上门
多亏了网格员小王，谢谢侬
垃圾清走了，之前臭死了，谢谢物业
为我们的保洁阿姨点赞
水来了，辛苦师傅们
管家太给力了
门口保安大叔人真好
"""

FOLLOW_UPS = """
门禁有下文了吗
上次说的路灯怎么样了
根本没来过人
我报修的事情处理了吗
井盖修好了吗
上次反映的车棚漏雨解决了没
12号那个诉求到哪一步了
电梯的事有进展吗
上周报的水管，说好来修的
加装电梯的事怎么样了
还要等多久啊，都一个星期了
催一下我那个单子
"""

CHATTER = """
早安，愿大家一切顺利
红包来了，快抢
三缺一，打牌的来
晚上吃红烧肉
今天好热啊
哈哈哈哈笑死我了
热得要起火了
堵车堵死我了，上班要迟到
修好了
已经不漏了
不漏了
已经好了，不用来了
路灯亮了
去年我家也漏过
前年那场雨，车库都进水了
小时候我们弄堂天天停电
停水通知：明天8点到12点停水，请做好储水准备
【通知】3幢水管漏水维修，请居民谅解
温馨提示：电动车进电梯有危险
请各位不要高空抛物
出售二手自行车，刹车有点坏
转让儿童床，不坏不破
团购草莓，今晚截单
拼单买米，要的接龙
谁家有梯子借一下
谁有打气筒
我手机坏了，晚点回
孩子发烧了，今天请假
家里冰箱坏了，菜都臭了
这天气说变就变
妈，我到家了
老公今晚加班
儿子考了满分，高兴坏了
累坏了，早点睡觉
吓坏我了
臭豆腐好吃
狗屎运来了
垃圾食品少吃点
没水果了，去趟超市
松了一口气
眼泪都掉下来了
牙掉了一颗
脑子进水了吧
公司电梯坏了，爬了十五楼
学校停电，孩子提前放学
高铁晚点了，堵在路上
听说隔壁小区停水三天
新闻说有个小区墙砖掉下来砸到人
看电影看到一半，灯坏了哈哈
如果停水就去我妈家洗澡
建议你多喝热水
希望孩子健康长大
应该是快递到了
收到
好的
嗯嗯
今天轮到我值班
饭吃了伐
明天跳广场舞的七点集合
我家狗狗会握手了
月亮好漂亮
股票跌惨了
这集大结局太好看了
别吵，让孩子睡觉
电梯没坏，刚才有人按住门了
楼道不臭了
已经报修了，师傅马上就来
物业正在抢修水管，大家等等
楼上的说得对
生日快乐
周六去爬山，报名的找我
下水道已经疏通了
腰不行了，膝盖也响
昨天打麻将输惨了
我把鱼缸打破了，一地水
祝大家冬至快乐
新买的沙发裂了，找卖家退货
快递帮我带一下
车胎没气了，打车走吧
今晚月亮又大又圆，路灯下散步真舒服
台灯坏了，买个新的
降温了，老人小孩多穿点
我家灯泡坏了，刚换好
昨晚没睡好，楼上小两口吵架呢哈哈
广场舞今晚七点老地方
垃圾分类我最积极
电梯里碰到你妈了
我在车库，马上上来
这条路一下雪就滑，大家小心
孩子把门锁了自己打不开，笑死
冰箱门关不上了，买新的算了
感觉身体被掏空，太累了
狗狗今天洗澡了，香喷喷
楼道里碰见个小帅哥
物业小张结婚了，恭喜
我去丢个垃圾
门口有卖西瓜的，三块钱一斤
今天风好大，树都在摇
花坛里的花开了，真好看
单元门密码改了，大家记一下
水开了，泡茶去
车子保养一下花了八百，太贵了
这个月电费又涨了，空调费电
听讲座去，活动室见
邻居送了一篮子枇杷，好甜
以前路灯都没有，现在好多了
老房子就是这样，没办法
上海那边封路，堵了三个小时
出去旅游，家里的花没人浇
他家装修得真漂亮
朋友家的电梯三天两头坏
打麻将输了，手气太臭
作业太多，孩子写到半夜
晚饭后公园走走
蚊子咬了一个大包
等电梯等了五分钟，迟到了
猫跑到树上下不来了，哈哈
鞋子踩到狗屎了，倒霉
楼下新开的面馆味道不错
快递到了在门卫那里
桥那边的桂花开了，香
家里没酱油了，谁去超市
隔壁老王家的无花果熟了
水果店老板说明天涨价
孩子作业写不完，愁死
刚看到电梯在保养，走楼梯吧
我家楼上装修完了，终于清净了
昨天那场雨真大，还好没漏
我把垃圾放门口了，你下楼带一下
灯谜活动真有意思
充电宝没电了
他家狗真可爱
路上看见一棵大树，好漂亮
烧水壶坏了，京东买了个新的
下班堵在隧道里一小时
换了新门锁，指纹的，方便
小区环境越来越好了
这破手机又卡了
楼道里谁家炖肉，香死了
晚上楼下散步不
喷泉今晚开，带娃去看
我妈摔了个碗，心疼半天
车位转租，一个月三百
大家注意，门口在修路，绕行
刚才停电跳闸了，我自己推上去好了
电视没信号，看手机吧
今天垃圾车来得早
老公把墙打了个洞挂画
孩子说楼梯太高爬不动，笑死我
地铁坏了，大家别坐2号线
外卖洒了一地，气死我了
老公说楼道灯是感应的，挺方便
我买的灯到了，好亮
刚刚停电了一下，又来了
垃圾桶那边有只小猫，谁要养
我在电梯里没信号，等下回你
孩子在滑梯上玩疯了
这雨下得，阳台衣服全湿了
物业费交好了
门禁卡在我包里
家里马桶堵了，老公通好了
公园的长椅坐着真舒服
堵车了，晚点到
昨天的饭店味道太差了
遛狗去啦
楼下阿姨跳舞真好看
我家水表走得快是因为洗衣机
外面好吵，烟花开始了
装修累死人，终于住进来了
树上的枇杷熟了，大家别摘
空调太冷，盖好被子
"""

TABLE = [
    (intent, line)
    for intent, block in [
        (Intent.APPEAL, APPEALS),
        (Intent.SUGGESTION, SUGGESTIONS),
        (Intent.QUESTION, QUESTIONS),
        (Intent.THANKS, THANKED),
        (Intent.FOLLOW_UP, FOLLOW_UPS),
        (Intent.CHATTER, CHATTER),
    ]
    for line in block.split("\n")
    if line
]


def read(text: str) -> Judgement:
    """Judge a text as the engine does: in its normal form."""
    return judge(unicodedata.normalize("NFKC", text))


def is_clear_appeal(judgement: Judgement) -> bool:
    return judgement.intent is Intent.APPEAL and judgement.clear


@pytest.mark.parametrize(("intent", "text"), TABLE)
def test_intent(intent: Intent, text: str) -> None:
    judgement = read(text)
    assert judgement.intent is intent, judgement
    if intent in {Intent.APPEAL, Intent.SUGGESTION, Intent.FOLLOW_UP}:
        assert judgement.clear, judgement
    if intent is Intent.CHATTER:
        assert not judgement.clear, judgement
    if intent is not Intent.CHATTER:
        assert judgement.evidence


def test_the_table_is_broad() -> None:
    assert len(TABLE) >= 150
    assert len([line for intent, line in TABLE if intent is Intent.CHATTER]) >= 60


def held_out() -> list[dict[str, Any]]:
    return [json.loads(line) for line in HELD_OUT.read_text("utf-8").splitlines()]


def test_held_out_sentences_are_read_rightly() -> None:
    rows = held_out()
    assert len(rows) >= 80
    right = sum(read(row["text"]).intent == row["intent"] for row in rows)
    assert right / len(rows) >= 0.9


def test_held_out_clear_appeals_are_precise_and_found() -> None:
    acted = [row["clear_appeal"] for row in held_out() if is_clear_appeal(read(row["text"]))]
    wanted = sum(row["clear_appeal"] for row in held_out())
    assert sum(acted) / len(acted) >= 0.97
    assert sum(acted) / wanted >= 0.85


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("3幢路灯不亮", "故障词「不亮」"),
        ("3幢路灯不亮", "事物「路灯」"),
        ("3幢路灯不亮", "地点「3幢」"),
        ("居住证怎么办", "问句「怎么办」"),
        ("建议装个减速带", "建议词「建议」"),
        ("路灯修好了", "已修好「修好了」"),
        ("去年漏过水", "往事「去年」"),
    ],
)
def test_evidence_names_the_word(text: str, evidence: str) -> None:
    assert evidence in read(text).evidence


@pytest.mark.parametrize("text", ["", " ", "。", "[动画表情]", "1", "啊" * 5000])
def test_nothing_to_read(text: str) -> None:
    assert read(text) == Judgement(Intent.CHATTER, False, ())


@given(st.text(max_size=200))
def test_any_text_can_be_judged(text: str) -> None:
    assert judge(text).intent in Intent


def test_every_word_is_normal_and_has_one_kind() -> None:
    owner: dict[str, Kind] = {}
    for kind, block in WORDS.items():
        for word in block.split():
            assert word == unicodedata.normalize("NFKC", word), word
            assert owner.setdefault(word, kind) is kind, (word, kind, owner[word])


def leftmost_longest(words: set[str], text: str) -> list[str]:
    """The matcher's promise, written slowly."""
    found = []
    index = 0
    while index < len(text):
        sizes = range(len(text) - index, 0, -1)
        word = next(
            (text[index : index + n] for n in sizes if text[index : index + n] in words), ""
        )
        found += [word] if word else []
        index += len(word) or 1
    return found


@given(st.sets(st.text("不漏水了", min_size=1, max_size=4), min_size=1), st.text("不漏水了"))
def test_matcher_takes_the_leftmost_longest_words(words: set[str], text: str) -> None:
    matcher = Matcher((word, None) for word in words)
    assert [word for _, _, word, _ in matcher.scan(text)] == leftmost_longest(words, text)


def test_negations_follow_from_the_written_words() -> None:
    kinds = dict(entries())
    assert kinds["不漏水"] is Kind.FINE
    assert kinds["没修好"] is Kind.FAULT
    assert kinds["换好了吗"] is Kind.FOLLOW
