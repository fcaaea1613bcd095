"""What the rules say of a record before it enters the library, part by part (R-AGENCY-01 … 05, R-LEAD-01); pure.

What is broken keeps the record out; what is doubtful asks whoever admits for a reason. An agency without projects,
experts or branches is not worse off: newcomers enter and bid like all others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.lead_check import Verdict
from agencies.periods import later
from agencies.record_parts import PARTS, REQUIRED_SYSTEMS
from agencies.states import Answer, BadRecordKind, RecordPart
from core.i18n import Text, _l

DECLARATIONS: tuple[tuple[str, Text, str], ...] = (
    ("is_true", _l("登记的内容和材料真实、完整，虚假的由本机构承担责任"), "R-AGENCY-03"),
    ("updates", _l("登记内容有变化的，在规定的工作日内申报"), "R-AGENCY-03"),
    ("independent", _l("独立于委托方和被评价对象，有利害关系的主动回避"), "R-AGENCY-01"),
    ("principled", _l("坚持独立、客观、规范的原则"), "R-AGENCY-02"),
    ("clean", _l("近三年没有重大违法记录，其他不良记录已如实登记"), "R-AGENCY-04"),
    (
        "lawful",
        _l("不转包，不擅自分包，不出借、借用名义，不出具虚假报告，不恶意压价，不聘用不合格人员"),
        "R-AGENCY-05",
    ),
)
"""What the manager declares: key, words, rule."""

NEEDED = (RecordPart.BASICS, RecordPart.LEADS, RecordPart.SYSTEMS)
"""The parts that nobody enters without."""

BARRING = frozenset({BadRecordKind.VIOLATION.value})
ASKING = frozenset({BadRecordKind.PROHIBITED.value, BadRecordKind.DISHONESTY.value})


@dataclass(frozen=True)
class Numbers:
    """The rules' numbers: years looked back for violations, lead evaluators wanted."""

    look_back_years: int
    leads_min: int


@dataclass(frozen=True)
class Held:
    """One entry as the checklist sees it: what it says and what kinds of papers it has."""

    name: str
    entries: Mapping[str, Any]
    papers: frozenset[str]


@dataclass(frozen=True)
class Holding:
    """The whole record, the verdicts on its lead evaluators, what is declared, and the bureau's own bad entries."""

    parts: Mapping[RecordPart, Sequence[Held]]
    leads: Mapping[str, Verdict]
    """By the name of the lead evaluator."""
    declared: frozenset[str]
    bureau_entries: int = 0

    def of(self, part: RecordPart) -> Sequence[Held]:
        """The entries of one part."""
        return self.parts.get(part, ())


@dataclass(frozen=True)
class Line:
    """One line of the checklist."""

    part: RecordPart | None
    title: Text
    answer: Answer
    reason: Text
    rule_id: str


def checklist(held: Holding, numbers: Numbers, today: date) -> list[Line]:
    """Return every line, in the order of the parts."""
    order = list(RecordPart)
    lines = sorted(
        [
            *_basics(held),
            *_leads(held, numbers),
            *_credit(held, numbers, today),
            *_systems(held),
            *_further(held),
        ],
        key=lambda one: order.index(one.part or RecordPart.TEAMS),
    )
    missing = [(words, rule) for key, words, rule in DECLARATIONS if key not in held.declared]
    lines += [
        Line(None, _l("声明"), Answer.BROKEN, _l("没有声明：%(words)s", words=one), rule) for one, rule in missing
    ]
    if not missing:
        lines.append(Line(None, _l("声明"), Answer.KEPT, _l("各项都已声明"), "R-AGENCY-05"))
    return lines


def broken(lines: Sequence[Line]) -> list[Line]:
    """Return what keeps the record out."""
    return [one for one in lines if one.answer is Answer.BROKEN]


def doubtful(lines: Sequence[Line]) -> list[Line]:
    """Return what asks for a reason."""
    return [one for one in lines if one.answer is Answer.DOUBTFUL]


def _without_papers(part: RecordPart, entries: Sequence[Held]) -> list[Line]:
    spec = PARTS[part]
    wanted = [one for one in spec.evidence if one.required]
    return [
        Line(
            part,
            part.label,
            Answer.BROKEN,
            _l("“%(name)s”没有附上%(paper)s", name=held.name, paper=one.label),
            "R-AGENCY-03",
        )
        for held in entries
        for one in wanted
        if one.purpose not in held.papers
    ]


