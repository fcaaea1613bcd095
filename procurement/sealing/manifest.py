"""What a sealed bid says of itself, first thing inside: whose it is, what it answers, its opening sheet, its files."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.sealing.errors import Corrupt
from procurement.sealing.statement import Statement, read_statement

BID_FORMAT = "hengping-bid/1"
MOST_FILES = 50
MOST_TERMS = 50
MOST_LETTERS = 10_000
MOST_OCTETS = 2**53 - 1
PRICE = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class BidFile:
    """One file of a bid; `size` in octets, `purpose` is `qualification`, `technical` or `commercial`."""

    name: str
    purpose: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True)
class BidManifest:
    """The head of the plaintext. `price` of the opening sheet is yuan with at most two decimals.

    `statement` joined later: a manifest without one is the same octets as before, and readers of before pass it over.
    """

    tender: str
    lot: str
    notice: str
    bidder: str
    nonce: str
    opening_sheet: dict[str, Any]
    files: tuple[BidFile, ...]
    part: str = "bid"
    statement: Statement | None = None

    @property
    def price(self) -> Decimal:
        """The price of the opening sheet (开标一览表), in yuan."""
        return Decimal(str(self.opening_sheet["price"]))

    def to_json(self) -> bytes:
        """Return the one JSON form."""
        content: dict[str, Any] = {
            "format": BID_FORMAT,
            **{name: getattr(self, name) for name in ("tender", "lot", "notice", "bidder", "nonce", "part")},
            "opening_sheet": self.opening_sheet,
            "files": [vars(file) for file in self.files],
        }
        if self.statement is not None:
            content["statement"] = self.statement.plain()
        return canonical(content)


def canonical(value: Any) -> bytes:
    """Return JSON with sorted keys and no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_manifest(data: bytes) -> BidManifest:
    """Read a manifest. Raises `Corrupt` naming what is wrong; nothing in it is trusted."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise Corrupt("投标清单无法读取", "the manifest cannot be read") from wrong
    if not isinstance(content, dict) or content.get("format") != BID_FORMAT:
        raise Corrupt("投标清单的格式不对", "the manifest is of an unknown format")
    names = ("tender", "lot", "notice", "bidder", "nonce", "part")
    words = {name: content[name] for name in names if content.get(name) and _is_text(content[name])}
    if len(words) < len(names):
        raise Corrupt("投标清单缺少必要内容", "the manifest lacks what it must name")
    sheet = content.get("opening_sheet")
    if not isinstance(sheet, dict) or len(sheet) > MOST_TERMS or not all(map(_is_text, [*sheet, *sheet.values()])):
        raise Corrupt("开标一览表无法读取", "the opening sheet cannot be read")
    if not PRICE.fullmatch(sheet.get("price", "")) or not Decimal(sheet["price"]):
        raise Corrupt("开标一览表没有有效的报价", "the opening sheet has no valid price")
    statement = read_statement(content.get("statement"))
    return BidManifest(files=_files(content.get("files")), opening_sheet=sheet, statement=statement, **words)


def _files(listed: Any) -> tuple[BidFile, ...]:
    if not isinstance(listed, Sequence) or isinstance(listed, str) or len(listed) > MOST_FILES:
        raise Corrupt("投标文件目录无法读取", "the list of files cannot be read")
    files = []
    for one in listed:
        try:
            file = BidFile(**{name: one[name] for name in ("name", "purpose", "size", "sha256", "media_type")})
        except (TypeError, KeyError) as wrong:
            raise Corrupt("投标文件目录不完整", "the list of files is incomplete") from wrong
        size: Any = file.size  # what JSON held, whatever the dataclass says
        fits = type(size) is int and 0 <= size <= MOST_OCTETS and re.fullmatch("[0-9a-f]{64}", str(file.sha256))
        if not fits or not all(map(_is_text, (file.name, file.purpose, file.media_type))):
            raise Corrupt("投标文件目录有误", "the list of files is wrong")
        files.append(file)
    return tuple(files)


def _is_text(value: Any) -> bool:
    """Whether it is a text that can be stored everywhere: no zero characters, no half pairs, not endless."""
    return isinstance(value, str) and len(value) <= MOST_LETTERS and not UNSTORABLE.search(value)


def safe_name(name: str) -> str:
    """Return a file's name without path, control or hidden parts, for writing to a folder or a download header."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(one for one in last if one.isprintable() and one not in '<>:"|?*').strip(". ")
    return kept[:120] or "file"
