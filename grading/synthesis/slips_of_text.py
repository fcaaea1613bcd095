"""Slips in names, sections and passages."""

from __future__ import annotations

from dataclasses import replace

from numpy.random import Generator

from grading.synthesis.chance import chance, draw
from grading.synthesis.domains import DOMAINS
from grading.synthesis.making import SyntheticReport
from grading.synthesis.planting import NotPlantable, Planted, one, planter, put

LONG = 60
LEAD = 30
BODY = frozenset(
    {"basics", "work", "conclusion", "analysis", "category", "problems", "experience", "suggestions", "others"}
)
VAGUE = ("无。", "管理机制不够完善，有待进一步加强。", "制度建设有待完善，工作水平有待提高。")
SECTIONS = {
    "suggestions": "六、有关建议",
    "work": "二、绩效评价工作开展情况",
    "problems": "五、主要经验及做法、存在的问题及原因分析",
}


@planter("entity-name")
def entity_name(rng: Generator, report: SyntheticReport) -> Planted:
    """Another project's name in the body."""
    other = draw(rng, [domain.project for domain in DOMAINS if domain != report.facts.domain])
    return put(report, one(rng, report, "project"), other, "entity-name", report.facts.short)


@planter("document-kind")
def document_kind(rng: Generator, report: SyntheticReport) -> Planted:
    """The title names another kind of document."""
    return put(
        report, one(rng, report, "kind"), draw(rng, ("绩效自评报告", "专项审计报告")), "document-kind", "绩效评价报告"
    )


@planter("vague-problem")
def vague_problem(rng: Generator, report: SyntheticReport) -> Planted:
    """Nothing but a stock sentence under 存在的问题."""
    places = [place for place, block in enumerate(report.blocks) if block.part == "problems" and block.form == "text"]
    if not places:
        raise NotPlantable("the section on problems is gone")
    text = draw(rng, VAGUE)
    after = report.with_block(places[0], replace(report.blocks[places[0]], text=text)).without(set(places[1:]))
    after = replace(after, slots=tuple(slot for slot in after.slots if slot.block != places[0]))
    return Planted(after, "vague-problem", text, text, "应写明具体问题", ("problem-score", "missing-section"))


@planter("repeated-text")
def repeated_text(rng: Generator, report: SyntheticReport) -> Planted:
    """A paragraph of the body that stands twice, at once or some paragraphs later, at times without its first words."""
    texts = [
        place
        for place, block in enumerate(report.blocks)
        if block.form == "text" and len(block.text) >= LONG and block.part.split(".")[0] in BODY
    ]
    if not texts:
        raise NotPlantable("no paragraph is long enough to be noticed twice")
    place = draw(rng, texts)
    later = [other for other in texts if other >= place][:4]
    whole = report.blocks[place].text
    lead, mark, rest = whole.partition("。")
    text = rest if mark and len(lead) <= LEAD and len(rest) >= LONG and chance(rng, 0.5) else whole
    block = replace(report.blocks[place], text=text)
    after = report.insert(draw(rng, later), block)
    return Planted(after, "repeated-text", text, text, "该段只应出现一次")


@planter("missing-section")
def missing_section(rng: Generator, report: SyntheticReport) -> Planted:
    """A section left out, or its heading with nothing below."""
    part = draw(rng, tuple(SECTIONS))
    parts = {part, "experience"} if part == "problems" else {part}
    gone = {place for place, block in enumerate(report.blocks) if block.part in parts}
    if chance(rng, 0.4):
        gone -= {min(gone)}
    also = ("problem-score",) if part == "problems" else ()
    return Planted(report.without(gone), "missing-section", SECTIONS[part], SECTIONS[part], "应有该部分内容", also)


@planter("independence")
def independence(rng: Generator, report: SyntheticReport) -> Planted:
    """The agency says that it also took part in the unit's self-evaluation."""
    facts = report.facts
    text = draw(
        rng,
        (
            f"此前，{facts.agency}已派员参加{facts.unit}的单位自评工作组，协助编制自评报告。",
            f"{facts.unit}自评工作小组由该单位财务人员和{facts.agency}项目组成员共同组成，自评报告由双方共同完成。",
        ),
    )
    work = [place for place, block in enumerate(report.blocks) if block.part == "work"]
    if not work:
        raise NotPlantable("the section on how the evaluation was done is gone")
    place = max(work)
    block = replace(report.blocks[place], form="text", text=text)
    return Planted(report.insert(place, block), "independence", text, text, "评价机构应独立于被评价单位")
