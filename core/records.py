"""Records that decide: canonical bytes, salted commitments, and the two forms of one record.

A *full* record holds everything that led to a decision, for those who may audit it. A *public* record is the same
record with people and reasons replaced by salted commitments, each of which its owner can open. Both are plain JSON
objects and both can be checked without a database, an application or this installation.

The bytes of a record are canonical JSON: a subset of RFC 8785 in which numbers are whole and at most 2^53 - 1 in size
(exact decimals are strings), so that the same record has the same bytes in every language.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

SEALED = "$sealed"
"""The only key of the object that stands in a public record in place of a hidden value: its commitment."""

SALTS = "salts"
DIGESTS = "digests"
_LARGEST = 2**53 - 1
_COMMITMENT = b"hengping/commitment/1\x00"
_SALT = b"hengping/salt/1\x00"

Record = dict[str, Any]


class NotRecordable(Exception):
    """A value that has no exact canonical form (a float, a whole number beyond 2^53 - 1, an unknown type)."""


@dataclass(frozen=True, order=True)
class Fault:
    """What does not fit in a record: a stable code, the place as a JSON pointer, and the sentence in both languages."""

    code: str
    path: str
    zh: str
    en: str


def plain(value: Any) -> Any:
    """Return the value in the types of JSON: exact numbers, fractions, dates and enums become strings or their value.

    Instants must carry a time zone and are written in UTC with a final Z. Raises NotRecordable for what has no exact
    form.
    """
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=_utf16)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise NotRecordable(f"{value} is beyond 2^53 - 1; write it as a string")
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise NotRecordable(f"{value} has no time zone")
        value = value.astimezone(dt.UTC)
    if isinstance(value, dt.date):
        return value.isoformat().replace("+00:00", "Z")
    raise NotRecordable(f"{value!r} has no exact form in a record")


def _utf16(pair: tuple[Any, Any]) -> bytes:
    """Order keys by UTF-16 code units, as RFC 8785 asks."""
    return str(pair[0]).encode("utf-16-be")


_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True).encode


def canonical(value: Any) -> bytes:
    """Return the canonical JSON bytes of a value: sorted keys, no spaces, UTF-8."""
    if type(value) is str or _is_plain(value):
        return _SORTED(value).encode()
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _is_plain(value: Any) -> bool:
    """Return whether a value is in the types of JSON already and its keys sort alike by code points and UTF-16 units.

    Records of a large draw have a million nodes, nearly all of them plain: looking is ten times faster than rewriting.
    """
    left = [value]
    while left:
        node = left.pop()
        kind = type(node)
        if kind is list:
            left += node
        elif kind is dict:
            for key in node:
                if type(key) is not str or not (key.isascii() or max(key) <= "\uffff"):
                    return False
            left += node.values()
        elif kind is int:
            if not -_LARGEST <= node <= _LARGEST:
                return False
        elif kind is not str and kind is not bool and node is not None:
            return False
    return True


def digest(value: Any) -> str:
    """Return the SHA-256 of the value's canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def commit(value: Any, salt: str) -> str:
    """Return the commitment to a value: SHA-256 over a fixed prefix, the salt's bytes and the canonical value.

    The salt is 64 hex digits and secret until the value may be known; without it a guess cannot be tested.
    """
    raw = bytes.fromhex(salt)
    if len(raw) != 32:
        raise NotRecordable("a salt is 32 bytes, written as 64 hex digits")
    return hashlib.sha256(_COMMITMENT + raw + canonical(value)).hexdigest()


def salt_for(master: str, path: str) -> str:
    """Derive the salt of one place from a record's master salt, so that each party gets its own alone."""
    return hmac.digest(bytes.fromhex(master), _SALT + path.encode(), "sha256").hex()


def salts_for(record: Record, paths: Iterable[str], master: str) -> dict[str, str]:
    """Return a salt for every place that the patterns name in the record."""
    return {path: salt_for(master, path) for path in places(record, paths)}


class _Derived(dict[str, str]):
    """Every place's salt, derived from the master salt (its only key) when it is asked for."""

    def get(self, path: str, _default: Any = None, /) -> str:
        """Return the salt of a place; there is one for each."""
        return salt_for(self["master"], path)


