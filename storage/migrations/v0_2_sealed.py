"""What came last in 0.2: words of residents and staff are closed, and so is the index of them."""

from __future__ import annotations

from sqlite_utils import Database as UtilsDatabase

from storage.migrations.steps import migrations

_HAS_ROWS = (
    "INSERT INTO closing (part, reached) SELECT 'inbox', '' WHERE EXISTS (SELECT 1 FROM inbox)",
    "INSERT INTO closing (part, reached) SELECT 'outbox', '' WHERE EXISTS (SELECT 1 FROM outbox)",
    "INSERT INTO closing (part, reached) SELECT 'traces', '' WHERE EXISTS (SELECT 1 FROM traces)",
    "INSERT INTO closing (part, reached) SELECT 'dialogs', '' WHERE EXISTS (SELECT 1 FROM dialogs)",
    "INSERT INTO closing (part, reached) SELECT 'jobs', '' WHERE EXISTS (SELECT 1 FROM jobs)",
    "INSERT INTO closing (part, reached) SELECT 'media', '' WHERE EXISTS (SELECT 1 FROM media)",
    "INSERT INTO closing (part, reached) SELECT 'appeal_notes', ''"
    " WHERE EXISTS (SELECT 1 FROM appeal_notes)",
    "INSERT INTO closing (part, reached) SELECT 'events', '' WHERE EXISTS (SELECT 1 FROM events)",
    # A number, and not a text: it is compared with numbers.
    "INSERT INTO closing (part, reached) SELECT 'questions', '-1'"
    " WHERE EXISTS (SELECT 1 FROM questions)",
    "INSERT INTO closing (part, reached) SELECT 'faq_answers', ''"
    " WHERE EXISTS (SELECT 1 FROM faq_answers)",
    "INSERT INTO closing (part, reached) SELECT 'services', ''"
    " WHERE EXISTS (SELECT 1 FROM services)",
    "INSERT INTO closing (part, reached) SELECT 'saved_views', ''"
    " WHERE EXISTS (SELECT 1 FROM saved_views)",
    "INSERT INTO closing (part, reached) SELECT 'appeals', '' WHERE EXISTS (SELECT 1 FROM appeals)",
    "INSERT INTO closing (part, reached) SELECT 'file', '' WHERE EXISTS (SELECT 1 FROM closing)",
)


@migrations()
def m038_closed(db: UtilsDatabase) -> None:
    """An index of keyed hashes without order, and what is to be closed once the key is at hand."""
    db.execute("DROP TABLE appeal_words")
    db.execute("DELETE FROM appeal_words_stale")
    db.execute(
        "CREATE VIRTUAL TABLE appeal_words USING"
        " fts5(words, number UNINDEXED, detail=none, tokenize='ascii')"
    )
    db.execute("CREATE TABLE closing (part TEXT PRIMARY KEY, reached TEXT NOT NULL)")
    for statement in _HAS_ROWS:
        db.execute(statement)


@migrations()
def m039_homes_and_hashes(db: UtilsDatabase) -> None:
    """Where people live is closed too; hashes that could be guessed are veiled with the key."""
    for statement in (
        "INSERT INTO closing (part, reached) SELECT 'people', ''"
        " WHERE EXISTS (SELECT 1 FROM people WHERE home <> '')",
        "INSERT INTO closing (part, reached) SELECT 'notice_replies', ''"
        " WHERE EXISTS (SELECT 1 FROM notice_replies)",
        "INSERT INTO closing (part, reached) SELECT 'ledger_imports', ''"
        " WHERE EXISTS (SELECT 1 FROM ledger_imports)",
        "INSERT INTO closing (part, reached) SELECT 'ledger_people', ''"
        " WHERE EXISTS (SELECT 1 FROM people WHERE channel = 'ledger')",
        "INSERT INTO closing (part, reached) SELECT 'file', ''"
        " WHERE EXISTS (SELECT 1 FROM closing) ON CONFLICT (part) DO NOTHING",
    ):
        db.execute(statement)
