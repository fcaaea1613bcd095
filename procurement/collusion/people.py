"""People and their traces in the papers: names in charge, telephones, addresses, numbers, accounts, rivals' names.

Quoted contracts and references are passed over: a client's telephone, or a manager of a past contract who now works
for a rival, is no sign (R-COLL-02).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procurement.collusion.papers import Folder, Hit, Passage, Place
from procurement.states import Sign, SignWeight

IN_CHARGE = "项目负责人|项目总负责人|项目经理|主评人|项目组长"
FOR_THE_BIDDER = "授权代表|委托代理人|被授权人|投标联系人|联系人|法定代表人|单位负责人"
NAMED = re.compile(
    rf"(?:{IN_CHARGE}|{FOR_THE_BIDDER})(?:姓名)?(?:[（(][^）)]{{0,8}}[）)])?\s*[:：\t]\s*([\u4e00-\u9fff·]{{2,4}})(?![\u4e00-\u9fff])"
)
MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
FIXED = re.compile(r"(?<!\d)\(?0\d{2,3}\)?[ -]?\d{7,8}(?!\d)")
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?!\w)", re.ASCII)
IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)")
ACCOUNT = re.compile(r"(?:账号|帐号|账户|帐户|卡号)\D{0,8}?(\d(?:[ -]?\d){9,24})(?!\d)")
QUOTED = re.compile(r"业绩|合同|案例|曾任|既往|甲方|委托方|委托单位|客户|证明人|招标人|采购人|代理机构|获奖|荣誉|验收")
"""A paragraph or heading with one of these tells of somebody else, or of an earlier time."""
CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}(?![0-9A-Za-z])")
SUFFIX = re.compile(r"(?:股份)?有限(?:责任)?公司$|（?特殊普通合伙）?$|（?有限合伙）?$")
FORMS = ("有限公司", "合伙", "事务所", "研究院", "中心", "大学")
NOT_A_NAME = frozenset({"签字", "签章", "盖章", "签名", "姓名", "无", "身份证", "电话", "手机", "职务", "职称"})
MOST_PLACES = 6
PAID = frozenset({"account", "payment", "payer"})


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing found in a passage: its kind, the value as compared, and the place."""

    kind: str
    value: str
    place: Place


def people_hits(folders: Sequence[Folder], issued: str) -> Iterator[Hit]:
    """Yield people, contacts and accounts that two bids share; `issued` is the tender's own text."""
    own = {(one.kind, one.value) for one in traces(_alone(issued), Place("", ""))}
    found: dict[tuple[str, str], dict[str, Trace]] = {}
    for folder in folders:
        for trace in _of_folder(folder):
            if (trace.kind, trace.value) not in own:
                found.setdefault((trace.kind, trace.value), {}).setdefault(folder.bid, trace)
    for (kind, value), holders in sorted(found.items()):
        if len(holders) < 2:
            continue
        sign = Sign.PERSON if kind == "name" else Sign.PAYER if kind in PAID else Sign.CONTACT
        weight = SignWeight.MEDIUM if kind == "name" else SignWeight.HIGH
        places = tuple(holders[bid].place for bid in sorted(holders))
        yield Hit(sign, weight, tuple(sorted(holders)), f"{kind}:{value}", shown(kind, value), (places,))


def mixed_hits(folders: Sequence[Folder], issued: str) -> Iterator[Hit]:
    """Yield bids in which another bidder's name or credit code stands outside quoted contracts (R-COLL-01, form 5)."""
    plain_issue = _plain(issued)
    for folder in folders:
        with_it = {name for name, _code in folder.members} | {code for _name, code in folder.members}
        for other in folders:
            wanted = [one for one in (other.bidder, _short(other.bidder), other.uscc) if len(one) >= 4]
            if other.bid == folder.bid or {other.bidder, other.uscc} & with_it:
                continue
            if any(_plain(one) in plain_issue for one in wanted):
                continue
            places = _named_in(folder, other, wanted)
            if places:
                own = Place(other.bid, other.bidder)
                groups = tuple((place, own) for place in places)
                key = f"{folder.bid}>{other.bid}"
                both = tuple(sorted((folder.bid, other.bid)))
                yield Hit(Sign.MIXED, SignWeight.MEDIUM, both, key, other.bidder, groups)


def traces(passage: Passage, place: Place) -> Iterator[Trace]:
    """Yield the traces in one passage; telephones and numbers without blanks or dashes, mail in small letters."""
    text = unicodedata.normalize("NFKC", passage.text)
    for found in NAMED.finditer(text):
        if found[1] not in NOT_A_NAME:
            yield Trace("name", found[1], place)
    for kind, pattern in (("phone", MOBILE), ("phone", FIXED), ("identity", IDENTITY)):
        for found in pattern.finditer(text):
            yield Trace(kind, re.sub(r"[ ()-]", "", found[0]).upper(), place)
    for found in MAIL.finditer(text):
        yield Trace("mail", found[0].casefold(), place)
    for found in ACCOUNT.finditer(text):
        yield Trace("account", re.sub(r"\D", "", found[1]), place)


def shown(kind: str, value: str) -> str:
    """Return a value for readers: of identity cards and accounts only the two ends."""
    return f"{value[:4]}****{value[-4:]}" if kind in ("identity", "account") else value


def masked(text: str) -> str:
    """Return a passage with identity and account numbers shortened."""
    text = IDENTITY.sub(lambda one: shown("identity", one[0]), text)
    return ACCOUNT.sub(lambda one: one[0].replace(one[1], shown("account", re.sub(r"\D", "", one[1]))), text)


def _of_folder(folder: Folder) -> Iterator[Trace]:
    for known in folder.people:
        yield Trace("name", known.name, Place(folder.bid, f"{known.name}（{known.where}）"))
    yield from _deposit(folder)
    for paper in folder.papers:
        for passage in paper.passages:
            if not QUOTED.search(passage.text) and not QUOTED.search(passage.heading):
                text = masked(passage.text)[:400]
                yield from traces(
                    passage, Place(folder.bid, text, paper.document, paper.name, passage.page, passage.number)
                )


def _deposit(folder: Folder) -> Iterator[Trace]:
    """Yield from where a deposit came; who names no payer paid itself, so that a rival who paid for it is found."""
    payer = folder.payer or folder.bidder
    yield Trace("payer", _plain(payer), Place(folder.bid, payer))
    if len(folder.payment) >= 6:
        yield Trace("payment", folder.payment, Place(folder.bid, folder.payment))
    digits = re.sub(r"\D", "", folder.account)
    if len(digits) >= 10:
        yield Trace("account", digits, Place(folder.bid, shown("account", digits)))


def _named_in(folder: Folder, other: Folder, wanted: Sequence[str]) -> list[Place]:
    names = [_plain(one) for one in wanted]
    found = []
    for paper in folder.papers:
        for passage in paper.passages:
            if QUOTED.search(passage.text) or QUOTED.search(passage.heading):
                continue
            plain = _plain(passage.text)
            if any(one in plain for one in names):
                text = _around(passage.text, other)
                found.append(Place(folder.bid, text, paper.document, paper.name, passage.page, passage.number))
                if len(found) == MOST_PLACES:
                    return found
    return found


def _around(text: str, other: Folder) -> str:
    at = max(0, text.find(_short(other.bidder)) - 60)
    return text[at : at + 240]


def _short(name: str) -> str:
    """Return a firm's name without its legal form, when enough is left to tell it by."""
    kept = SUFFIX.sub("", name)
    return kept if len(kept) >= 6 else name


def _alone(text: str) -> Passage:
    return Passage(text, None, 1)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
