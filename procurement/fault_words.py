"""What the pure parts find, as refusals in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString, get_locale

from core.errors import Refusal
from core.records import Fault


def refusal_of(fault: Fault) -> Refusal:
    """Return a fault of the scoring as a refusal; the language is chosen when it is shown."""
    return Refusal(in_language(fault.zh, fault.en), rule_id=fault.code)


def in_language(chinese: str, english: str) -> LazyString:
    """Return a text that is carried in both languages, chosen when it is shown."""
    return LazyString(_chosen, chinese, english)


def _chosen(chinese: str, english: str) -> str:
    locale = get_locale()
    return english if locale is not None and locale.language == "en" else chinese
