"""The schema, as a list of steps. A step that was released is never edited; a new one is added.

One file a release, or two where one would be too long; each is imported below the older ones.
"""

from __future__ import annotations

from sqlite_utils import Database as UtilsDatabase

from bot.errors import StorageError
from storage.migrations import v0_1, v0_2, v0_2_office, v0_2_sealed
from storage.migrations.steps import migrations

__all__ = ["migrations", "refuse_newer", "v0_1", "v0_2", "v0_2_office", "v0_2_sealed"]


def refuse_newer(db: UtilsDatabase) -> None:
    """Raises `StorageError` when the file was written by a newer version than this code."""
    known = {migration.name for migration in migrations._migrations}
    newer = [step.name for step in migrations.applied(db) if step.name not in known]
    if newer:
        raise StorageError(
            f"数据文件来自更新的版本（多出 {'、'.join(newer)}），本程序不能打开。"
            f"请升级海棠管家，或用 haitang restore 恢复旧备份。"
        )
