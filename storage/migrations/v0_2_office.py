"""What the office brought in 0.2: the audit, accounts, ledgers, lists, standing messages."""

from __future__ import annotations

from sqlite_utils import Database as UtilsDatabase

from storage.migrations.steps import migrations


@migrations()
def m024_audit(db: UtilsDatabase) -> None:
    """What was done, chained line to line, and the two ends of the chain."""
    db.execute(
        """CREATE TABLE audit (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,
            action TEXT NOT NULL, subject TEXT NOT NULL, before TEXT NOT NULL,
            after TEXT NOT NULL, door TEXT NOT NULL, hash TEXT NOT NULL)"""
    )
    db.execute("CREATE INDEX audit_subject ON audit (subject, number)")
    db.execute("CREATE INDEX audit_actor ON audit (actor, number)")
    db.execute(
        """CREATE TABLE audit_seals (
            side TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL,
            at INTEGER NOT NULL, mac TEXT NOT NULL)"""
    )


@migrations()
def m025_accounts(db: UtilsDatabase) -> None:
    """Who may come into the console, who is in, and what lets somebody in once."""
    db.execute(
        """CREATE TABLE accounts (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            person TEXT NOT NULL UNIQUE REFERENCES people (id), secret TEXT NOT NULL,
            access TEXT NOT NULL, disabled INTEGER NOT NULL, created_at INTEGER NOT NULL,
            failures INTEGER NOT NULL, locked_until INTEGER)"""
    )
    db.execute(
        """CREATE TABLE sessions (
            session_key TEXT PRIMARY KEY,
            account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            token TEXT NOT NULL, area TEXT NOT NULL, created_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL)"""
    )
    db.execute("CREATE INDEX sessions_account ON sessions (account)")
    db.execute(
        """CREATE TABLE one_time_links (
            link_key TEXT PRIMARY KEY, purpose TEXT NOT NULL, subject TEXT NOT NULL,
            expires_at INTEGER NOT NULL)"""
    )
    db.execute("CREATE TABLE sign_in_failures (address TEXT NOT NULL, at INTEGER NOT NULL)")
    db.execute("CREATE INDEX appeals_created ON appeals (created_at)")
    db.execute("CREATE INDEX sign_in_failures_of ON sign_in_failures (address, at)")


@migrations()
def m026_ledger(db: UtilsDatabase) -> None:
    """Counting within a span of time; what volunteers did; matters of an older ledger."""
    db.execute("CREATE INDEX appeals_ended ON appeals (closed_at) WHERE closed_at IS NOT NULL")
    db.execute("CREATE INDEX appeals_claimed ON appeals (claimed_at) WHERE claimed_at IS NOT NULL")
    db.execute("CREATE INDEX events_action ON events (action, at)")
    db.execute("CREATE INDEX notice_runs_started ON notice_runs (started_at)")
    db.execute(
        """CREATE TABLE services (
            id TEXT PRIMARY KEY, area TEXT NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL,
            people INTEGER NOT NULL, minutes INTEGER NOT NULL, recorder TEXT NOT NULL,
            at INTEGER NOT NULL, team TEXT NOT NULL, withdrawn_at INTEGER)"""
    )
    db.execute("CREATE INDEX services_day ON services (day)")
    db.execute(
        """CREATE TABLE ledger_imports (
            key TEXT PRIMARY KEY, appeal TEXT NOT NULL REFERENCES appeals (id),
            number TEXT NOT NULL, batch TEXT NOT NULL)"""
    )
    db.execute("CREATE INDEX ledger_imports_batch ON ledger_imports (batch)")


@migrations()
def m027_standing(db: UtilsDatabase) -> None:
    """What people want of standing messages, and when to look next."""
    db.execute(
        """CREATE TABLE standing_choices (
            person TEXT NOT NULL, standing TEXT NOT NULL, wish TEXT NOT NULL,
            PRIMARY KEY (person, standing))"""
    )
    db.execute("CREATE TABLE standing_rings (timetable TEXT PRIMARY KEY, at INTEGER NOT NULL)")


@migrations()
def m028_notice_words(db: UtilsDatabase) -> None:
    """Urgent notices, words of some groups alone, what goes along."""
    db.execute("ALTER TABLE notices ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE notices ADD COLUMN twice INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE notices ADD COLUMN variants TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE notices ADD COLUMN media TEXT NOT NULL DEFAULT ''")


