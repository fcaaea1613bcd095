"""The words of the pages in either language: the tests name them in Chinese, as the code does."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parents[2] / "translations" / "en"


@functools.cache
def english() -> dict[str, str]:
    """English by Chinese, from the catalogues themselves, so that a missing translation fails a journey."""
    found = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string and not message.fuzzy:
                    single = isinstance(message.id, str)
                    found[message.id if single else message.id[0]] = message.string if single else message.string[0]
    return found


def words(text: str, language: str) -> str:
    """The text as a page in that language shows it; KeyError names a text without English."""
    return text if language == "zh" else english()[text]


def pattern(text: str, language: str) -> re.Pattern[str]:
    """The text as a pattern in which every placeholder stands for anything."""
    parts = re.split(r"%\(\w+\)\w|%%", words(text, language))
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)
