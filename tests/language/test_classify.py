"""Which category a sentence belongs to, with the table that ships."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.language.classify import GENERIC, CategoryMatch, Classifier, extended
from bot.rules.taxonomy import SHIPPED, Taxonomy

TAXONOMY = Taxonomy.parse((Path(bot.__file__).parent / SHIPPED).read_bytes())
SHIPPED_CLASSIFIER = Classifier(TAXONOMY.keywords)

SENTENCES = {
    "HJWS": """
        垃圾桶满三天了
        垃圾怎么又没人清
        楼道里全是小广告
        河道发臭，味道很大
        满地烟头没人扫
        楼下烧烤店油烟太大
        电梯里有人小便，臭死了
        电梯里的痰三天没人擦
    """,
    "XFTD": """
        楼道堆满了纸箱
        消防通道被一辆白车堵死了
        有人把垃圾堆在楼道里
        婴儿车和杂物占用过道
        楼道灭火器过期了
        楼道堆物发臭
    """,
    "TCGL": """
        有人乱停车，挡住出口
        僵尸车占着车位一年多了
        我的车位被人装了地锁
        停车费怎么又涨了
    """,
    "DDCC": """
        电瓶车又推进电梯了
        电动车进电梯没人管
        有人飞线充电
        充电桩坏了
        16幢附近的车棚顶板破损严重，电动车充着电也存在安全隐患
        车棚漏雨，电动车充电不安全
        二楼有人拉线给电瓶车充电
        电瓶进电梯太危险
    """,
    "GGSS": """
        3幢路灯不亮
        楼道灯坏了
        感应灯一直不亮
        灯泡坏了换一下
        门禁刷不开
        道闸抬不起来
        健身器材断了一根
        凉亭座椅坏了
        车棚顶破损了
        能不能装几个长椅
        物业能不能来修一下路灯
        单元门关不上
    """,
    "DTGZ": """
        电梯坏了
        3号楼电梯停在半空
        电梯异响，抖得厉害
        电梯坏了，老人下不来
    """,
    "FWLS": """
        楼上漏水漏到我家
        邻居家漏水，天花板都湿了
        顶楼渗水墙皮掉了
        墙面发霉
        车棚顶漏雨
        屋顶漏雨，物业没人管
    """,
    "SDQN": """
        怎么没水了
        停水到几点
        下水道堵了
        马桶堵了，污水返上来
        水管爆了
        化粪池满了
        断电一上午了
        水压太低
        17幢门口积水
        水管漏水了
    """,
    "ZYRM": """
        夜里装修吵死了
        广场舞音响太响
        楼上半夜拖椅子
        工地施工扰民
    """,
    "WYFW": """
        物业费太贵
        保安睡觉，外人随便进
        业委会账目不公示
        物业态度差
    """,
    "LLJF": """
        邻居吵架了，来调解一下
        楼上漏水不肯赔，吵架了
        和对门有纠纷
        我家天花板漏水，楼上不肯修
    """,
    "YLZC": """
        独居老人没人照顾
        能不能陪我去趟医院
        需要担架抬下楼
        低保怎么申请
    """,
    "YLJK": """
        65岁体检什么时候
        吸入式疫苗需要预约吗
        核酸阳性要报备吗
        血压在哪里量
    """,
    "HJBS": """
        居住证怎么办
        医保卡丢了怎么补办
        新生儿落户要什么材料
        高龄津贴几岁领
    """,
    "AQYH": """
        外墙瓷砖掉下来了
        墙砖松了要掉
        窨井盖没了
        井盖坏了
        快递柜旁边的井盖翘起来了
        广告牌快掉了
        电线裸露
        有人高空抛物
    """,
    "CWGL": """
        狗叫了一夜吵死了
        有人遛狗不牵绳
        楼上的狗半夜叫个不停，扰民
        草坪上全是狗屎
    """,
    "WJZX": """
        有人敲承重墙
        楼顶违章搭建
        隔壁群租房
        一楼搭阳光房
    """,
    "LHCH": """
        树枝太密挡光
        楼道里有蟑螂
        家里发现白蚁
        滑梯旁有马蜂窝
        草坪杂草丛生
    """,
    "HDFW": """
        理发什么时候来
        义务磨刀在哪里
        亲子活动怎么报名
    """,
    "ZAFZ": """
        电瓶被偷了
        接到诈骗电话
        单元门口有可疑人员
        有人撬锁
    """,
}


def codes(text: str, classifier: Classifier = SHIPPED_CLASSIFIER) -> list[str]:
    return [match.code for match in classifier.classify(unicodedata.normalize("NFKC", text))]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (code, line.strip())
        for code, block in SENTENCES.items()
        for line in block.splitlines()
        if line.strip()
    ],
)
def test_best_category(code: str, text: str) -> None:
    assert codes(text)[:1] == [code], SHIPPED_CLASSIFIER.classify(text)


@pytest.mark.parametrize("text", ["", "早安", "哈哈哈", "三缺一", "坏了"])
def test_nothing_known(text: str) -> None:
    best = SHIPPED_CLASSIFIER.classify(text)
    assert not best or best[0].score <= 1


def test_longer_words_weigh_more() -> None:
    classifier = Classifier({"A": ["灯"], "B": ["路灯"], "C": ["路灯不亮"]})
    assert [match.score for match in classifier.classify("灯,路灯,路灯不亮")] == [10, 3, 1]


def test_a_word_inside_a_longer_one_does_not_count() -> None:
    classifier = Classifier({"LIFT": ["电梯"], "BIKE": ["电瓶进电梯"]})
    assert codes("电瓶进电梯", classifier) == ["BIKE"]


def test_a_repeated_word_counts_once() -> None:
    classifier = Classifier({"A": ["路灯"]})
    assert classifier.classify("路灯,路灯") == (CategoryMatch("A", 3, ("路灯",)),)


def test_general_words_weigh_little() -> None:
    assert "物业" in GENERIC
    assert codes("物业,路灯", Classifier({"A": ["物业"], "B": ["路灯"]})) == ["B", "A"]


def test_equal_scores_keep_the_order_of_the_table() -> None:
    assert codes("甲乙", Classifier({"B": ["乙"], "A": ["甲"]})) == ["B", "A"]


def test_one_word_may_speak_for_two_categories() -> None:
    assert codes("花盆", Classifier({"A": ["花盆"], "B": ["花盆"]})) == ["A", "B"]


def test_words_of_a_community() -> None:
    table = extended({"GGSS": ["路灯"]}, [("GGSS", "玉兰灯"), ("NEW", "游船"), ("GGSS", "路灯")])
    assert table == {"GGSS": ("路灯", "玉兰灯"), "NEW": ("游船",)}
    assert codes("玉兰灯", Classifier(table)) == ["GGSS"]


@pytest.mark.parametrize("table", [{}, {"QT": []}, {"QT": [""]}])
def test_no_keywords_at_all(table: dict[str, list[str]]) -> None:
    assert Classifier(table).classify("路灯不亮") == ()


@given(st.text(max_size=200))
def test_any_text_can_be_classified(text: str) -> None:
    scores = [match.score for match in SHIPPED_CLASSIFIER.classify(text)]
    assert scores == sorted(scores, reverse=True)
