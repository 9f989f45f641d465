"""Whether somebody's health, family or child is told about: a group must not hear it repeated.

A person of the speaker's circle and a trouble make a personal matter; with a plea for help it is
one that the bot may take up unasked. Policy questions (残疾证怎么办) are none. Texts in NFKC form.
"""

from __future__ import annotations

import re

_LONGEST = 300
_KIN = (
    "老公|老婆|丈夫|妻子|婆婆|公公|爸爸|妈妈|爸妈|父亲|母亲|父母|爸|妈|爷爷|奶奶|外公|外婆|岳父|岳母|儿子|女儿|"
    "孙子|孙女|外孙|孩子|小孩|宝宝|娃|小囡|弟弟|妹妹|哥哥|姐姐|老伴|老人|老太太|老爷子|亲戚|侄子"
)
# Whose: mine, or a neighbour's. 老人 in general is a matter of policy.
_OWN = re.compile(
    rf"(?:我们?家?|咱们?家?|家里|自家|我们家|隔壁|楼上|楼下|对门|邻居家?|[幢栋室]|\d{{3,4}})的?"
    rf"(?:那?个|有个|有位|一位|一个)?(?:\d{{2}}岁的?)?(?:{_KIN})|夫妻|小两口|老夫妻|婆媳|母子|父子"
)
_SELF = re.compile(r"(?:我|本人|自己|俺)(?!家|们|想问|觉得|看到|要)")
_TROUBLE = re.compile(
    "癌|肿瘤|化疗|透析|血透|瘫痪|卧床|中风后|失能|失智|痴呆|住院|手术后|出院没人|抑郁|自闭|精神病|精神分裂|艾滋|乙肝|"
    "尿毒症|残疾(?!证|补|人证)|生病|得了.{0,4}病|重病|发高烧|阳了|测出阳性|流产|离婚|家暴|吵架|打架|闹矛盾|出轨|"
    "不孝|赡养|分家|酗酒|酒疯|赌博|欠债|要债|被欺负|欺负我|霸凌|被骂|被打|打骂|虐待|厌学|离家出走|早恋|不肯上学|"
    "没人照顾|没人照看|没人管他|没人管她|没人陪|没人送饭|独居|不能自理|吃不上饭|揭不开锅|低保户|失业了|被骗"
)
_OF_ONESELF = re.compile(
    "癌|肿瘤|化疗|透析|血透|瘫痪|抑郁|自闭|精神病|艾滋|乙肝|尿毒症|得了.{0,4}病|阳了|测出阳性|流产|离婚|家暴|"
    "酗酒|欠债|吃不上饭|揭不开锅|不能自理|低保户|被骗"
)
_AT_HOME = re.compile(
    r"(?:打|揍|虐待|骂)(?:自己)?(?:老婆|媳妇|孩子|小孩|小囡|娃|儿子|女儿|老人|老娘|爹娘|爸妈|老公)(?!王)"
)
"""Whoever's home it is, nobody in the group needs to read of it."""
_PLEA = re.compile(
    "能不能|能否|可不可以|可以派|求助|帮帮|帮忙|帮一下|帮我|派人|派个人|上门|来看看|来看一下|陪我|陪一下|陪同|"
    "不知道跟谁说|不知道找谁|怎么办|咋办|找谁|谁来管|管管|调解|劝劝|救救"
)


def is_personal(text: str) -> bool:
    """Somebody's illness, quarrel or distress is told of."""
    head = text[:_LONGEST]
    if _AT_HOME.search(head) is not None:
        return True
    if _TROUBLE.search(head) is None:
        return False
    return _OWN.search(head) is not None or (
        _SELF.search(head) is not None and _OF_ONESELF.search(head) is not None
    )


def asks_for_care(text: str) -> bool:
    """A personal matter with a plea for help: those on duty should hear of it."""
    return is_personal(text) and _PLEA.search(text[:_LONGEST]) is not None
