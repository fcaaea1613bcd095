"""What can be wrong with an envelope, in both languages: pure logic has no application to translate for it."""

from __future__ import annotations


class SealingError(Exception):
    """Something is wrong with an envelope or a key."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(en)


class Corrupt(SealingError):
    """The envelope is damaged or was not made by the format."""


class WrongEnvelope(SealingError):
    """The envelope answers another tender, lot or notice."""


class CopiedEnvelope(WrongEnvelope):
    """The envelope was sealed by another bidder than the one who handed it in."""


class NotAKeyholder(SealingError):
    """The key does not open this layer."""


class ImpossibleQuorum(SealingError, ValueError):
    """So many of so many keyholders cannot be had, or one of them stands twice."""


class NotARecipient(SealingError):
    """A text that is no age X25519 recipient."""


class KeysUnreadable(NotAKeyholder):
    """A key file that is damaged, locked with another passphrase, or holds no age identity."""
