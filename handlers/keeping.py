"""到期清理：留够了天数的留痕，从最早的清起。"""

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
