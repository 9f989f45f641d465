"""到期清理：闲谈、消息、办结的事、留痕，各留够了天数就清，从最早的清起。"""

from __future__ import annotations

from datetime import datetime

from bot import Router, Scene

router = Router("keeping")


def next_look(scene: Scene) -> datetime | None:
    """When something is over."""
    return scene.keeping.next_look()


@router.tick(next_look)
def sweep(scene: Scene) -> None:
    """Let it go."""
    scene.keeping.sweep()
