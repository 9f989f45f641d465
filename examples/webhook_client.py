"""Post to 海棠管家 as a signed webhook: python webhook_client.py URL SECRET CHAT WHO TEXT"""

import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.request
import uuid


def post(url: str, secret: str, said: dict[str, str]) -> int:
    """Sign and post one message; the HTTP status. Post it again with the same id after a fault."""
    body = json.dumps(said).encode()
    message_id, timestamp = str(uuid.uuid4()), str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": message_id, "webhook-timestamp": timestamp}
    headers |= {"webhook-signature": f"v1,{signature}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return int(answer.status)


if __name__ == "__main__":
    chat, who, text = sys.argv[3:]
    post(sys.argv[1], sys.argv[2], {"chat": chat, "sender": who, "text": text})
