"""The long-lived parts that every unit of work may use: settings, stores, keys."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from core.documents.store import Store
from core.rules import RuleBook
from core.settings import Settings
from core.signing import SigningKey


@dataclass(frozen=True)
class House:
    """What is made once when the application starts and shared by all units of work."""

    settings: Settings
    store: Store
    signing_key: SigningKey
    rules: RuleBook


def current_house() -> House:
    """Return the house of the running application."""
    house: House = current_app.extensions["hengping"]
    return house
