"""Which browser on which system a sign-in came from, in words a person recognises.

No parsing library: nothing depends on the answer, and four names of browsers and five of systems are enough to tell
one's own telephone from a stranger's computer.
"""

from __future__ import annotations

# The order matters: Edge and WeChat also call themselves Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    ("MicroMessenger", "微信 WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Return `Chrome · Windows` for what a browser says of itself; empty when neither is recognised."""
    found = (next((words for mark, words in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, found))
