"""Reading the file of a record: what is no record is refused, what is oddly spelt is a fault with its byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.records import Fault, NotRecordable, Record, canonical


class Unreadable(Exception):
    """A file that is no record at all; carries the reason in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")


def read(source: Path | bytes) -> Record:
    """Read a record's file. Raises Unreadable when it is no JSON object, repeats a key, or has an odd spelling."""
    record, faults = load(source)
    if faults:
        raise Unreadable(faults[0].zh, faults[0].en)
    return record


def load(source: Path | bytes) -> tuple[Record, list[Fault]]:
    """Read a record's file and return it with a fault if its spelling is not one that a JSON writer gives.

    Canonical form is what we write; the usual compact and indented spellings pass too, so that a record may travel
    through other tools. Anything else (a changed space, an odd escape) is a fault with the byte where it starts: so
    every changed byte is caught, even one that does not change the record. Raises Unreadable for what is no record.
    """
    try:
        raw = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise Unreadable(f"无法读取文件：{error.strerror}。", f"The file cannot be read: {error.strerror}.") from error
    try:
        record = json.loads(raw, object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float)
        if not isinstance(record, dict):
            raise Unreadable("文件不是一份记录（应为 JSON 对象）。", "The file is not a record (a JSON object).")
        if raw.removesuffix(b"\n") == canonical(record):
            return record, []
        spellings = list(_spellings(record, raw))
    except (ValueError, RecursionError, NotRecordable) as error:
        if _is_an_answer(raw):
            raise Unreadable(
                "这是命令的输出，不是记录：请取出其中 record 的内容另存，或者抽取时用 --record 直接写出记录。",
                "This is a command's answer, which holds the record: save its “record” alone, or draw with --record.",
            ) from error
        raise Unreadable(f"文件不是有效的记录：{error}。", f"The file is not a valid record: {error}.") from error
    if any(raw in (spelling, spelling + b"\n") for spelling in spellings):
        return record, []
    place = max(_agreeing(raw, spelling + b"\n") for spelling in spellings)
    return record, [
        Fault(
            "spelling", f"@{place}", f"第 {place} 字节处的写法不规范。", f"The spelling at byte {place} is not regular."
        )
    ]


def _is_an_answer(raw: bytes) -> bool:
    """Whether the file is what a command printed, with the record as one of its parts."""
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and isinstance(answer.get("record"), dict)


def _spellings(record: Record, raw: bytes) -> Iterator[bytes]:
    """Yield the spellings that a JSON writer may have given, of the indentation the file begins with."""
    indent = len(raw[2:64]) - len(raw[2:64].lstrip(b" ")) if raw[1:2] == b"\n" else None
    for separators in (None, (",", ":")) if indent is None else (None,):
        for ascii_only in (True, False):
            text = json.dumps(record, indent=indent, separators=separators, ensure_ascii=ascii_only)
            yield text.encode("utf-8", "surrogatepass")
    yield canonical(record)


def _agreeing(left: bytes, right: bytes) -> int:
    """Return how many bytes two spellings share at their start."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left[:middle] == right[:middle] else (low, middle - 1)
    return low


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not a whole number")
