"""How the parts of an agency's sheet are called: measures, facts, targets of appeals, corrections, grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agencies.states import Grade
from core.i18n import Text, _, _l
from core.records import Record
from grading.corrections import OTHER, Fact, Target, targets_in
from grading.states import Difficulty

MEASURES: dict[str, Text] = {
    "plan": _l("方案与指标质量"),
    "team": _l("团队与稳定"),
    "process": _l("过程与沟通"),
    "report": _l("报告质量"),
    "timeliness": _l("时效"),
    "archive": _l("档案与保密"),
    "data": _l("数据准确与一致"),
    "problems": _l("问题分析"),
    "advice": _l("建议可行"),
}
FACTS: dict[Fact, Text] = {
    Fact.AMOUNT: _l("合同金额（权重）"),
    Fact.DIFFICULTY: _l("任务难度"),
    Fact.URGENT: _l("紧急任务"),
    Fact.VETO: _l("一票否决"),
}


def part_words(part: str) -> Text:
    """Return the name of a measure or of a fact."""
    return FACTS[Fact(part)] if part in set(Fact) else MEASURES.get(part, part)


def words_of_target(target: Target) -> str:
    """Return what a target of an appeal is, in words: the task and the part, or the honesty loss."""
    if target.is_loss:
        return str(_("诚信扣分：%(what)s", what=target.words))
    return f"{target.task} · {part_words(target.part)}"


def target_words(record: Record, key: str) -> str:
    """Return the same for a target's key, also where the sheet no longer has it."""
    if key == OTHER:
        return str(_("其他"))
    found = next((one for one in targets_in(record) if one.key == key), None)
    if found is not None:
        return words_of_target(found)
    kind, name, *part = key.split("|")
    if kind == "task" and part:
        return f"{name} · {part_words(part[0])}"
    loss = next((one for one in record["losses"] if one["id"] == name), None)
    return str(_("诚信扣分：%(what)s", what=f"{loss['source']} {loss['reason']}" if loss else name))


def value_words(part: str, value: str) -> str:
    """Return a fact's or a rating's value in words."""
    if part == Fact.DIFFICULTY and value in {one.value for one in Difficulty}:
        return str(Difficulty(value).label)
    if part == Fact.URGENT:
        return str(_("是") if value == "yes" else _("否"))
    if part in MEASURES and value:
        return str(_("评分 %(value)s", value=value))
    return value


def correction_words(record: Record, correction: Mapping[str, Any]) -> str:
    """Return what a correction put right, in words."""
    if "loss" in correction:
        return str(_("%(what)s 不再计入", what=target_words(record, f"loss|{correction['loss']}")))
    if "measure" in correction:
        what = f"{correction['task']} · {part_words(correction['measure'])}"
        return str(_("%(what)s 更正为 %(value)s 分", what=what, value=correction["rating"]))
    what = f"{correction['task']} · {part_words(correction['fact'])}"
    if correction["fact"] == Fact.VETO:
        return str(_("%(what)s 撤销", what=what) if not correction["value"] else _("%(what)s 成立", what=what))
    return str(_("%(what)s 更正为 %(value)s", what=what, value=value_words(correction["fact"], correction["value"])))


def grade_words(standing: Mapping[str, Any] | None) -> str:
    """Return a grade with its score in words."""
    if not standing:
        return "—"
    grade = Grade(standing["grade"])
    if standing["score"] is None:
        return str(grade.label)
    return str(_("%(grade)s（%(score)s 分）", grade=grade.label, score=standing["score"]))
