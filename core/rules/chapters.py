"""The rule book's chapters: which families of rules are read together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.rules.rule import Words

_FAMILY = re.compile(r"R-([A-Z]+)[-.]")


@dataclass(frozen=True)
class Chapter:
    """Rules about one subject; `families` are the letters after `R-` in their ids."""

    key: str
    title: Words
    families: frozenset[str]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "tender",
        Words("采购文件与公告", "Tenders and notices"),
        frozenset({"TENDER", "THR", "NOTICE", "CLARIFY", "BELOW"}),
    ),
    Chapter("methods", Words("其他采购方式", "Other methods"), frozenset({"NEG", "FRAME", "SZ"})),
    Chapter("opening", Words("开标与资格", "Opening and qualification"), frozenset({"OPEN", "QUAL", "KEY"})),
    Chapter("committee", Words("评标委员会", "Committee"), frozenset({"COMM", "POOL"})),
    Chapter("evaluation", Words("评审与价格", "Evaluation and price"), frozenset({"EVAL", "PRICE", "ALP", "COLL"})),
    Chapter(
        "award",
        Words("定标、合同与救济", "Award, contract, remedies"),
        frozenset({"AWARD", "CONTRACT", "ARCH", "REMEDY", "SUSP"}),
    ),
    Chapter("signals", Words("风险信号", "Red flags"), frozenset({"FLAG"})),
    Chapter("duties", Words("职责与保密", "Duties and secrecy"), frozenset({"SEC"})),
    Chapter("performance", Words("绩效评价", "Performance evaluation"), frozenset({"PERF", "IND"})),
    Chapter("agencies", Words("第三方机构", "Agencies"), frozenset({"AGENCY", "LEAD"})),
    Chapter("experts", Words("评审专家", "Experts"), frozenset({"EXP"})),
    Chapter("grading", Words("评级", "Grading"), frozenset({"GRADE"})),
    Chapter("feedback", Words("结果应用与公开", "Use and publication of results"), frozenset({"FB"})),
)


def chapter_of(rule_id: str) -> Chapter:
    """Return the chapter a rule stands in; raise `KeyError` for a family that no chapter names."""
    found = _FAMILY.match(rule_id)
    for chapter in CHAPTERS:
        if found and found[1] in chapter.families:
            return chapter
    raise KeyError(rule_id)
