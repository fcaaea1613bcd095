"""The words of a field that differ by case: one text, said with the words of the case that is being shown.

Texts are written once, with the usual words. While a page, paper or mail is about a case that calls things otherwise,
each word is replaced by that case's own before values are put in, so that what people typed is never touched. It is
done in Chinese, where these words are terms of law; the English of the catalogues uses words that fit every case.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import g, has_app_context
from flask_babel import Babel, Domain, get_locale

from core.i18n import LazyString, Text


@dataclass(frozen=True)
class Wording:
    """The words of one kind of case: usual word → its own. A word that maps to itself is left alone."""

    key: str
    words: Mapping[str, str] = field(hash=False)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, sorted(self.words, key=len, reverse=True))))

    def said(self, text: str) -> str:
        """Return a text with this case's words."""
        return self._pattern.sub(lambda found: self.words[found[0]], text)


Source = Callable[[Any], Wording | None]
_sources: list[Source] = []
_known: dict[str, Wording] = {}


def add_wordings(source: Source, *wordings: Wording) -> None:
    """Announce which wording a subject has; twice counts once."""
    _known.update({one.key: one for one in wordings})
    if source not in _sources:
        _sources.append(source)


def wording_for(subject: Any) -> Wording | None:
    """Return the wording of what a page is about; None for the usual words."""
    if subject is None:
        return None
    return next((found for source in _sources if (found := source(subject)) is not None), None)


def wording_named(key: str | None) -> Wording | None:
    """Return the wording with this key, None for the usual words or one that is no more."""
    return _known.get(key or "")


def present_wording() -> Wording | None:
    """Return the wording in which texts are said now."""
    found: Wording | None = g.get("wording") if has_app_context() else None
    return found


def speak(wording: Wording | None) -> None:
    """Say every further text of this request in these words."""
    g.wording = wording


@contextlib.contextmanager
def spoken(wording: Wording | None) -> Iterator[None]:
    """Say the texts inside in these words."""
    if not has_app_context():
        yield
        return
    before = present_wording()
    g.wording = wording
    try:
        yield
    finally:
        g.wording = before


def said(text: Text, wording: Wording | None) -> Text:
    """Return a text that is said in these words whenever and wherever it is shown."""
    return text if wording is None else LazyString(_said, text, wording)


def _said(text: Text, wording: Wording) -> str:
    with spoken(None):  # else a page about another case would have put its own words in first
        usual = str(text)
    return wording.said(usual) if _is_chinese() else usual


def _is_chinese() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "zh"


class WordedDomain(Domain):  # type: ignore[misc]  # the library is untyped
    """Translations said in the present wording."""

    def get_translations(self) -> Any:
        """Return the catalogue, worded where something other than the usual is shown."""
        found = super().get_translations()
        wording = present_wording()
        return found if wording is None or not _is_chinese() else _Worded(found, wording)


class _Worded:
    """A catalogue whose messages are said in a wording, before values are put in."""

    def __init__(self, translations: Any, wording: Wording) -> None:
        self._translations, self._wording = translations, wording

    def __getattr__(self, name: str) -> Any:
        return getattr(self._translations, name)

    def ugettext(self, message: str) -> str:
        """Translate, then word."""
        return self._wording.said(self._translations.ugettext(message))

    def upgettext(self, context: str, message: str) -> str:
        """Translate in a context, then word."""
        return self._wording.said(self._translations.upgettext(context, message))

    def ungettext(self, one: str, many: str, number: int) -> str:
        """Translate for a number, then word."""
        return self._wording.said(self._translations.ungettext(one, many, number))


class WordedBabel(Babel):  # type: ignore[misc]  # the library is untyped
    """Flask-Babel with the worded domain."""

    @cached_property
    def domain_instance(self) -> WordedDomain:
        """The one domain of the house."""
        return WordedDomain(domain=self.domain)
