"""Where attachments may be fetched from, and what opens them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom_aibot.media import Media, decrypt
from bot.errors import SendDeferred, SendRefused
from bot.testing.wecom.aibot_media import seal

KEY = base64.b64encode(bytes(range(32))).decode()
BUCKET = "https://ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com"


@pytest.mark.parametrize(
    ("url", "permitted"),
    [
        (f"{BUCKET}/a/1?sign=q", True),
        (f"{BUCKET.replace('guangzhou', 'shanghai')}/a", True),
        ("https://imunion.weixin.qq.com/a", True),
        ("https://files.example.cn/a", True),
        ("https://files.example.cn:8443/a", False),
        ("http://files.example.cn/a", False),
        (f"{BUCKET.replace('https', 'http')}/a", False),
        (f"{BUCKET}:8080/a", False),
        ("https://somebody-1.cos.ap-guangzhou.myqcloud.com/a", False),
        (f"{BUCKET}.evil.example/a", False),
        (f"https://evil.example/{BUCKET}", False),
        (f"{BUCKET.replace('https://', 'https://u:p@')}/a", False),
        ("https://a.qq.com@evil.example/a", False),
        ("https://qq.com.evil.example/a", False),
        ("https://evilqq.com/a", False),
        ("https://127.0.0.1/a", False),
        ("https://169.254.169.254/latest", False),
        ("https://[::1]/a", False),
        ("https://[::1/a", False),
        ("https://a.qq.com:99999/a", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_the_platforms_own_hosts_are_asked(url: str, permitted: bool) -> None:
    assert Media(["https://files.example.cn"]).permits(url) is permitted


async def test_nothing_is_asked_elsewhere_or_before_the_start() -> None:
    media = Media()
    with pytest.raises(SendDeferred):
        await media.fetch("https://a.qq.com/1", KEY, 10)
    await media.open()
    await media.open()
    with pytest.raises(SendRefused, match="地址"):
        await media.fetch("https://169.254.169.254/latest", KEY, 10)
    await media.close()
    await media.close()


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_what_was_sealed_opens(data: bytes) -> None:
    assert decrypt(seal(data, KEY), KEY) == data
    assert decrypt(seal(data, KEY), KEY.rstrip("=")) == data


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100), st.text(max_size=50))
def test_anything_else_is_refused_or_opened_to_something_shorter(data: bytes, key: str) -> None:
    with pytest.raises(SendRefused):
        decrypt(data, key)
    try:
        assert len(decrypt(data, KEY)) < len(data)
    except SendRefused:
        assert True


@pytest.mark.parametrize("cut", [1, 16, 17, 31])
def test_a_file_that_was_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(SendRefused):
        decrypt(seal(b"x" * 64, KEY)[:-cut], KEY)
