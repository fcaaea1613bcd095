"""Sealed bids: the envelope format, sealing, peeling and opening. No database; see docs/sealing.md.

Only the age format is used: a fresh identity for each envelope, its secret wrapped by nested encryption once for every
k-subset of the keyholders and once for the bidder.
"""

from procurement.sealing.envelope import Header, read_header, seal
from procurement.sealing.errors import CopiedEnvelope, Corrupt, NotAKeyholder, SealingError, WrongEnvelope
from procurement.sealing.keys import KeyPair, fingerprint, new_key, read_key_file, write_key_file
from procurement.sealing.manifest import BidFile, BidManifest
from procurement.sealing.opening import OpenedBid, open_with_secret, peel

__all__ = [
    "BidFile",
    "BidManifest",
    "CopiedEnvelope",
    "Corrupt",
    "Header",
    "KeyPair",
    "NotAKeyholder",
    "OpenedBid",
    "SealingError",
    "WrongEnvelope",
    "fingerprint",
    "new_key",
    "open_with_secret",
    "peel",
    "read_header",
    "read_key_file",
    "seal",
    "write_key_file",
]
