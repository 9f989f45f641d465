"""What the bot would answer: a bank of a community office, and what people write to it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.faq import (
    CUTS,
    LOOSE,
    LOWEST_CUT,
    Cuts,
    FaqMatcher,
    Match,
    Question,
    decide,
    least_score,
)
from bot.language.faq_words import agreement, facts

BANK = {
    "居住证新办": ("首次申领居住证要带哪些材料", "新办居住证怎么办理"),
    "居住证续签": ("居住证到期了怎么续签", "居住证续签需要什么材料"),
    "居住证地点": ("办居住证去哪里", "居住证在什么地方办理"),
    "阳性报备": ("核酸阳性要向社区报备吗", "检测阳性了需要上报居委会吗"),
    "阴性返岗": ("核酸阴性几天后可以上班",),
    "敬老卡": ("老人几岁可以办敬老卡", "办敬老卡有年龄要求吗"),
    "儿童医保": ("孩子的医保怎么交", "小孩医保在哪里缴费"),
    "老人医保": ("老人的医保怎么交",),
    "公积金": ("公积金可以用来交房租吗", "租房怎么提取公积金"),
    "大件垃圾": ("旧沙发旧床垫这些大件垃圾放在哪里", "大件垃圾怎么处理"),
    "装修时间": ("装修施工几点到几点可以进行", "周末可以装修敲墙吗"),
    "装修垃圾": ("装修垃圾清运要多少钱",),
    "飞线充电": ("电动车可以拉线到楼下充电吗", "楼道里能给电瓶车充电吗"),
    "停水": ("家里突然停水了怎么办",),
    "停电": ("家里突然停电了怎么办",),
    "物业费": ("物业费可以按季度交吗", "物业费怎么缴纳"),
    "加装电梯": ("老楼加装电梯要多少户同意", "我们楼想加装电梯找谁"),
    "犬证": ("小区养狗要办证吗", "狗证去哪里办"),
    "助餐点": ("社区食堂老人吃饭有优惠吗", "助餐点中午几点开饭"),
    "家庭医生": ("怎么签约家庭医生", "家庭医生签约要钱吗"),
    "生育登记": ("怀孕后怎么办生育登记",),
    "残疾证": ("残疾证丢了怎么补办",),
    "入学": ("外地户口的孩子怎么报名上小学",),
    "群租": ("发现楼上群租向谁举报",),
}

QUESTIONS = tuple(Question(entry, text) for entry, texts in BANK.items() for text in texts)
LONG_TALK = "今天天气不错大家出来晒晒太阳聊聊天吧，" * 400


@pytest.fixture(scope="module")
def matcher() -> FaqMatcher:
    return FaqMatcher(QUESTIONS)


def answered(matcher: FaqMatcher, text: str) -> str | None:
    answer = decide(matcher.match(text)).answer
    return answer.entry if answer else None


def offered(matcher: FaqMatcher, text: str) -> list[str]:
    return [choice.entry for choice in decide(matcher.match(text)).choices]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("核酸阳性了要不要跟社区报备", "阳性报备"),
        ("请问核酸阳性需要向社区报备吗？", "阳性报备"),
        ("居住证到期怎么续签啊", "居住证续签"),
        ("居住证续签要什么材料", "居住证续签"),
        ("首次申领居住证需要什么材料？", "居住证新办"),
        ("办居住证去哪儿", "居住证地点"),
        ("老年人几岁能办敬老卡", "敬老卡"),
        ("小孩的医保怎么交", "儿童医保"),
        ("老年人的医保如何交", "老人医保"),
        ("大件垃圾要怎么处理", "大件垃圾"),
        ("公积金能不能用来交房租", "公积金"),
        ("楼道里可以给电动车充电吗？", "飞线充电"),
        ("家里突然停电了咋办", "停电"),
        ("加装电梯要多少户同意", "加装电梯"),
        ("小区里养狗要办证吗", "犬证"),
        ("如何签约家庭医生", "家庭医生"),
        ("残疾证丢了咋补办", "残疾证"),
        ("发现群租向谁举报", "群租"),
        ("物业费如何缴纳", "物业费"),
        ("物业费　怎么 缴纳？？", "物业费"),
    ],
)
def test_paraphrases_are_answered_unasked(matcher: FaqMatcher, text: str, entry: str) -> None:
    assert matcher.may_match(text)
    assert answered(matcher, text) == entry


@pytest.mark.parametrize(
    "text",
    [
        "今天核酸几点做",
        "社区在哪里",
        "居住证",
        "怎么办",
        "要带什么材料",
        "在哪里办",
        "身份证续签需要什么材料",
        "居住证丢了怎么补办",
        "核酸阳性几天后可以上班",
        "孩子几岁可以办敬老卡",
        "家里突然停气了怎么办",
        "装修垃圾放在哪里",
        "物业费多少钱一平方",
        "我家孩子今天上小学了，好开心",
        "楼下又有人在聊医保了",
        "收到，谢谢网格员",
        "通知：明天上午八点到十二点停水检修，请居民提前储水",
        "？？？",
        "1",
        "",
    ],
)
def test_everything_else_is_met_with_silence(matcher: FaqMatcher, text: str) -> None:
    assert answered(matcher, text) is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_every_phrasing_answers_itself(matcher: FaqMatcher, question: Question) -> None:
    best = matcher.match(f" {question.text}？ ")[0]

    assert (best.entry, best.question, best.score) == (question.entry, question.text, 1.0)
    assert matcher.may_match(question.text)
    assert answered(matcher, question.text) == question.entry


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("居住证", {"居住证新办", "居住证续签", "居住证地点"}),
        ("敬老卡", {"敬老卡"}),
        ("医保怎么交", {"儿童医保", "老人医保"}),
        ("残疾证怎么办", {"残疾证"}),
        ("怎么办", set()),
        ("哈哈哈哈", set()),
    ],
)
def test_who_addressed_the_bot_gets_choices(
    matcher: FaqMatcher, text: str, entries: set[str]
) -> None:
    assert set(offered(matcher, text)) == entries
    assert answered(matcher, text) is None


def test_matches_are_best_first_one_an_entry(matcher: FaqMatcher) -> None:
    matches = matcher.match("居住证续签在哪里办", limit=5)

    sure = [match.certainty for match in matches]
    assert sure == sorted(sure, reverse=True)
    assert len({m.entry for m in matches}) == len(matches) > 1
    likest = sorted(matches, key=lambda match: -match.score)
    assert likest[0].margin == pytest.approx(likest[0].score - likest[1].score)
    assert all(match.margin <= 0 for match in likest[1:])
    assert matcher.match("居住证续签在哪里办", limit=1) == matches[:1]


@pytest.mark.parametrize(
    ("text", "answer", "choice"),
    [
        ("核酸阳性了要不要跟社区报备", True, True),
        ("核酸阳性要向居委会报备吗", True, True),
        ("核酸阴性要向社区报备吗", False, True),
        ("要向社区报备吗", False, True),
        ("报备", False, True),
        ("今天核酸几点做", False, False),
        ("社区在哪里", False, False),
        ("阳台漏水了", False, False),
    ],
)
def test_a_bank_of_one_question_knows_what_matters(text: str, answer: bool, choice: bool) -> None:
    matcher = FaqMatcher([Question("报备", "核酸阳性要向社区报备吗")])

    assert (answered(matcher, text) is not None) is answer
    verdict = decide(matcher.match(text))
    assert bool(verdict.choices or verdict.direct) is choice


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("医保怎样缴费", "医保"),
        ("请问医保怎么缴费呀", "医保"),
        ("垃圾几点收", "垃圾"),
        ("公积金怎么缴费", None),
        ("几点收快递", None),
        ("怎么缴费", None),
    ],
)
def test_a_bank_of_two_questions(text: str, entry: str | None) -> None:
    matcher = FaqMatcher([Question("医保", "医保怎么缴费"), Question("垃圾", "垃圾几点来收")])

    assert answered(matcher, text) == entry


@pytest.mark.parametrize("questions", [[], [Question("空", "？！")]])
def test_an_empty_bank_never_answers(questions: list[Question]) -> None:
    matcher = FaqMatcher(questions)

    assert not matcher.may_match("居住证怎么办")
    assert matcher.match("居住证怎么办") == ()
    assert decide(()).answer is None


def test_the_same_words_in_two_entries_are_a_choice() -> None:
    matcher = FaqMatcher([Question("甲", "停车证怎么办"), Question("乙", "停车证怎么办")])

    assert answered(matcher, "停车证怎么办") is None
    assert offered(matcher, "停车证怎么办") == ["甲", "乙"]


def test_areas_do_not_stand_in_each_others_way() -> None:
    questions = [Question(f"{area}食堂", "社区食堂几点开饭") for area in range(40)]
    matches = FaqMatcher(questions).match("社区食堂几点开饭啊", applies="33食堂".__eq__)

    assert [match.entry for match in matches] == ["33食堂"]
    assert decide(matches).answer == matches[0]


def test_own_synonyms_replace_the_built_in_ones() -> None:
    questions = [Question("驿站", "快递驿站几点关门")]

    assert answered(FaqMatcher(questions, {"菜鸟": "快递驿站"}), "菜鸟几点关门") == "驿站"
    assert answered(FaqMatcher(questions, {}), "菜鸟几点关门") is None


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("核酸阳性怎么办", "核酸阴性怎么办", False),
        ("居住证新办", "居住证续签", False),
        ("老人体检", "孩子体检", False),
        ("停水怎么办", "停电怎么办", False),
        ("3幢车棚", "5幢车棚", False),
        ("3幢车棚", "3幢的车棚", True),
        ("几岁可以办", "在哪里办", False),
        ("可以养狗吗", "不可以养狗吗", False),
        ("停水怎么办", "怎么办停水", True),
    ],
)
def test_deciding_words(one: str, other: str, agree: bool) -> None:
    assert (agreement(facts(one), facts(other)) == 1.0) is agree
    assert agreement(facts(one), facts(other)) == agreement(facts(other), facts(one))


@pytest.mark.parametrize(
    ("certainty", "margin", "sure", "fair", "choices"),
    [
        (1.0, 1.0, True, True, 0),
        (CUTS.group, 0.30, True, True, 0),
        (CUTS.group, 0.01, False, False, 1),
        (CUTS.direct, 0.30, False, True, 0),
        (CUTS.direct - 0.01, 0.30, False, False, 1),
    ],
)
def test_the_verdict(certainty: float, margin: float, sure: bool, fair: bool, choices: int) -> None:
    verdict = decide([Match("a", "问", LOOSE, margin, certainty)])

    assert (verdict.answer is not None) is sure
    assert (verdict.direct is not None) is fair
    assert len(verdict.choices) == choices


def test_less_than_loose_is_no_choice() -> None:
    assert decide([Match("a", "问", LOOSE - 0.01, 0.1, 0.5)]).choices == ()


def test_a_community_may_be_stricter() -> None:
    match = Match("a", "问", 0.9, 0.5, 0.99)

    assert decide([match]).answer == match
    assert decide([match], Cuts(group=0.995, direct=0.98)).answer is None
    assert decide([match], Cuts(group=0.995, direct=0.98)).direct == match


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_matcher(text: str) -> None:
    matcher = _SMALL()
    matches = matcher.match(text)

    assert all(0 <= match.score <= 1 for match in matches)
    assert matcher.may_match(text) in {True, False}


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 500,
        "\ud800居住证\udfff",
        "\u202e证住居",
        "ﷺ" * 5000,
        "居" * 100_000,
        LONG_TALK * 20,
    ],
    ids=["nul", "surrogate", "rtl", "expanding", "one character", "a novel"],
)
def test_hostile_text_is_quick_and_unanswered(matcher: FaqMatcher, text: str) -> None:
    assert answered(matcher, text) is None
    assert seconds(lambda: matcher.match(text)) < 200 * seconds(lambda: matcher.match("居住证"))


def test_chatter_costs_a_fraction_of_a_question(matcher: FaqMatcher) -> None:
    chatter, question = "哈哈哈你家狗子又在楼下追我家猫了", "居住证到期怎么续签啊"

    assert not matcher.may_match(chatter)
    assert seconds(lambda: matcher.may_match(chatter)) * 10 < seconds(
        lambda: matcher.match(question)
    )


def test_the_length_of_a_text_does_not_matter(matcher: FaqMatcher) -> None:
    short, long = LONG_TALK[:400], LONG_TALK * 10

    assert seconds(lambda: matcher.match(long)) < 5 * seconds(lambda: matcher.match(short))


def seconds(work: Callable[[], object]) -> float:
    """The best of many short runs: a ratio of two such is steady on a busy machine."""

    def once() -> float:
        started = time.perf_counter()
        for _ in range(10):
            work()
        return time.perf_counter() - started

    return min(once() for _ in range(7))


def _small() -> Callable[[], FaqMatcher]:
    """One matcher for all examples, built on first use."""
    built: list[FaqMatcher] = []

    def get() -> FaqMatcher:
        if not built:
            built.append(FaqMatcher(QUESTIONS))
        return built[0]

    return get


_SMALL = _small()


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("流感疫苗在哪里打", "flu"),  # the thing from the title, the question from a phrasing
        ("流感疫苗收费吗在哪里打", None),  # half of it is not named anywhere
        ("在哪里打疫苗", None),  # two entries name all of it
    ],
)
def test_an_entry_answers_as_a_whole(asked: str, entry: str | None) -> None:
    phrasings = {
        "flu": ("流感疫苗接种", "流感针在哪里打", "打流感针要预约吗"),
        "child": ("儿童预防接种", "宝宝打疫苗在哪里", "小孩接种证怎么办"),
        "sofa": ("大件垃圾", "旧沙发床垫怎么扔", "家具谁来收"),
    }
    matcher = FaqMatcher(
        [Question(key, text) for key, texts in phrasings.items() for text in texts]
    )
    answer = decide(matcher.match(asked)).answer
    assert (answer.entry if answer else None) == entry


def test_the_early_end_loses_no_answer(matcher: FaqMatcher) -> None:
    pairs = list(zip(QUESTIONS, QUESTIONS[5:] + QUESTIONS[:5], strict=True))
    texts = [one.text[:cut] + other.text[cut:] for one, other in pairs for cut in (0, 2, 5, 9)]
    texts += [one.text[1:] for one, _ in pairs]

    patient = [decide(matcher.match(text)).answer for text in texts]
    hasty = [decide(matcher.match(text, least=least_score(LOWEST_CUT))).answer for text in texts]

    assert hasty == patient
    assert None in patient
    assert sum(answer is not None for answer in patient) > len(QUESTIONS)
