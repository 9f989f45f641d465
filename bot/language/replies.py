"""Short words that answer what went before: 我们也是, 1, 不满意, 根本没来过人, 这个先不要登记.

Texts in NFKC form; what is longer than a short line answers nothing. Pure.
"""

from __future__ import annotations

import re

from msgspec import Struct

from bot.models import Rating

LONGEST = 40

_TAIL = r"[啊呀呢哦嘛的了吧!。.~, ]*"
_NUMBER = r"(?:(?:(SQ\d{8}-\d{1,6}(?!\d))|(\d{1,6})号)[ ,:]*)?"
_ME_TOO = re.compile(
    rf"^{_NUMBER}(?:\+ ?1|加1|加一|附议|同问|同求|同感|同上|支持|一样|一样的|"
    r"(?:我|我们|咱们|我家|我们家|我这|我们这|我们这边|我这边|我们那边|我那边|我这里|我们这里|我们楼|我们单元|这边|这里|隔壁)"
    r"(?:也|都)(?:是|一样|有|这样|遇到|碰到|是这样|有这个问题|一直这样|要反映)(?:的情况|这情况)?"
    rf"){_TAIL}$"
)
_HERE_TOO = re.compile(
    rf"^(\d{{1,3}})(?:幢|栋|号楼|#)(?:\d单元)?(?:这边|那边|楼道)?也.{{1,8}}?{_TAIL}$"
)
_RATINGS = {
    "1": Rating.GOOD, "满意": Rating.GOOD, "很满意": Rating.GOOD, "非常满意": Rating.GOOD,
    "2": Rating.FAIR, "基本满意": Rating.FAIR, "一般": Rating.FAIR, "还行": Rating.FAIR,
    "还可以": Rating.FAIR, "凑合": Rating.FAIR, "马马虎虎": Rating.FAIR,
    "3": Rating.BAD, "不满意": Rating.BAD, "很不满意": Rating.BAD, "不行": Rating.BAD,
    "不满意的": Rating.BAD,
}  # fmt: skip
_WORDS = "|".join(sorted((re.escape(word) for word in _RATINGS), key=len, reverse=True))
_RATING = re.compile(
    rf"^{_NUMBER}(?:我?选|评价|评)?[ :]*({_WORDS}) ?(?:满意|基本满意|不满意)?"
    rf"(?:[ ,:。.!;、]+(.*)|{_TAIL})$"
)
_CJK = re.compile(r"[一-鿿]")
_UNFIXED = re.compile(
    r"(?:根本|压根|到现在|至今|一直|从来)?(?:就|都|也)?(?:没|没有)(?:人|看到人|见到人|见人)?"
    r"(?:来过|来修|来看|来弄|来处理|修过|修好|弄好|解决|处理|搞定|清掉|清走)"
    r"|(?:没|没有)人(?:来|管|修|处理)|哪里(?:办|修|弄)好了|哪有(?:修|办|弄)好|白修|修了等于没修"
    r"|(?:又|还是|依旧|照样|仍然)(?:不亮|坏|漏|堵|响|臭|停|老样子|那样|这样|没变|没好|没用|不行|不灵)"
    r"|还在(?:漏|响|堵|臭)|老样子|没有?改观|糊弄"
)
_NOT_THAT = re.compile(
    r"^(?:这个|这条|这件事?|刚才那?个|刚才那?条|上面那?条|那条)?(?:先|暂时)?(?:不要|别|不用|不必|不)"
    rf"(?:给他|给她|给)?(?:登记|记录|记下|记)(?:它|这个|这条)?(?:了|啦|先)?{_TAIL}$"
)


class MeToo(Struct, frozen=True):
    """One more stands behind it: `number` of an appeal when it was named, `building` where they
    say that it is so there too."""

    number: str = ""
    building: str = ""


class Word(Struct, frozen=True):
    """An asker's word on how a matter ended; `reason` in their own words."""

    rating: Rating
    number: str = ""
    reason: str = ""


def me_too(text: str) -> MeToo | None:
    """`+1`, `我们也是`, `12号附议`, `5幢也不亮`; None when it says something else."""
    words = text.strip()
    if len(words) > LONGEST:
        return None
    if (found := _ME_TOO.match(words)) is not None:
        return MeToo(number=found[1] or found[2] or "")
    if (found := _HERE_TOO.match(words)) is not None:
        return MeToo(building=f"{found[1]}幢")
    return None


def rating(text: str) -> Word | None:
    """`1`, `满意`, `12号不满意，灯还是不亮`."""
    words = text.strip()
    if len(words) > LONGEST * 3:
        return None
    found = _RATING.match(words)
    if found is None:
        return None
    reason = (found[4] or "").strip()
    if reason and _CJK.search(reason) is None:
        return None  # 1,2 is a list of something
    return Word(_RATINGS[found[3]], found[1] or found[2] or "", reason)


def says_unfixed(text: str) -> bool:
    """根本没来过人, 又不亮了: what was called done is not."""
    return len(text) <= LONGEST * 3 and _UNFIXED.search(text) is not None


def forbids_recording(text: str) -> bool:
    """这个先不要登记."""
    return len(text) <= LONGEST and _NOT_THAT.match(text.strip()) is not None
