"""What a browser says of itself becomes words that people know."""

from __future__ import annotations

import pytest

from core.identity.devices import device_words

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (CHROME, "Chrome · Windows"),
        (f"{CHROME} Edg/140.0", "Edge · Windows"),
        (IPHONE, "Safari · iPhone"),
        (f"{IPHONE} MicroMessenger/8.0", "微信 WeChat · iPhone"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_in_words(said, words):
    assert device_words(said) == words
