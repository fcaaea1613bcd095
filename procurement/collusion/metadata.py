"""What file metadata have in common: author, last editor, company, serials, the camera, whole files and pictures."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from procurement.collusion.papers import Folder, Hit, Paper, Place
from procurement.states import Sign, SignWeight

AUTHORS = ("author", "last-editor", "company")
SERIALS = ("document-id", "original-id", "revision-root", "serial", "camera-serial")
PICTURE = "picture"
NOBODY = frozenset(
    {
        "admin",
        "administrator",
        "user",
        "users",
        "guest",
        "owner",
        "root",
        "test",
        "home",
        "office",
        "pc",
        "hp",
        "dell",
        "lenovo",
        "asus",
        "acer",
        "thinkpad",
        "windows",
        "windows用户",
        "微软用户",
        "微软中国",
        "user1",
        "microsoft",
        "microsoftoffice",
        "microsoftoffice用户",
        "microsoft帐户",
        "microsoftaccount",
        "wps",
        "wpsoffice",
        "wps用户",
        "kingsoft",
        "金山",
        "china",
        "中国",
        "用户",
        "系统管理员",
        "管理员",
        "administrator用户",
        "unknown",
        "anonymous",
        "pythondocx",
        "reportlab",
        "adobe",
        "acrobat",
        "adobeacrobat",
        "normal",
        "normaldotm",
        "none",
        "null",
        "作者",
        "未知",
    }
)
"""What programs write where nobody gave a name: alike by chance everywhere, so it says nothing (R-COLL-02)."""
FEWEST_LETTERS = 200
"""A whole file with less text is a blank form or a scan that many may hold; then its size decides."""
LEAST_OCTETS = 20_000


def metadata_hits(folders: Sequence[Folder], issued: Collection[tuple[str, str]] = ()) -> Iterator[Hit]:
    """Yield equal authors and serials. `issued` are properties of forms the purchaser gave out: they say nothing."""
    known = {(name, _plain(value)) for name, value in issued}
    for sign, names in ((Sign.AUTHOR, AUTHORS), (Sign.SERIAL, SERIALS)):
        found: dict[tuple[str, str], list[tuple[Folder, Paper, str]]] = {}
        for folder, paper, name, value in _properties(folders, names):
            plain = _plain(value)
            kind = name if sign is Sign.SERIAL or name == "company" else "person"
            if says_something(plain, sign) and (name, plain) not in known:
                found.setdefault((kind, plain), []).append((folder, paper, value))
        for (kind, plain), holders in sorted(found.items()):
            yield from _shared(sign, kind, plain, holders)


def file_hits(folders: Sequence[Folder], issued: Collection[str] = ()) -> Iterator[Hit]:
    """Yield whole files and large pictures that stand in several bids; `issued` are hashes of the purchaser's own.

    They may be a manufacturer's brochure (R-COLL-02), so a picture weighs little and a file no more than medium.
    """
    found: dict[str, list[tuple[Folder, Paper, str]]] = {}
    for folder in folders:
        for paper in folder.papers:
            if paper.sha256 not in issued and (paper.letters >= FEWEST_LETTERS or paper.size >= LEAST_OCTETS):
                found.setdefault(paper.sha256, []).append((folder, paper, paper.name))
    whole = set(found)
    for folder, paper, _name, value in _properties(folders, (PICTURE,)):
        if value not in issued and value not in whole:
            found.setdefault(value, []).append((folder, paper, paper.name))
    for sha256, holders in sorted(found.items()):
        weight = SignWeight.MEDIUM if sha256 in whole else SignWeight.LOW
        yield from _shared(Sign.FILE, "file", sha256, holders, weight=weight)


def says_something(plain: str, sign: Sign) -> bool:
    """Whether a normalised value can tell one maker from another."""
    if sign is Sign.SERIAL:
        return len(plain) >= 6 and len(set(plain)) > 2
    return len(plain) >= 2 and plain not in NOBODY and not plain.isdigit()


def _shared(
    sign: Sign,
    kind: str,
    plain: str,
    holders: Sequence[tuple[Folder, Paper, str]],
    *,
    weight: SignWeight = SignWeight.HIGH,
) -> Iterator[Hit]:
    first: dict[str, tuple[Paper, str]] = {}
    for folder, paper, value in holders:
        first.setdefault(folder.bid, (paper, value))
    if len(first) < 2:
        return
    if kind == "company":
        weight = SignWeight.MEDIUM
    places = tuple(Place(bid, value, paper.document, paper.name) for bid, (paper, value) in sorted(first.items()))
    shown = places[0].text
    yield Hit(sign, weight, tuple(sorted(first)), f"{kind}:{plain}"[:200], shown, (places,))


def _properties(folders: Sequence[Folder], names: Iterable[str]) -> Iterator[tuple[Folder, Paper, str, str]]:
    wanted = frozenset(names)
    for folder in folders:
        for paper in folder.papers:
            for name, value in paper.properties:
                if name in wanted:
                    yield folder, paper, name, value


def _plain(value: str) -> str:
    kept = unicodedata.normalize("NFKC", value).casefold()
    return "".join(one for one in kept if one.isalnum())
