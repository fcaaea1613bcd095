"""Who is tied to whom (利害关系图): ties of an agency to units, projects, people and other agencies. Pure.

Every tie says what it rests on, from when and until when, and by which rule it matters. What follows only from equal
names, addresses or numbers is marked: it is a reason to look, never a finding (R-PERF-13, R-AGENCY-17, R-TENDER-16).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.i18n import Text, _l
from core.states import Titled


class NodeKind(Titled):
    """What stands at an end of a tie."""

    AGENCY = "agency", _l("机构")
    BODY = "body", _l("单位")
    PROJECT = "project", _l("项目")
    PERSON = "person", _l("人员")


class TieKind(Titled):
    """What ties two together."""

    EVALUATED = "evaluated", _l("评价过项目")
    SERVED_UNIT = "served-unit", _l("评价过该单位的项目")
    SERVICE = "service", _l("为项目提供过其他服务")
    RELATION = "relation", _l("登记的关联关系")
    SAME_HEAD = "same-head", _l("负责人同名")
    SAME_LEAD = "same-lead", _l("主评人同名")
    SAME_ADDRESS = "same-address", _l("地址相同")
    SAME_TELEPHONE = "same-telephone", _l("电话相同")
    ACCOUNT = "account", _l("同一账户任职")
    DECLARED = "declared", _l("专家申报的关系")
    EMPLOYMENT = "employment", _l("专家任职")


@dataclass(frozen=True, order=True)
class Node:
    """An end of a tie: what it is, its key (an id, or a name for people without an account) and its name."""

    kind: NodeKind
    key: str
    name: str = field(compare=False)


@dataclass(frozen=True)
class Tie:
    """One tie: why it is believed, where that is known from, how long it held, and the rule it matters by.

    `inferred` says that it rests on equality of names, addresses or numbers alone. `until` None: it holds, or no end is
    known. `refers_to` is the id of what it rests on, for those who may open it.
    """

    one: Node
    other: Node
    kind: TieKind
    why: Text
    source: Text
    rule_id: str
    since: date | None = None
    until: date | None = None
    inferred: bool = False
    refers_to: str = ""


@dataclass(frozen=True)
class Body:
    """What is known of an organisation that may share something with another."""

    id: str
    name: str
    head: str = ""
    leads: Collection[str] = ()
    address: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Evaluated:
    """An engagement: which project of which unit, from when to when."""

    id: str
    number: str
    project_id: str
    project: str
    unit_id: str
    unit: str
    begins_on: date
    due_on: date


@dataclass(frozen=True)
class Account:
    """Somebody with an account in an organisation, from when it is known and until when."""

    person_id: str
    person: str
    organisation_id: str
    organisation: str
    until: date | None = None


REGISTER = _l("机构库登记")
ENGAGEMENTS = _l("评价委托")
ACCOUNTS = _l("用户账户")


def plain_address(address: str) -> str:
    """Return an address as it is compared: without spaces and signs."""
    return re.sub(r"[\s,，.。·\-—()（）#]", "", address).lower()


def plain_telephone(telephone: str) -> str:
    """Return a telephone number as it is compared: its last digits without an extension; empty where too short."""
    digits = re.sub(r"\D", "", re.split(r"转|ext|x", telephone.lower())[0])
    return digits[-11:] if len(digits) >= 7 else ""


def node_of(body: Body) -> Node:
    """Return an agency as an end of ties."""
    return Node(NodeKind.AGENCY, body.id, body.name)


def derive(
    centre: Body,
    others: Iterable[Body] = (),
    evaluated: Sequence[Evaluated] = (),
    accounts: Sequence[Account] = (),
    told: Iterable[Tie] = (),
) -> list[Tie]:
    """Return every tie of an agency that follows from what is known, each once, in the order of kinds and names."""
    found = [tie for other in others if other.id != centre.id for tie in shared(centre, other)]
    found += of_engagements(centre, evaluated)
    found += of_accounts(centre, accounts)
    found += [one for one in told if node_of(centre) in (one.one, one.other)]
    order = {kind: place for place, kind in enumerate(TieKind)}
    unique = {(one.kind, one.one, one.other, one.refers_to): one for one in found}
    return sorted(unique.values(), key=lambda one: (order[one.kind], -_day(one), one.other, one.refers_to))


def _day(tie: Tie) -> int:
    return (tie.until or tie.since or date.min).toordinal()


def shared(one: Body, other: Body) -> list[Tie]:
    """Return what two organisations share; the same whichever is asked first, but for the order of the ends."""
    found = []

    def tie(kind: TieKind, why: Text, rule_id: str) -> None:
        found.append(Tie(node_of(one), node_of(other), kind, why, REGISTER, rule_id, inferred=True))

    if one.head and one.head == other.head:
        tie(TieKind.SAME_HEAD, _l("两家登记的负责人都叫%(name)s", name=one.head), "R-TENDER-16")
    names = sorted({*one.leads, one.head} & {*other.leads, other.head} - {""})
    if shared_leads := [name for name in names if name in one.leads or name in other.leads]:
        listed = "、".join(shared_leads)
        tie(TieKind.SAME_LEAD, _l("%(names)s在两家都登记为主评人或者负责人", names=listed), "R-AGENCY-07")
    address = plain_address(one.address)
    if len(address) > 5 and address == plain_address(other.address):
        tie(TieKind.SAME_ADDRESS, _l("两家登记的地址都是%(address)s", address=one.address), "R-TENDER-16")
    telephone = plain_telephone(one.telephone)
    if telephone and telephone == plain_telephone(other.telephone):
        tie(TieKind.SAME_TELEPHONE, _l("两家登记的电话都是%(telephone)s", telephone=one.telephone), "R-TENDER-16")
    return found


def of_engagements(centre: Body, evaluated: Sequence[Evaluated]) -> list[Tie]:
    """Return the ties to the projects an agency evaluates and, once for each, to their units."""
    ties = [
        Tie(
            node_of(centre),
            Node(NodeKind.PROJECT, one.project_id, one.project),
            TieKind.EVALUATED,
            _l("%(number)s，项目单位为%(unit)s", number=one.number, unit=one.unit),
            ENGAGEMENTS,
            "R-PERF-13",
            one.begins_on,
            one.due_on,
            refers_to=one.id,
        )
        for one in evaluated
    ]
    by_unit: Mapping[tuple[str, str], list[Evaluated]] = defaultdict(list)
    for one in evaluated:
        by_unit[one.unit_id, one.unit].append(one)
    for (unit_id, unit), works in by_unit.items():
        latest = max(works, key=lambda one: (one.due_on, one.number))
        why = _l("评价过该单位的 %(count)s 个项目，最近一次是%(number)s", count=len(works), number=latest.number)
        first = min(one.begins_on for one in works)
        other = Node(NodeKind.BODY, unit_id, unit)
        ties.append(
            Tie(node_of(centre), other, TieKind.SERVED_UNIT, why, ENGAGEMENTS, "R-PERF-13", first, latest.due_on)
        )
    return ties


def of_accounts(centre: Body, accounts: Sequence[Account]) -> list[Tie]:
    """Return the ties to people who have an account in the agency and in another organisation as well."""
    places: Mapping[str, list[Account]] = defaultdict(list)
    for one in accounts:
        places[one.person_id].append(one)
    ties = []
    for person_id, known in places.items():
        if not any(one.organisation_id == centre.id for one in known):
            continue
        person = Node(NodeKind.PERSON, person_id, known[0].person)
        elsewhere = sorted({one.organisation for one in known if one.organisation_id != centre.id})
        if elsewhere:
            until = max((one.until for one in known if one.until), default=None)
            why = _l("同时在%(places)s有账户", places="、".join(elsewhere))
            ties.append(Tie(node_of(centre), person, TieKind.ACCOUNT, why, ACCOUNTS, "R-AGENCY-17", until=until))
    return ties
