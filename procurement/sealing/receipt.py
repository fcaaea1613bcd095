"""Receipts: what the bidder gets when a sealed bid has arrived, signed by the installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.records import canonical, plain
from core.signing import SigningKey, signature_fits


def signed_receipt(statement: Mapping[str, Any], key: SigningKey) -> dict[str, Any]:
    """Return the statement with the installation's public key and its signature over everything else.

    The statement names tender, lot, bid, sha256, size, arrived_at and the audit head (`{"seq", "hash"}`).
    """
    receipt: dict[str, Any] = plain({**statement, "kind": "receipt", "version": 1, "public_key": key.public_hex})
    return {**receipt, "signature": key.sign(canonical(receipt))}


def receipt_fits(receipt: Mapping[str, Any]) -> bool:
    """Whether a receipt's signature covers its content."""
    content = {name: value for name, value in receipt.items() if name != "signature"}
    return signature_fits(str(receipt.get("public_key")), str(receipt.get("signature")), canonical(content))
