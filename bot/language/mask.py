"""Personal data out of free text: phones, identity numbers, cards, plates, mail, rooms, names.

The stored text stays whole: masking happens where something is shown, by audience.
"""

from __future__ import annotations

import re

from bot.language.places import mask_rooms
from bot.language.text import half_width

_SURNAMES = (
    "欧阳 上官 司马 诸葛 皇甫 司徒 东方 独孤 南宫 夏侯 尉迟 公孙 慕容 令狐 长孙 宇文 轩辕 端木 "
    "百里 东郭 呼延 闻人 澹台 太史 申屠 公冶 宗政 濮阳 淳于 单于 司空 赫连 钟离 西门"
)
_COMPOUND = frozenset(_SURNAMES.split())
_LETTER = "A-HJ-NP-Za-hj-np-z"
_MAIL = r"(?P<mail>(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]*+(?=@[\w-]{1,63}\.[\w-]))"
_IDENTITY = (
    r"(?P<identity>[1-9]\d{5}[ -]?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"[ -]?\d{3}[\dXx](?![\dXx]))"
)
_CARD = r"(?P<card>\d{14,}+(?!\d)|\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?(?!\d))"
# Three digits in a row, then any grouping; or every digit apart. 15-16-17幢 is neither.
_MOBILE = (
    r"(?P<mobile>(?:(?:\+|00)?86[ -]?|0)?"
    r"(?:1[3-9]\d(?:[ .-]{0,2}\d){8}|1(?:[ .-]\d){10})(?!\d))"
)
_LANDLINE = (
    r"(?P<landline>[(（]?(?P<area>0(?:10|2\d|[3-9]\d\d))[)）]?[ -]{0,2}\d{3,4}[ -]?\d{4}(?!\d)"
    r"|[68]\d{7}(?!\d))"
)
_CHINESE_DIGITS = "零一二三四五六七八九"
_SPOKEN_DIGITS = str.maketrans(_CHINESE_DIGITS + "〇幺", "012345678901")
_SPOKEN = rf"(?P<spoken>(?<![{_CHINESE_DIGITS}])[一幺][三四五六七八九][{_CHINESE_DIGITS}〇幺]{{9}})"
_PLATE = (
    rf"(?P<plate>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[{_LETTER}]"
    rf"[ ·•・.-]?(?=[A-Za-z]{{0,5}}\d)(?:[{_LETTER}\d]{{5,6}}|[{_LETTER}\d]{{4}}[学警挂])"
    r"(?![A-Za-z\d]))"
)
_ACCOUNT = r"(?P<account>微信(?:号码?)?[是为]?[: ]{0,2}(?P<id>[A-Za-z][A-Za-z0-9_-]{5,19}+))"
# Names stand out only behind words that announce one, so that 我叫车来 and 联系物业 stay.
_SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏章云苏潘葛范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳鲍史唐费薛雷贺倪汤滕殷罗毕郝邬安乐于傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄"
    "米明臧戴宋庞熊纪舒屈项祝董梁杜阮闵季贾路江童郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房丁邓洪包左石崔吉"
    "龚程邢裴陆荣翁荀羊甄曲封储靳段富焦巴谷侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹龙叶司黎白蒲从赖卓池乔温庄晏"
    "柴阎连习艾容向易慎戈廖终居衡步耿满匡文寇广关查游曾"
)
_NAMED = re.compile(
    r"((?:我叫|名叫|名字[是叫]|姓名|联系人)[是为]?[:： ]{0,2})"
    rf"({'|'.join(_SURNAMES.split())}|[{_SINGLE}])[\u4e00-\u9fff]{{1,2}}"
    r"(?=[\s,，。.;；、:：!！?？\d+（()）]|$)"
)
_NUMBERS = "|".join([_IDENTITY, _CARD, _MOBILE, _LANDLINE])
_PERSONAL = re.compile(rf"{_MAIL}|(?=[\d+(（])(?<!\d)(?:{_NUMBERS})|{_SPOKEN}|{_PLATE}|{_ACCOUNT}")
_HINT = re.compile(r"[\d@＠幢栋室房元]|微信|[一幺][三四五六七八九]|[名我]叫|名字|姓名|联系人")
_CALLED = frozenset({"mobile", "landline", "spoken"})
_NOT_DIGIT = re.compile(r"\D")
_HOME = re.compile(
    r"[\d一二三四五六七八九十百零〇甲乙丙丁]{1,6}+(?:号楼|单元|[幢栋室号房楼#])|[\d\W_]+"
)


# 31-402，59幢: beside another building it looks like a list of them, but no list jumps so far.
_ROOM_BESIDE = re.compile(r"(?<![\d.:/-])(\d{1,3})-\d{3,4}(?=[\s，,。;；、!！?？)）]|$)")


def mask(text: str) -> str:
    """Every phone, identity number, card, plate, mail address, room and announced name, made
    unreadable.

    Appeal numbers, dates, times, buildings and short numbers such as 119 stay as they are.
    """
    if not _HINT.search(text):
        return text
    shown = _ROOM_BESIDE.sub(r"\1幢", mask_rooms(_mask_personal(text)))
    return _NAMED.sub(r"\1\2*", shown)


def mask_name(name: str) -> str:
    """`张三` → `张*`, `欧阳明` → `欧阳*`, `3-502王姐` → `王*`."""
    letters = _HOME.sub("", half_width(name[:64]))
    return (letters[:2] if letters[:2] in _COMPOUND else letters[:1]) + "*"


def phones(text: str) -> tuple[str, ...]:
    """Every mobile and landline number in a text, as plain digits, each once."""
    if not _HINT.search(text):
        return ()
    found = (match for match in _PERSONAL.finditer(half_width(text)) if match.lastgroup in _CALLED)
    return tuple(dict.fromkeys(_digits(match) for match in found))


def _mask_personal(text: str) -> str:
    parts: list[str] = []
    done = 0
    for match in _PERSONAL.finditer(half_width(text)):
        parts += (text[done : match.start()], _shown(match))
        done = match.end()
    return "".join(parts) + text[done:] if parts else text


def _shown(match: re.Match[str]) -> str:
    """What is left to see of one find."""
    words, kind = match.group(), match.lastgroup
    if kind == "mail":
        return f"{words[0]}***"
    if kind == "plate":
        compact = words.replace(" ", "")
        return f"{compact[:2]}·***{compact[-1]}"
    if kind == "account":
        return f"微信{match['id'][0]}***"
    return _shown_number(kind, words, match["area"])


def _digits(match: re.Match[str]) -> str:
    """The digits of a number, without +86 before a mobile one."""
    words = match.group()
    if match.lastgroup == "spoken":
        words = words.translate(_SPOKEN_DIGITS)
    digits = _NOT_DIGIT.sub("", words)
    return digits if match.lastgroup == "landline" else digits[-11:]


def _shown_number(kind: str | None, words: str, area: str | None) -> str:
    """The head and the last four digits, as is usual for that kind of number."""
    if kind == "identity":
        compact = words.replace(" ", "").replace("-", "")
        return f"{compact[:4]}**********{compact[-4:]}"
    digits = _NOT_DIGIT.sub("", words.translate(_SPOKEN_DIGITS) if kind == "spoken" else words)
    if kind == "card":
        return f"****{digits[-4:]}"
    if kind == "landline":
        return f"{area}-****{digits[-4:]}" if area else f"****{digits[-4:]}"
    return f"{digits[-11:-8]}****{digits[-4:]}"
