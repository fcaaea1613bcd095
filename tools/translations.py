"""Catalogues of texts: `tools/translations.py extract|update|check|compile`.

The texts in code and templates are Simplified Chinese; English is the one catalogue, split by package into
`translations/en/<package>.po`. `extract` prints what was found; `update` adds new texts with an empty translation and
drops those no longer used; `check` says what is missing or wrong; `compile` merges all into what the application reads.
Catalogues hold no dates and no line numbers, so that a change shows only what changed.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "translations" / "en"
PACKAGES = (
    "core",
    "projects",
    "agencies",
    "experts",
    "grading",
    "procurement",
    "evaluation",
    "disclosure",
    "web",
)
"""One catalogue each; lowest first, and the first wins where two translate the same text."""

SHELL = "web"
"""Whose catalogue holds the texts of layouts, components, error pages and all else that is no package's own."""

KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "_n": (1, 2),
    "_p": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}
NOT_CHINESE = ROOT / "translations" / "not_chinese.txt"
"""Texts that rightly hold no Chinese character (names of formats, say), one a line."""

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
ODD_SIGNS = re.compile("[“”‘’，。；：、（）]")
"""Signs that no English text holds: they stand as wide as a Chinese character where the face is a Chinese one."""
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)

Key = tuple[str, str | None]
"""A text's identity: itself (its singular) and its context."""


@dataclass(frozen=True)
class Found:
    """One text as the code has it: `id` is a string, or singular and plural."""

    id: str | tuple[str, str]
    context: str | None
    place: str

    @property
    def key(self) -> Key:
        """Return what identifies it in a catalogue."""
        return (self.id if isinstance(self.id, str) else self.id[0], self.context)


