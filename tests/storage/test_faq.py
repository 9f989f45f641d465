"""The bank of approved answers."""

from __future__ import annotations

from bot.models import FaqEntry
from storage.store import SqliteStore


def entry(number: int, answer: str = "七天", phrasings: tuple[str, ...] = ()) -> FaqEntry:
    return FaqEntry(
        id=f"F{number:03d}",
        question="疫苗间隔多久",
        answer=answer,
        source="社区卫生服务中心",
        phrasings=phrasings,
        tag="疫苗",
        valid_until="2026-12-31",
    )


def test_entries_come_back_by_id(store: SqliteStore) -> None:
    store.faq.replace([entry(2, phrasings=("要隔几天", "多久打第二针")), entry(1)])
    assert store.faq.entries() == [entry(1), entry(2, phrasings=("要隔几天", "多久打第二针"))]


def test_the_same_id_is_replaced(store: SqliteStore) -> None:
    store.faq.replace([entry(1, phrasings=("甲",)), entry(2)])
    store.faq.replace([entry(1, "十四天")])
    assert store.faq.entries() == [entry(1, "十四天"), entry(2)]


def test_the_version_changes_with_the_bank(store: SqliteStore) -> None:
    versions = [store.faq.version()]
    for _ in range(3):
        store.faq.replace([entry(1)])
        versions.append(store.faq.version())
    assert len(set(versions)) == 4
    assert store.faq.version() == versions[-1]
