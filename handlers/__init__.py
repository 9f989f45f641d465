"""What residents and stewards can do, in the order in which a message is offered around.

Danger comes first whatever the order here; then answers to questions that the bot asked, then
commands, then ordinary talk.
"""

from __future__ import annotations

from bot import Router
from handlers import (
    appeals,
    desk,
    faq,
    groups,
    manners,
    notices,
    photos,
    place,
    progress,
    safety,
    undo,
    welcome,
)

ROUTERS: tuple[Router, ...] = (
    safety.router,
    photos.router,
    manners.helping,
    place.router,
    appeals.router,
    desk.router,
    progress.router,
    undo.router,
    notices.router,
    groups.router,
    groups.waiting,
    manners.typos,
    appeals.direct,
    faq.router,
    appeals.care,
    manners.manners,
    welcome.router,
)