@migrations()
def m029_privacy(db: UtilsDatabase) -> None:
    """Who was told what is kept, and up to which row old words were let go."""
    db.execute(
        """CREATE TABLE consents (
            person TEXT NOT NULL, version TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (person, version))"""
    )
    db.execute("CREATE TABLE kept_until (kind TEXT PRIMARY KEY, row_id TEXT NOT NULL)")
    db.execute(
        "CREATE INDEX appeals_kept ON appeals (closed_at)"
        " WHERE closed_at IS NOT NULL AND reporter <> 'erased'"
    )


@migrations()
def m030_desk(db: UtilsDatabase) -> None:
    """Finding appeals by what was said, and lists that somebody wants to see again."""
    db.execute(
        """CREATE TABLE saved_views (
            id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            name TEXT NOT NULL, wish TEXT NOT NULL, UNIQUE (account, name))"""
    )
    db.execute("CREATE VIRTUAL TABLE appeal_words USING fts5(words, number UNINDEXED)")
    db.execute("CREATE TABLE appeal_words_stale (number TEXT PRIMARY KEY)")
    # What it would hold is laid down by `m038_closed`, under which nobody reads it without the key.
    db.execute(
        "CREATE TRIGGER appeal_words_gone AFTER DELETE ON appeals BEGIN"
        " INSERT OR IGNORE INTO appeal_words_stale (number) VALUES (OLD.number); END"
    )
    db.execute(
        "CREATE TRIGGER appeal_words_changed AFTER UPDATE ON appeals"
        " WHEN OLD.text <> NEW.text OR OLD.summary <> NEW.summary OR OLD.result <> NEW.result"
        " OR OLD.answer <> NEW.answer OR OLD.building <> NEW.building"
        " OR OLD.unit_no <> NEW.unit_no OR OLD.room <> NEW.room OR OLD.spot <> NEW.spot"
        " OR (OLD.state = '已撤回') <> (NEW.state = '已撤回') BEGIN"
        " INSERT OR IGNORE INTO appeal_words_stale (number) VALUES (NEW.number); END"
    )


@migrations()
def m031_said(db: UtilsDatabase) -> None:
    """How often an answer was said, and what people thought of it."""
    db.execute("CREATE INDEX faq_answers_entry ON faq_answers (entry)")


@migrations()
def m032_directory(db: UtilsDatabase) -> None:
    """Counting and finding people by area."""
    db.execute("CREATE INDEX people_area ON people (area, role, name)")


@migrations()
def m033_plans(db: UtilsDatabase) -> None:
    """Notices that came together as a file."""
    db.execute(
        """CREATE TABLE plans (
            number INTEGER PRIMARY KEY, author TEXT NOT NULL, at INTEGER NOT NULL,
            notices TEXT NOT NULL, state TEXT NOT NULL)"""
    )
    db.execute("CREATE INDEX plans_new ON plans (state, at)")


@migrations()
def m034_notice_replies(db: UtilsDatabase) -> None:
    """What people volunteered about notices."""
    db.execute(
        """CREATE TABLE notice_replies (
            run TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (run, who, kind))"""
    )


@migrations()
def m035_audit_views(db: UtilsDatabase) -> None:
    """Finding what was done by deed and by day."""
    db.execute("CREATE INDEX audit_action ON audit (action, number)")
    db.execute("CREATE INDEX audit_at ON audit (at)")


@migrations()
def m036_notice_calendar(db: UtilsDatabase) -> None:
    """What was sent in a month, and where something went wrong."""
    db.execute("CREATE INDEX notices_corrects ON notices (corrects) WHERE corrects <> ''")
    db.execute("CREATE INDEX notice_runs_planned ON notice_runs (planned_at)")
    db.execute(
        "CREATE INDEX outbox_troubles ON outbox (cause) WHERE state IN ('failed', 'uncertain')"
    )


@migrations()
def m037_people_found(db: UtilsDatabase) -> None:
    """Finding people by a part of their name without reading their rows."""
    db.execute("DROP INDEX people_area")
    db.execute("CREATE INDEX people_area ON people (area, role, name, account, unit, channel)")
