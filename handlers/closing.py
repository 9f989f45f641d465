"""一件事办完怎么说：先说给反映的人，大家也看得到，最后只问一句行不行。"""

from __future__ import annotations

from bot import Appeal, Context, Kind, Person, Role, Urgency
from handlers.phrases import desk as told
from handlers.phrases import feedback as say
from handlers.telling import spread

# Who complained of a neighbour is not called by name when it is over.
_OF_NEIGHBOURS = frozenset({"ZYRM", "CWGL", "WJZX"})
_ASKED = frozenset({Role.RESIDENT, Role.VOLUNTEER})


def tell_closed(ctx: Context, closed: Appeal) -> None:
    """Tell those whom the end concerns; the one who asked is asked once how it went."""
    public, private, asked = told.closed(closed), told.closed_private(closed), ""
    asker = ctx.people.by_id(closed.reporter)
    if asker is not None and _is_asked(ctx, closed, asker):
        ctx.explain("办结了，问一次反映的人行不行")
        asked = say.asked_in_private(private)
        if closed.category in _OF_NEIGHBOURS and closed.source != "私聊":
            ctx.tell(asker, asked)
            asked = ""
        else:
            public = say.asked_in_group(asker.name, public)
    spread(ctx, closed, public, private, "已办结", asked=asked)


def _is_asked(ctx: Context, closed: Appeal, asker: Person) -> bool:
    """Neither alarms nor ideas nor what staff brought up themselves."""
    return (
        closed.kind is Kind.APPEAL
        and closed.urgency is not Urgency.P0
        and asker.role in _ASKED
        and asker.id != ctx.person.id
    )
