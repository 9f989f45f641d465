"""A self-built app of the fake platform, as a section of settings to be formatted."""

from __future__ import annotations

APP = """
[channels.wecom_app.main]
corp_id = "{fake.corp_id}"
agent_id = {fake.agent_id}
secret = "{fake.secret}"
token = "{fake.token}"
encoding_aes_key = "{fake.encoding_aes_key}"
area = "海棠街道/春晓社区"
base_url = "{url}"
"""
