"""Addresses that carry a secret: single-use links and calendars. What is kept or logged never holds the secret."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(/(?:invitations|invitation|reset|calendar|expert-applications)(?:/ics)?/)[A-Za-z0-9_-]{20,}")


def masked(text: str) -> str:
    """Return the text with the secret of every such address left out."""
    return _SECRET.sub(r"\1…", text)


class MaskingFilter(logging.Filter):
    """Leaves secrets out of log lines and of the exceptions in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line; every line is kept."""
        said = record.getMessage()
        if _SECRET.search(said):
            record.msg, record.args = masked(said), None
        if record.exc_text and _SECRET.search(record.exc_text):
            record.exc_text = masked(record.exc_text)
        return True
