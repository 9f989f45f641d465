"""A bot as one writes it in an afternoon: Flask, wechatpy, one SQLite connection a request.

Its keywords answer in the HTTP response, which is encrypted; every message is a row and a commit.
It runs on Flask's own threaded server, which closes each connection. Two things are kinder than
usual, so that it fails under load by slowness only: a longer `timeout` and a longer listen queue.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from flask import Flask, request
from wechatpy.enterprise import create_reply, parse_message
from wechatpy.enterprise.crypto import WeChatCrypto
from werkzeug.serving import make_server

from bot.testing.wecom import FakeWecom

ANSWERS = {
    "体检": "65岁及以上每年一次，请到社区卫生服务站。",
    "疫苗": "请先到卫生服务站登记，周二、周四下午接种。",
    "居住证": "请带身份证到派出所办理。",
    "社保卡": "请先挂失，再到便民服务中心补卡。",
    "停水": "请看群公告。",
    "漏水": "已记下，物业会联系您。",
    "电梯": "已记下，物业会联系您。",
    "垃圾": "已记下，保洁会去看。",
    "不亮": "已记下，电工会去看。",
    "帮助": "请直接说您的问题。",
    "进度": "正在处理，请耐心等待。",
    "谢谢": "不客气！",
}


def create_app(database: Path) -> Flask:
    """The whole bot."""
    app = Flask(__name__)
    fake = FakeWecom()
    crypto = WeChatCrypto(fake.token, fake.encoding_aes_key, fake.corp_id)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TABLE messages (id INTEGER PRIMARY KEY, msgid TEXT UNIQUE, sender TEXT,"
            " content TEXT, answer TEXT)"
        )
        connection.commit()

    @app.post("/callback/<kind>/<name>")
    def callback(kind: str, name: str) -> str:
        query = request.args
        xml = crypto.decrypt_message(
            request.data, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        message = parse_message(xml)
        answer = next((text for word, text in ANSWERS.items() if word in message.content), "")
        with closing(sqlite3.connect(database, timeout=60)) as connection:
            connection.execute(
                "INSERT OR IGNORE INTO messages (msgid, sender, content, answer)"
                " VALUES (?, ?, ?, ?)",
                (str(message.id), message.source, message.content, answer),
            )
            connection.commit()
        if not answer:
            return ""
        reply = create_reply(answer, message).render()
        return str(crypto.encrypt_message(reply, query["nonce"], query["timestamp"]))

    return app


def main() -> None:
    """Serve on a free port of loopback and print it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(Path(sys.argv[1]) / "flask.db")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.socket.listen(1024)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
