"""What came after 0.1: platforms, pictures, the whole life of appeals, learning, reminders."""

from __future__ import annotations

from sqlite_utils import Database as UtilsDatabase

from storage.migrations.steps import migrations


@migrations()
def m007_jobs(db: UtilsDatabase) -> None:
    """Work that is done beside the messages."""
    db.execute(
        """CREATE TABLE jobs (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,
            due_at INTEGER NOT NULL, cause TEXT NOT NULL, once TEXT UNIQUE,
            attempts INTEGER NOT NULL, state TEXT NOT NULL, error TEXT NOT NULL,
            created_at INTEGER NOT NULL, settled_at INTEGER)"""
    )
    db.execute("CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'queued'")
    db.execute("CREATE INDEX jobs_running ON jobs (state) WHERE state = 'running'")


@migrations()
def m008_doors(db: UtilsDatabase) -> None:
    """What comes with a message, and what answers one need to know of it."""
    db.execute("ALTER TABLE inbox ADD COLUMN quote TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE inbox ADD COLUMN attachments TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE inbox ADD COLUMN reply_token TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE outbox ADD COLUMN mentions TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE outbox ADD COLUMN reply_token TEXT NOT NULL DEFAULT ''")


@migrations()
def m009_groups(db: UtilsDatabase) -> None:
    """What the bot is called in a group, and whether the group has an area yet."""
    db.execute("ALTER TABLE chat_groups ADD COLUMN names TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE chat_groups ADD COLUMN state TEXT NOT NULL DEFAULT 'bound'")


@migrations()
def m010_lanes(db: UtilsDatabase) -> None:
    """Finding what to send next at a cost that does not grow with what waits."""
    db.execute("ALTER TABLE outbox ADD COLUMN lane TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 1")
    db.execute("ALTER TABLE outbox ADD COLUMN head INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE outbox SET lane = substr(channel, 1, instr(channel || '/', '/') - 1)")
    db.execute(
        "UPDATE outbox SET head = 1 WHERE id IN (SELECT MIN(id) FROM outbox"
        " WHERE state IN ('queued', 'sending') GROUP BY channel, chat, receiver)"
    )
    db.execute(
        "CREATE INDEX outbox_heads ON outbox (lane, rank, due_at, id)"
        " WHERE state = 'queued' AND head = 1"
    )
    db.execute("CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending'")


@migrations()
def m011_rich(db: UtilsDatabase) -> None:
    """Messages that are more than text, as JSON beside their text."""
    db.execute("ALTER TABLE outbox ADD COLUMN rich TEXT NOT NULL DEFAULT ''")


@migrations()
def m012_media(db: UtilsDatabase) -> None:
    """Pictures and files, apart from their bytes."""
    db.execute(
        """CREATE TABLE media (
            id TEXT PRIMARY KEY, channel TEXT NOT NULL, chat TEXT NOT NULL, sender TEXT NOT NULL,
            message TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL,
            subject TEXT NOT NULL, role TEXT NOT NULL, created_at INTEGER NOT NULL,
            name TEXT NOT NULL, state TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL,
            sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
            reason TEXT NOT NULL, UNIQUE (message, position))"""
    )
    db.execute("CREATE INDEX media_subject ON media (subject, created_at)")
    db.execute("CREATE INDEX media_bytes ON media (sha256) WHERE state = 'stored'")


@migrations()
def m013_appeal_flow(db: UtilsDatabase) -> None:
    """The whole life of an appeal: kinds, levels, clocks, claims, ratings; remarks, supporters."""
    for column in (
        "kind TEXT NOT NULL DEFAULT '诉求'",
        "track TEXT NOT NULL DEFAULT '清单办理'",
        "level TEXT NOT NULL DEFAULT '群'",
        "contact_due_at INTEGER",
        "contacted_at INTEGER",
        "feedback_due_at INTEGER",
        "stopped_at INTEGER",
        "parked_until INTEGER",
        "recheck_at INTEGER",
        "parent TEXT NOT NULL DEFAULT ''",
        "merged_into TEXT NOT NULL DEFAULT ''",
        "claimant TEXT NOT NULL DEFAULT ''",
        "claimed_by TEXT NOT NULL DEFAULT ''",
        "claimed_at INTEGER",
        "claim_confirmed_at INTEGER",
        "venue TEXT NOT NULL DEFAULT ''",
        "escalated_at INTEGER",
        "answer TEXT NOT NULL DEFAULT ''",
        "answered_at INTEGER",
        "rating TEXT NOT NULL DEFAULT ''",
        "rated_at INTEGER",
        "reopened INTEGER NOT NULL DEFAULT 0",
    ):
        db.execute("ALTER TABLE appeals ADD COLUMN " + column)
    db.execute("CREATE INDEX appeals_parent ON appeals (parent) WHERE parent <> ''")
    db.execute("CREATE INDEX appeals_merged ON appeals (merged_into) WHERE merged_into <> ''")
    db.execute("CREATE INDEX appeals_escalated ON appeals (escalated_at) WHERE venue <> ''")
    db.execute("ALTER TABLE events ADD COLUMN reason TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE people ADD COLUMN unit TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE people ADD COLUMN serves TEXT NOT NULL DEFAULT ''")
    db.execute(
        """CREATE TABLE appeal_supporters (
            appeal TEXT NOT NULL REFERENCES appeals (id), person TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (appeal, person))"""
    )
    db.execute(
        """CREATE TABLE appeal_notes (
            id TEXT PRIMARY KEY, appeal TEXT NOT NULL REFERENCES appeals (id),
            at INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
            withdrawn_at INTEGER)"""
    )
    db.execute("CREATE INDEX appeal_notes_of ON appeal_notes (appeal, id)")