def salts_in(record: Record) -> Mapping[str, str]:
    """Return the salts of a full record: one for each place, or all of them from the master salt it holds instead."""
    held = record[SALTS]
    return _Derived(master=held) if isinstance(held, str) else held


def places(record: Record, paths: Iterable[str]) -> list[str]:
    """Return the JSON pointers that patterns name; `*` stands for every item of a list or every key of an object."""
    found: dict[str, None] = {}
    for pattern in paths:
        for path in _expand(record, pattern.split("/")[1:], ""):
            found[path] = None
    return list(found)


def _expand(node: Any, steps: Sequence[str], at: str) -> Iterator[str]:
    if not steps:
        yield at
        return
    step, rest = steps[0], steps[1:]
    if isinstance(node, list):
        for index, item in enumerate(node):
            if step in ("*", str(index)):
                yield from _expand(item, rest, f"{at}/{index}")
    elif isinstance(node, dict):
        for key, item in node.items():
            if step in ("*", _escape(key)):
                yield from _expand(item, rest, f"{at}/{_escape(key)}")


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def redact(record: Record, paths: Iterable[str], salts: Mapping[str, str]) -> Record:
    """Return the public form: every named place holds its commitment; salts and digests are left out.

    `paths` are JSON pointers, `*` for every item; `salts` maps each concrete pointer to its salt. What holds no named
    place is shared with the full record, so neither may be changed. Raises NotRecordable when a place has no salt.
    """
    tree: dict[str, Any] = {}
    for path in paths:
        node = tree
        for step in path.split("/")[1:]:
            node = node.setdefault(step, {})
        node[""] = True
    body = record if _is_plain(record) else plain(record)
    kept = {key: item for key, item in body.items() if key not in (SALTS, DIGESTS, "form")}
    return {**_sealed(kept, "", [tree], salts), "form": "public"}


def _sealed(node: Any, at: str, trees: list[dict[str, Any]], salts: Mapping[str, str]) -> Any:
    """Return a node with what the trees of steps name sealed; parts without such places are shared, not copied."""
    if any("" in tree for tree in trees):
        salt = salts.get(at)
        if salt is None:
            raise NotRecordable(f"no salt for {at}")
        return {SEALED: commit(node, salt)}
    if not trees or not isinstance(node, dict | list):
        return node
    if isinstance(node, list):
        every = [tree["*"] for tree in trees if "*" in tree]
        return [
            _sealed(item, f"{at}/{index}", [*every, *(t[str(index)] for t in trees if str(index) in t)], salts)
            for index, item in enumerate(node)
        ]
    steps = {key: _escape(key) for key in node}
    return {
        key: _sealed(item, f"{at}/{steps[key]}", [t[s] for t in trees for s in {"*", steps[key]} if s in t], salts)
        for key, item in node.items()
    }


def is_sealed(node: Any) -> bool:
    """Return whether a node of a record is a commitment in place of a value."""
    return isinstance(node, dict) and set(node) == {SEALED}


def match(full: Record, public: Record) -> list[Fault]:
    """Compare the two forms of one record: open values must be equal, and every commitment must open to the full value.

    Needs the salts that the full form holds under `salts`. Returns one fault for each place that does not fit.
    """
    salts = salts_in({SALTS: {}, **full})
    faults: list[Fault] = []

    def walk(left: Any, right: Any, at: str) -> None:
        if is_sealed(right) and not is_sealed(left):
            faults.extend(open_part(right, at, left, salts.get(at, "")))
        elif isinstance(left, dict) and isinstance(right, dict):
            skip = () if at else (SALTS, DIGESTS, "form")
            for key in sorted({*left, *right} - set(skip)):
                here = f"{at}/{_escape(key)}"
                if key in left and key in right:
                    walk(left[key], right[key], here)
                else:
                    faults.append(_missing(here, in_public=key in right))
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            for index, (one, other) in enumerate(zip(left, right, strict=True)):
                walk(one, other, f"{at}/{index}")
        elif left != right or type(left) is not type(right):
            faults.append(
                Fault(
                    "form-differs",
                    at,
                    "完整记录与公开记录在此处不一致。",
                    "The full and the public record differ here.",
                )
            )

    walk(full, public, "")
    return faults


