"""Words made fit to be repeated: polite padding, private data and calls to everyone taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.language.mask import mask
from bot.language.mentions import strip_mentions
from bot.language.text import normalise

LIMIT = 32
_PADDING = re.compile(
    r"^(?:各位|大家|请问|你好|您好|早上好|上午好|下午好|晚上好|麻烦|管家|物业|社区|反映一下|反映|投诉一下|投诉|"
    r"报修一下|报修|登记一下|登记|问一下|说一下|一下|邻居|好|们|请|帮忙|帮我|看看|看一下|处理一下"
    # Who says it is nobody's business in a receipt: 我是王大伟，
    r"|我(?:是|叫|姓)[\u4e00-\u9fff]{1,6}(?=[\s,，。:：、]))"
    r"[\s,，。:：!！~、]*"
)
_ENDING = re.compile(r"[\s,，。!！?？~、;；]+$")
_WIDE = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；", ":": "："})
_NARROW_SIGN = re.compile(r"(?<=[\u4e00-\u9fff\d])[,?!;]|(?<=[\u4e00-\u9fff]):")
# What some platform or other would turn into a mention: of everyone, of one, or in its own code.
_MENTION = re.compile(
    r"\[CQ:[^\]]{0,200}\]?|<@[^<>\s]{0,64}>"
    r"|[@＠﹫][ \u2005]?(?:所有人|全体成员|全体|(?:all|everyone|here|channel)(?![A-Za-z]))"
    r"|[@＠﹫][^\s@＠﹫,，。:：!！?？、]{1,12}(?=[\s,，。:：!！?？、]|$)",
    re.IGNORECASE,
)
_AT = re.compile("[@＠﹫]")
_LINK = re.compile(
    r"\[([^\[\]]{0,64})\]\([^()\s]{0,300}\)?"
    r"|(?:[a-z][a-z0-9+.-]{1,15}://|(?<![a-z0-9.])www\.)[^\s\u4e00-\u9fff，。；）]{1,300}",
    re.IGNORECASE,
)
_MARKUP = re.compile("[*`<>]|__")
_ODD = re.compile(r"[\[<>*`_]|://|www\.", re.IGNORECASE)
_EVERYONE = re.compile(
    r"<?[@﹫](?=[ \u2005]?(?:所有人|全体|(?:all|everyone|here|channel)(?![A-Za-z])))|<(?=@)",
    re.IGNORECASE,
)
_DONE = re.compile(r"[。！？…～~!?.;；：:)）】」』\U0001f000-\U0001faff\u2190-\u2bff\ufe0f]$")


def widen(text: str) -> str:
    """Half-width signs after Chinese become full-width again, as people write them."""
    return _NARROW_SIGN.sub(lambda sign: sign.group().translate(_WIDE), text)


def harmless(text: str) -> str:
    """The same words without mentions: echoed, they call nobody.

    Names behind an @ go too: nobody asked the neighbour to be in a receipt.
    """
    if "[" not in text and "<" not in text and not _AT.search(text):
        return text
    return " ".join(_AT.sub("", _MENTION.sub(" ", text)).split())


def quiet(text: str) -> str:
    """The same words calling nobody: whom a message calls is said beside it, never in it."""
    return _EVERYONE.sub("", text) if _AT.search(text) else text


def plain(text: str) -> str:
    """The same words without links and markup, which some platforms would bring to life."""
    if not _ODD.search(text):
        return text
    return _MARKUP.sub("", _LINK.sub(lambda link: link.group(1) or " ", text))


def presentable(text: str, limit: int = LIMIT) -> str:
    """Free text as a group may read it: masked, calling nobody, on one bounded line."""
    return _cut(widen(_fit(text)).strip(), limit)


def summarise(text: str, limit: int = LIMIT) -> str:
    """`你好，麻烦看看3幢2单元502室门口的灯不亮了！` → `3幢门口的灯不亮了`."""
    line = _fit(text)
    for _ in range(6):
        shorter = _PADDING.sub("", line, count=1)
        if shorter in {line, ""}:
            break
        line = shorter
    return _cut(widen(_ENDING.sub("", line)), limit)


def sentence(text: str) -> str:
    """With a full stop behind, unless it ends by itself."""
    return text if text == "" or _DONE.search(text) else text + "。"


def _fit(text: str) -> str:
    """In normal form, with everything out that must not be repeated."""
    calm = _MENTION.sub(" ", normalise(text)) if "<" in text or "[" in text else normalise(text)
    return harmless(mask(plain(calm))).strip()


def _cut(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[: limit - 1] + "…"


def original_tail(original: str, tail: str, names: Sequence[str] = (), within: int = 200) -> str:
    """The end of `original` that `tail` is the normal form of: what was written, sign for sign.

    `names` are the bot's own, whose mentions were taken out of `tail`. Falls back to `tail` when
    it is not found behind the first `within` characters.
    """
    for start in range(min(within, len(original)) + 1):
        if normalise(strip_mentions(original[start:], names)[0]) == tail:
            rest = original[start:].strip()
            return strip_mentions(rest, names)[0] if rest[:1] in "@＠" else rest
    return tail
