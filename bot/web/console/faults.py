"""What a page says when somebody asked for what cannot be: one sentence that helps."""

from __future__ import annotations

from bot.errors import Ambiguous, DomainError, Faulty, NotAllowed, NotFound, NotPossible

_WHY = {
    "missing": "请填写{what}。",
    "past": "{what}已经过去了，请选今天以后的。",
    "not_later": "{what}要比原来的晚，请重新选。",
    "itself": "不能选它自己，请换一个。",
    "lower": "{what}要比现在的高，请重新选。",
    "long": "{what}太长了，请缩短一点。",
    "impossible": "没有这样的{what}，请重新填。",
}


def sentence(error: DomainError) -> str:
    """One Chinese sentence about what went wrong and what to do."""
    match error:
        case NotAllowed():
            return "这不归您管，要找这个网格的管家或社区工作人员来办。"
        case NotFound():
            return "没有找到，可能已经不在了，或不归您管。"
        case Ambiguous():
            return f"有好几个都对得上：{'、'.join(error.candidates)}，请写全一点。"
        case Faulty():
            return _WHY.get(error.why, "{what}填得不对，请检查。").format(what=error.what)
        case NotPossible() if error.possible:
            return f"现在是「{error}」，做不了这一步。可以：{'、'.join(error.possible)}。"
        case _:
            return str(error)


def status_of(error: DomainError) -> int:
    """The HTTP status: what one may not see does not exist."""
    if isinstance(error, NotAllowed | NotFound):
        return 404
    return 409 if isinstance(error, NotPossible) else 400