def _missing(at: str, *, in_public: bool) -> Fault:
    if in_public:
        return Fault(
            "form-extra", at, "公开记录中有完整记录没有的内容。", "The public record holds what the full one does not."
        )
    return Fault("form-missing", at, "公开记录缺少此项内容。", "The public record lacks this item.")


def open_part(sealed: Mapping[str, str], path: str, value: Any, salt: str) -> list[Fault]:
    """Check that a commitment of a public record opens to this value with this salt; for one party and its own part."""
    try:
        if hmac.compare_digest(commit(value, salt), str(sealed[SEALED])):
            return []
    except (NotRecordable, ValueError):
        return [
            Fault(
                "salt-missing",
                path,
                "缺少此处的盐值，无法核对承诺。",
                "The salt of this place is missing or malformed.",
            )
        ]
    return [Fault("commitment", path, "此处的承诺值与原值不符。", "The commitment does not open to this value.")]


def seal(record: Record, items: Iterable[str] = ()) -> Record:
    """Return the record in plain form with a digest of each of its parts, and over those one of the whole.

    `items` are pointers to long lists, of whose every item a short mark is kept too: it tells where something changed.
    """
    body = json.loads(canonical({key: item for key, item in record.items() if key != DIGESTS}))
    parts = {key: digest(item) for key, item in body.items()}
    body[DIGESTS] = {"parts": parts, "record": digest(parts)}
    marks = {path: "".join(found) for path in items if (found := _marks(body, path))}
    return {**body, DIGESTS: {**body[DIGESTS], "items": marks}} if marks else body


def _marks(record: Record, path: str) -> list[str]:
    """Return eight digits of the digest of every item of a list; none where there is no such list."""
    node: Any = record
    for step in path.split("/")[1:]:
        node = node.get(step) if isinstance(node, dict) else None
    return [digest(item)[:8] for item in node] if isinstance(node, list) else []


def check_seal(record: Record) -> list[Fault]:
    """Compare every part of a sealed record with its digest; names each part that was altered, added or removed."""
    sealed = record.get(DIGESTS)
    if not isinstance(sealed, dict) or not isinstance(sealed.get("parts"), dict):
        return [Fault("digest-missing", f"/{DIGESTS}", "记录没有摘要。", "The record carries no digests.")]
    parts: dict[str, Any] = sealed["parts"]
    faults = [
        Fault("digest", f"/{_escape(key)}", "此部分的内容与其摘要不符。", "This part does not match its digest.")
        for key in sorted(({*record} - {DIGESTS}) | {*parts})
        if key not in record or key not in parts or digest(record[key]) != parts[key]
    ]
    if "items" in sealed:
        faults += _altered_items(record, sealed["items"], {fault.path for fault in faults})
    if sealed.get("record") != digest(parts) or {*sealed} - {"items"} != {"parts", "record"}:
        faults.append(
            Fault(
                "digest", f"/{DIGESTS}/record", "整份记录的摘要不符。", "The digest of the whole record does not fit."
            )
        )
    return faults


def _altered_items(record: Record, marks: Any, altered: set[str]) -> Iterator[Fault]:
    """Name the items that differ from their marks, or the marks themselves where the items' part is as it was."""
    for path, joined in (marks if isinstance(marks, dict) else {"": marks}).items():
        found = _marks(record, path)
        kept = [joined[at : at + 8] for at in range(0, len(joined), 8)] if isinstance(joined, str) else [""]
        if found == kept and found:
            continue
        places = [f"{path}/{n}" for n, (one, other) in enumerate(zip(found, kept, strict=False)) if one != other]
        if f"/{(path + '/').split('/')[1]}" not in altered:
            places = [f"/{DIGESTS}/items"]
        for place in places or [path]:
            yield Fault("digest", place, "此项的内容与其摘要不符。", "This item does not match its mark.")


def written(record: Record) -> bytes:
    """Return the bytes of a record's file: canonical JSON and one line feed."""
    return canonical(record) + b"\n"