def _basics(held: Holding) -> list[Line]:
    part, entries = RecordPart.BASICS, held.of(RecordPart.BASICS)
    if not entries:
        return [Line(part, part.label, Answer.BROKEN, _l("还没有填写"), "R-AGENCY-03")]
    lines = _without_papers(part, entries)
    if not entries[0].entries.get("evaluators"):
        lines.append(Line(part, _l("人员和能力"), Answer.BROKEN, _l("没有从事绩效评价的人员"), "R-AGENCY-04"))
    elif not entries[0].entries.get("equipment"):
        lines.append(Line(part, _l("人员和能力"), Answer.DOUBTFUL, _l("没有写明设备和专业能力"), "R-AGENCY-04"))
    return lines or [Line(part, part.label, Answer.KEPT, _l("已填写，材料齐全"), "R-AGENCY-03")]


def _leads(held: Holding, numbers: Numbers) -> list[Line]:
    part, entries = RecordPart.LEADS, held.of(RecordPart.LEADS)
    able = [name for name, verdict in held.leads.items() if verdict.qualifies]
    lines = _without_papers(part, entries)
    if len(able) < numbers.leads_min:
        reason = _l("符合条件的主评人%(able)s名，至少要有%(least)s名", able=len(able), least=numbers.leads_min)
        lines.append(Line(part, part.label, Answer.BROKEN, reason, "R-LEAD-01"))
    else:
        reason = _l("符合条件的主评人%(able)s名", able=len(able))
        lines.append(Line(part, part.label, Answer.KEPT, reason, "R-LEAD-01"))
    for name, verdict in held.leads.items():
        lines += [
            Line(
                part,
                part.label,
                Answer.DOUBTFUL,
                _l("%(name)s：%(title)s，%(reason)s", name=name, title=one.title, reason=one.reason),
                one.rule_id,
            )
            for one in verdict.points
            if one.answer is not Answer.KEPT
        ]
    return lines


def _credit(held: Holding, numbers: Numbers, today: date) -> list[Line]:
    part = RecordPart.CREDIT
    lines = _without_papers(part, held.of(part))
    for one in held.of(part):
        kind = one.entries["kind"]
        if later(date.fromisoformat(one.entries["happened_on"]), numbers.look_back_years) < today:
            continue
        label = BadRecordKind(kind).label
        reason = _l("近%(years)s年内有%(kind)s：%(name)s", years=numbers.look_back_years, kind=label, name=one.name)
        rule = "R-AGENCY-05" if kind == BadRecordKind.PROHIBITED.value else "R-AGENCY-04"
        if kind in BARRING:
            lines.append(Line(part, part.label, Answer.BROKEN, reason, rule))
        elif kind in ASKING:
            lines.append(Line(part, part.label, Answer.DOUBTFUL, reason, rule))
    if held.bureau_entries:
        reason = _l("财政部门的诚信档案中有%(count)s条有效的不良记录", count=held.bureau_entries)
        lines.append(Line(part, part.label, Answer.DOUBTFUL, reason, "R-AGENCY-04"))
    return lines or [Line(part, part.label, Answer.KEPT, _l("没有重大违法和不良信用记录"), "R-AGENCY-04")]


def _systems(held: Holding) -> list[Line]:
    part = RecordPart.SYSTEMS
    lines = _without_papers(part, held.of(part))
    have = {one.entries["kind"] for one in held.of(part)}
    lines += [
        Line(part, part.label, Answer.BROKEN, _l("缺少%(kind)s", kind=one.label), "R-AGENCY-04")
        for one in REQUIRED_SYSTEMS
        if one.value not in have
    ]
    return lines or [Line(part, part.label, Answer.KEPT, _l("六类制度齐全"), "R-AGENCY-04")]


def _further(held: Holding) -> list[Line]:
    lines = []
    for part in (RecordPart.EXPERTS, RecordPart.BRANCHES, RecordPart.PROJECTS, RecordPart.OTHER, RecordPart.TEAMS):
        count = len(held.of(part))
        reason = _l("已登记%(count)s条", count=count) if count else _l("没有登记；没有的可以不填")
        lines += _without_papers(part, held.of(part))
        lines.append(Line(part, part.label, Answer.KEPT, reason, PARTS[part].rule_id))
    return lines
