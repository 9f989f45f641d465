"""What residents and stewards can do, in the order in which a message is offered around.

Danger comes first whatever the order here; then answers to questions that the bot asked, then
commands, then ordinary talk.
"""

from __future__ import annotations

from bot import Router
from handlers import (
    appeals,
    desk_ends,
    desk_relations,
    desk_views,
    desk_work,
    echoes,
    faq,
    feedback,
    groups,
    ideas,
    keeping,
    learning,
    manners,
    notices,
    outage,
    partners,
    photos,
    picking,
    place,
    progress,
    reminders,
    safety,
    sorting,
    spam,
    spoken,
    undo,
    welcome,
)

ROUTERS: tuple[Router, ...] = (
    safety.router,
    spam.router,
    photos.router,
    manners.helping,
    place.router,
    feedback.router,
    echoes.router,
    ideas.router,
    appeals.router,
    picking.router,
    desk_views.router,
    desk_work.router,
    desk_ends.router,
    desk_relations.router,
    partners.router,
    desk_views.hints,
    spoken.router,
    progress.router,
    undo.router,
    *notices.ROUTERS,
    reminders.router,
    keeping.router,
    sorting.router,
    groups.router,
    groups.waiting,
    learning.router,
    manners.typos,
    outage.router,
    appeals.direct,
    faq.router,
    appeals.care,
    manners.manners,
    welcome.router,
)
