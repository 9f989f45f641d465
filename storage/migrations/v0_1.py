"""The schema of version 0.1: messages, the outbox, people, appeals, answers, notices."""

from __future__ import annotations

from sqlite_utils import Database as UtilsDatabase

from storage.migrations.steps import migrations


@migrations()
def m001_inbox(db: UtilsDatabase) -> None:
    """Messages as they came in, and why they were answered or not."""
    db.execute(
        """CREATE TABLE inbox (
            id TEXT PRIMARY KEY, channel TEXT NOT NULL, chat TEXT NOT NULL, sender TEXT NOT NULL,
            message_id TEXT NOT NULL, sender_name TEXT NOT NULL, kind TEXT NOT NULL,
            text TEXT NOT NULL, mentioned INTEGER NOT NULL, sent_at INTEGER NOT NULL,
            received_at INTEGER NOT NULL, state TEXT NOT NULL,
            UNIQUE (channel, chat, sender, message_id))"""
    )
    db.execute("CREATE INDEX inbox_queued ON inbox (id) WHERE state = 'queued'")
    db.execute("CREATE INDEX inbox_chat ON inbox (channel, chat, id)")
    db.execute(
        """CREATE TABLE traces (
            message TEXT PRIMARY KEY REFERENCES inbox (id) ON DELETE CASCADE,
            outcome TEXT NOT NULL, handler TEXT NOT NULL, steps TEXT NOT NULL)"""
    )


@migrations()
def m002_outbox(db: UtilsDatabase) -> None:
    """The ledger of everything said."""
    db.execute(
        """CREATE TABLE outbox (
            id TEXT PRIMARY KEY, channel TEXT NOT NULL, chat TEXT NOT NULL, receiver TEXT NOT NULL,
            text TEXT NOT NULL, kind TEXT NOT NULL, cause TEXT NOT NULL, once TEXT UNIQUE,
            state TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL, settled_at INTEGER, platform_id TEXT NOT NULL,
            error TEXT NOT NULL)"""
    )
    db.execute(
        "CREATE INDEX outbox_open ON outbox (channel, chat, receiver, id)"
        " WHERE state IN ('queued', 'sending')"
    )
    db.execute("CREATE INDEX outbox_cause ON outbox (cause)")
    db.execute("CREATE INDEX outbox_chat ON outbox (channel, chat, receiver, id)")


@migrations()
def m003_people(db: UtilsDatabase) -> None:
    """Who speaks, and where."""
    db.execute(
        """CREATE TABLE people (
            id TEXT PRIMARY KEY, channel TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
            role TEXT NOT NULL, area TEXT NOT NULL, UNIQUE (channel, account))"""
    )
    db.execute("CREATE INDEX people_staff ON people (role) WHERE role <> 'resident'")
    db.execute(
        """CREATE TABLE chat_groups (
            id TEXT PRIMARY KEY, channel TEXT NOT NULL, chat TEXT NOT NULL, name TEXT NOT NULL,
            area TEXT NOT NULL, listen TEXT NOT NULL, UNIQUE (channel, chat))"""
    )


@migrations()
def m004_appeals(db: UtilsDatabase) -> None:
    """Appeals, their numbers and everybody's history."""
    db.execute(
        """CREATE TABLE appeals (
            id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, short INTEGER NOT NULL,
            group_id TEXT NOT NULL, area TEXT NOT NULL, reporter TEXT NOT NULL,
            source TEXT NOT NULL, text TEXT NOT NULL, summary TEXT NOT NULL,
            category TEXT NOT NULL, building TEXT NOT NULL, unit_no TEXT NOT NULL,
            room TEXT NOT NULL, spot TEXT NOT NULL, urgency TEXT NOT NULL,
            audience TEXT NOT NULL, unit TEXT NOT NULL, state TEXT NOT NULL,
            created_at INTEGER NOT NULL, due_at INTEGER NOT NULL, handler TEXT NOT NULL,
            result TEXT NOT NULL, started_at INTEGER, closed_at INTEGER)"""
    )
    db.execute("CREATE INDEX appeals_short ON appeals (group_id, short)")
    db.execute("CREATE INDEX appeals_state ON appeals (state, due_at)")
    db.execute("CREATE INDEX appeals_reporter ON appeals (reporter, created_at)")
    db.execute("CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL)")
    db.execute(
        """CREATE TABLE events (
            id TEXT PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL,
            action TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, cause TEXT NOT NULL)"""
    )
    db.execute("CREATE INDEX events_subject ON events (subject, id)")
    db.execute("CREATE INDEX events_cause ON events (cause) WHERE cause <> ''")
    db.execute("CREATE INDEX events_actor ON events (actor, at)")
    db.execute(
        """CREATE TABLE dialogs (
            channel TEXT NOT NULL, chat TEXT NOT NULL, account TEXT NOT NULL, topic TEXT NOT NULL,
            payload TEXT NOT NULL, expires_at INTEGER NOT NULL,
            PRIMARY KEY (channel, chat, account))"""
    )


@migrations()
def m005_faq(db: UtilsDatabase) -> None:
    """Approved answers."""
    db.execute(
        """CREATE TABLE faq (
            id TEXT PRIMARY KEY, question TEXT NOT NULL, answer TEXT NOT NULL,
            source TEXT NOT NULL, phrasings TEXT NOT NULL, tag TEXT NOT NULL, area TEXT NOT NULL,
            dated TEXT NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL)"""
    )


@migrations()
def m006_notices(db: UtilsDatabase) -> None:
    """Planned words, and the one run of each."""
    db.execute(
        """CREATE TABLE notices (
            id TEXT PRIMARY KEY, author TEXT NOT NULL, text TEXT NOT NULL,
            groups_json TEXT NOT NULL, planned_at INTEGER NOT NULL, state TEXT NOT NULL,
            created_at INTEGER NOT NULL)"""
    )
    db.execute("CREATE INDEX notices_planned ON notices (planned_at) WHERE state = 'planned'")
    db.execute(
        """CREATE TABLE notice_runs (
            notice TEXT NOT NULL REFERENCES notices (id), planned_at INTEGER NOT NULL,
            started_at INTEGER NOT NULL, PRIMARY KEY (notice, planned_at))"""
    )