@migrations()
def m014_notices(db: UtilsDatabase) -> None:
    """Notices that come again, for more than named groups, and how far each run is."""
    db.execute("ALTER TABLE chat_groups ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE chat_groups ADD COLUMN buildings TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE notices ADD COLUMN targets TEXT NOT NULL DEFAULT ''")
    db.execute("""UPDATE notices SET targets = '{"groups":' || groups_json || '}'""")
    db.execute("ALTER TABLE notices DROP COLUMN groups_json")
    db.execute("ALTER TABLE notices ADD COLUMN tag TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE notices ADD COLUMN origin TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE notices ADD COLUMN recurrence TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE notices ADD COLUMN late INTEGER")
    db.execute("ALTER TABLE notices ADD COLUMN approver TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE notices ADD COLUMN corrects TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE INDEX notices_state ON notices (state, planned_at)")
    db.execute("CREATE INDEX notices_author ON notices (author, created_at)")
    db.execute("ALTER TABLE notice_runs ADD COLUMN receivers INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE notice_runs ADD COLUMN look_at INTEGER")
    db.execute("CREATE INDEX notice_runs_look ON notice_runs (look_at) WHERE look_at IS NOT NULL")


@migrations()
def m015_aliases(db: UtilsDatabase) -> None:
    """Other accounts of the same person."""
    db.execute(
        """CREATE TABLE person_aliases (
            channel TEXT NOT NULL, account TEXT NOT NULL,
            person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            PRIMARY KEY (channel, account))"""
    )
    db.execute("CREATE INDEX person_aliases_person ON person_aliases (person)")


@migrations()
def m016_ends(db: UtilsDatabase) -> None:
    """What becomes of suggestions; finding matters whose asker has had time to answer."""
    db.execute("ALTER TABLE appeals ADD COLUMN verdict TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE INDEX appeals_closed ON appeals (closed_at) WHERE state = '已办结'")
    db.execute("CREATE INDEX appeals_recheck ON appeals (recheck_at) WHERE recheck_at IS NOT NULL")


@migrations()
def m017_faq_audience(db: UtilsDatabase) -> None:
    """What alone brings an answer up, and for whom it is."""
    db.execute("ALTER TABLE faq ADD COLUMN keywords TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE faq ADD COLUMN audience TEXT NOT NULL DEFAULT 'public'")


@migrations()
def m018_questions(db: UtilsDatabase) -> None:
    """What the bank has to learn from."""
    db.execute(
        """CREATE TABLE questions (
            number INTEGER PRIMARY KEY, text TEXT NOT NULL, area TEXT NOT NULL,
            group_id TEXT NOT NULL, person TEXT NOT NULL, message TEXT NOT NULL,
            doubt TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, answer TEXT NOT NULL,
            answerer TEXT NOT NULL, entry TEXT NOT NULL)"""
    )
    db.execute("CREATE INDEX questions_state ON questions (state, number)")
    db.execute("CREATE INDEX questions_group ON questions (group_id, state, number)")
    db.execute(
        """CREATE TABLE faq_answers (
            message TEXT PRIMARY KEY, channel TEXT NOT NULL, chat TEXT NOT NULL,
            account TEXT NOT NULL, area TEXT NOT NULL, entry TEXT NOT NULL, asked TEXT NOT NULL,
            at INTEGER NOT NULL)"""
    )
    db.execute("CREATE INDEX faq_answers_last ON faq_answers (channel, chat, account, at)")
    db.execute(
        """CREATE TABLE faq_marks (
            message TEXT NOT NULL REFERENCES faq_answers (message), person TEXT NOT NULL,
            area TEXT NOT NULL, useful INTEGER NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (message, person))"""
    )
    db.execute("CREATE INDEX faq_marks_at ON faq_marks (at)")


@migrations()
def m019_reminders(db: UtilsDatabase) -> None:
    """What was said about deadlines, and which appeals to look at when."""
    db.execute(
        """CREATE TABLE reminders (
            subject TEXT NOT NULL, stage TEXT NOT NULL, deadline INTEGER NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (subject, stage, deadline))"""
    )
    db.execute("ALTER TABLE appeals ADD COLUMN look_at INTEGER DEFAULT 0")
    db.execute("CREATE INDEX appeals_look ON appeals (look_at) WHERE look_at IS NOT NULL")


@migrations()
def m020_settings(db: UtilsDatabase) -> None:
    """Tables that a community edits."""
    db.execute(
        """CREATE TABLE setting_rows (
            table_name TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (table_name, name))"""
    )


@migrations()
def m021_places_and_homes(db: UtilsDatabase) -> None:
    """A group's named places, and where a resident lives."""
    db.execute("ALTER TABLE chat_groups ADD COLUMN places TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE people ADD COLUMN home TEXT NOT NULL DEFAULT ''")


@migrations()
def m022_ended(db: UtilsDatabase) -> None:
    """What was sent lately, so that a restart does not forget how fast it may go on."""
    db.execute("CREATE INDEX outbox_ended ON outbox (settled_at) WHERE settled_at IS NOT NULL")


@migrations()
def m023_twins(db: UtilsDatabase) -> None:
    """Finding what was told before of the same kind at the same building."""
    db.execute("CREATE INDEX appeals_twins ON appeals (group_id, building, category, created_at)")
