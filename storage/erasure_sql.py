"""The statements by which persons are taken out: each table with words or accounts is here."""

from __future__ import annotations

from msgspec import Struct

from storage.appeal_words import MATCHED


class Words(Struct, frozen=True):
    """A closed column of words, and the statement that writes it anew."""

    column: str
    update: str


SAID = Words("outbox.text", "UPDATE outbox SET text = ? WHERE id = ?")
HEARD = Words("inbox.text", "UPDATE inbox SET text = ? WHERE id = ?")
NOTED = Words("appeal_notes.text", "UPDATE appeal_notes SET text = ? WHERE id = ?")
RESULT = Words("appeals.result", "UPDATE appeals SET result = ? WHERE id = ?")


# Written out one by one: each table that holds words or accounts has its line here.
MESSAGES_OF = (
    "SELECT COUNT(*), MIN(received_at) FROM inbox WHERE channel = ? AND sender = ? AND text <> ''"
)
PICTURES_OF = "SELECT COUNT(*) FROM media WHERE channel = ? AND sender = ? AND state = 'stored'"
EMPTY_TRACES = (
    "UPDATE traces SET steps = '' WHERE message IN"
    " (SELECT id FROM inbox WHERE channel = ? AND sender = ?)"
)
EMPTY_MESSAGES = (
    "UPDATE inbox SET sender = ?, text = '', sender_name = '', quote = '', attachments = '',"
    " reply_token = '' WHERE channel = ? AND sender = ? AND id <> ?"
)
EMPTY_MESSAGE = (
    "UPDATE inbox SET sender = ?, text = '', sender_name = '', quote = '', attachments = '',"
    " reply_token = '' WHERE id = ?"
)
EMPTY_CHATTER = (
    "UPDATE inbox SET text = '', sender_name = '', quote = '', attachments = '', reply_token = ''"
    " WHERE id = ? AND EXISTS (SELECT 1 FROM traces WHERE message = ? AND outcome = 'silent')"
)
EMPTY_TOLD = (
    "UPDATE outbox SET receiver = '', text = '', mentions = '', rich = '', reply_token = '',"
    " once = NULL WHERE channel = ? AND chat = '' AND receiver = ?"
    " AND state IN ('sent', 'failed', 'uncertain')"
)
EMPTY_SAID_TO = (
    "UPDATE outbox SET text = '', mentions = '', rich = '', reply_token = '', once = NULL"
    " WHERE state IN ('sent', 'failed', 'uncertain') AND cause IN"
    " (SELECT id FROM inbox WHERE channel = ? AND sender = ?)"
)
EMPTY_SAID_OF = (
    "UPDATE outbox SET text = '', mentions = '', rich = '', reply_token = '', once = NULL"
    " WHERE state IN ('sent', 'failed', 'uncertain') AND cause IN"
    " (SELECT cause FROM events WHERE subject = ? AND cause <> '')"
)
EMPTY_SAID = (
    "UPDATE outbox SET receiver = '', text = '', mentions = '', rich = '', reply_token = '',"
    " once = NULL WHERE id = ? AND state IN ('sent', 'failed', 'uncertain')"
)
EMPTY_SAID_IN_PRIVATE = (
    "UPDATE outbox SET text = '', mentions = '', rich = '' WHERE id = ? AND chat = ''"
    " AND state IN ('sent', 'failed', 'uncertain')"
)
EMPTY_CAUSES = (
    "UPDATE inbox SET text = '', quote = '' WHERE id IN"
    " (SELECT cause FROM events WHERE subject = ? AND cause <> '')"
)
NOBODY = "某某"
RESULTS = "SELECT id, result FROM appeals WHERE result <> ''"
_NOT_INDEXED = "state = '已撤回' OR length(result) > 2000"
RESULTS_WITH = RESULTS + " AND (" + _NOT_INDEXED + " OR number IN (" + MATCHED + "))"
PERSONAL = (
    "DELETE FROM consents WHERE person = ?",
    "DELETE FROM accounts WHERE person = ?",
    "DELETE FROM one_time_links WHERE subject = ?",
    "DELETE FROM standing_choices WHERE person = ?",
    "UPDATE services SET recorder = '' WHERE recorder = ?",
)
NEXT = {
    "inbox": "SELECT id, received_at FROM inbox WHERE id > ? ORDER BY id LIMIT ?",
    "chatter": "SELECT id, received_at FROM inbox WHERE id > ? ORDER BY id LIMIT ?",
    "outbox": "SELECT id, created_at FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
}