def sources(package: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of a package with the way to read them."""
    for path in sorted((ROOT / package).rglob("*.py")):
        yield path, "python"
    if package == SHELL and (ROOT / "app.py").exists():
        yield ROOT / "app.py", "python"
    templates = ROOT / "templates"
    for path in sorted(templates.rglob("*")):
        if path.is_file() and path.suffix in {".html", ".txt", ".xml", ".svg", ".jinja"}:
            room = path.relative_to(templates).parts[0]
            if (room if room in PACKAGES else SHELL) == package:
                yield path, "jinja2"


def extracted(package: str) -> dict[Key, Found]:
    """Return the texts of a package in the order they stand in its files."""
    found: dict[Key, Found] = {}
    for path, method in sources(package):
        options = {"encoding": "utf-8", "silent": "false", "trimmed": "true"}
        for line, text, _comments, context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            # An n-gettext call carries the number as a third argument, which is no text.
            identity = text if isinstance(text, str) else (text[0], text[1])
            one = Found(identity, context, f"{path.relative_to(ROOT)}:{line}")
            if one.key not in found or isinstance(one.id, tuple):
                found[one.key] = one
    found.pop(("", None), None)
    return found


def catalogue_file(package: str) -> Path:
    """Return where a package's English stands."""
    return CATALOGUES / f"{package}.po"


def catalogue(package: str) -> dict[Key, Message]:
    """Read a package's catalogue in its order; empty when there is none yet."""
    file = catalogue_file(package)
    if not file.exists():
        return {}
    with file.open("rb") as handle:
        read = read_po(handle, locale="en", ignore_obsolete=False, abort_invalid=True)
    return {key_of(message): message for message in [*read, *read.obsolete.values()] if message.id}


def key_of(message: Message) -> Key:
    """Return what identifies a catalogue's entry."""
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return (str(singular), message.context)


def write_catalogue(package: str, messages: list[Message]) -> None:
    """Write entries in the order given, with a header that never changes."""
    out = Catalog(locale="en")
    for message in messages:
        comments = message.user_comments
        out.add(message.id, message.string, flags=message.flags, user_comments=comments, context=message.context)
    body = io.BytesIO()
    write_po(body, out, width=0, no_location=True, omit_header=True)
    catalogue_file(package).write_text(HEADER + body.getvalue().decode().strip() + "\n")


def update(package: str) -> tuple[int, int]:
    """Bring a catalogue up to its package; return how many texts were added and dropped."""
    found, known = extracted(package), catalogue(package)
    if not found and not known:
        return 0, 0
    kept = []
    for key, message in known.items():
        if key in found:
            message.id = found[key].id
            kept.append(message)
    new = [one for key, one in found.items() if key not in known]
    kept += [Message(one.id, "" if isinstance(one.id, str) else ("", ""), context=one.context) for one in new]
    write_catalogue(package, kept)
    return len(new), len(known) - (len(kept) - len(new))


def faults() -> Iterator[str]:
    """Yield everything that is missing or wrong, a sentence each with its place."""
    allowed = set(NOT_CHINESE.read_text().splitlines()) if NOT_CHINESE.exists() else set()
    translated: dict[Key, tuple[str, tuple[str, ...]]] = {}
    for package in PACKAGES:
        found, known = extracted(package), catalogue(package)
        for key, one in found.items():
            if not CHINESE.search(key[0]) and key[0] not in allowed:
                yield f"{one.place}: “{key[0]}” is not Chinese; write it in Chinese, or list it in {NOT_CHINESE.name}"
            if key not in known:
                yield f"{one.place}: “{key[0]}” is not in {package}.po (run the update, then translate it)"
                continue
            message = known[key]
            if package_conflict := conflict(translated, key, package, message):
                yield package_conflict
            yield from message_faults(package, one, message)
        for key in known.keys() - found.keys():
            yield f"{package}.po: “{key[0]}” is no longer used (run the update)"


def conflict(
    translated: dict[Key, tuple[str, tuple[str, ...]]], key: Key, package: str, message: Message
) -> str | None:
    """Remember a translation; tell where an earlier package says the same text otherwise."""
    here = strings(message)
    first, said = translated.setdefault(key, (package, here))
    if all(here) and all(said) and here != said:
        return f"{package}.po: “{key[0]}” is “{here[0]}”, but “{said[0]}” in {first}.po; let them be equal"
    return None


def strings(message: Message) -> tuple[str, ...]:
    """Return an entry's translations: one, or one for each number."""
    text = message.string
    return (text,) if isinstance(text, str) else tuple(text or ())


def message_faults(package: str, one: Found, message: Message) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    if message.fuzzy:
        yield f"{package}.po: “{one.key[0]}” is marked fuzzy"
    said = strings(message)
    if not all(said):
        yield f"{package}.po: “{one.key[0]}” has no translation ({one.place})"
        return
    if isinstance(one.id, tuple) and len(said) != 2:
        yield f"{package}.po: “{one.key[0]}” needs a singular and a plural"
    wanted = set(placeholders(one.key[0]))
    for text in said:
        if set(placeholders(text)) - wanted or (wanted - set(placeholders(text)) and isinstance(one.id, str)):
            yield f"{package}.po: “{one.key[0]}” and “{text}” do not have the same placeholders ({one.place})"
        if odd := odd_signs(text):
            yield f"{package}.po: “{text}” has {' '.join(odd)}; write the plain English signs ({one.place})"
    for text in (one.key[0], *said):
        if "%(" in text and not fills_in(text):
            yield f"{package}.po: “{text}” cannot be filled in; write a percent sign twice beside placeholders"


def odd_signs(text: str) -> list[str]:
    """Return the signs of an English text that belong to Chinese ones or stand wide in Chinese faces."""
    return sorted(set(ODD_SIGNS.findall(text)))


def placeholders(text: str) -> list[str]:
    """Return the placeholders of a text."""
    return PLACEHOLDER.findall(text)


class Zeros(dict[str, int]):
    """A value for every name, to try a text with."""

    def __missing__(self, _name: str) -> int:
        return 0


def fills_in(text: str) -> bool:
    """Tell whether a text with placeholders can be filled in; a lone percent sign beside them makes it fail."""
    try:
        text % Zeros()
    except (ValueError, TypeError):
        return False
    return True


def compile_all() -> int:
    """Merge all catalogues into the compiled ones and return how many texts they hold."""
    merged = Catalog(locale="en", fuzzy=False)
    for package in PACKAGES:
        for message in catalogue(package).values():
            if merged.get(message.id, message.context) is None and all(strings(message)) and not message.fuzzy:
                merged.add(message.id, message.string, context=message.context)
    for language, out in (("en", merged), ("zh", Catalog(locale="zh", fuzzy=False))):
        folder = ROOT / "translations" / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        making = folder / "messages.mo.new"
        with making.open("wb") as file:
            write_mo(file, out)
        making.replace(folder / "messages.mo")
    return len(merged)


def main() -> int:
    """Do what was asked; return 1 when `check` found something."""
    options = argparse.ArgumentParser(description="Texts and their translations.")
    options.add_argument("what", choices=("extract", "update", "check", "compile"))
    options.add_argument("packages", nargs="*", help="only these packages (extract and update)")
    arguments = options.parse_args()
    chosen = [package for package in PACKAGES if not arguments.packages or package in arguments.packages]
    if arguments.what == "extract":
        for package in chosen:
            for one in extracted(package).values():
                print(f"{package}\t{one.place}\t{one.key[0]}")
    elif arguments.what == "update":
        for package in chosen:
            added, dropped = update(package)
            print(f"{package}: {added} added, {dropped} dropped")
    elif arguments.what == "compile":
        print(f"{compile_all()} texts compiled")
    else:
        found = list(faults())
        print("\n".join(found) if found else "every text is translated")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
