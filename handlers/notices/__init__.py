"""通知：写、看、确认（templates、compose、pictures、preview、reopening），审（approval），改、停、更正（lifecycle），
发（delivery），数回音（counting）；一个月的计划（plans）。"""

from __future__ import annotations

from bot import Router
from handlers.notices import (
    approval,
    compose,
    counting,
    delivery,
    lifecycle,
    pictures,
    plans,
    preview,
    reopening,
    templates,
)

ROUTERS: tuple[Router, ...] = (
    pictures.router,
    lifecycle.router,
    reopening.router,
    approval.router,
    plans.router,
    templates.router,
    compose.router,
    preview.router,
    delivery.router,
    counting.report,
)

volunteered: Router = counting.router
"""收到 and numbers: offered last, because most numbers answer another question."""
