"""Funds paid that differ from funds used, with no word on what was carried over (`paid-used`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, least_precise, message
from grading.facts.figures import Figure, plain
from grading.facts.sentences import clause_before, sentences

PAID = re.compile(
    r"(?:累计|共|实际|已|合计|财政)?(?:拨付|拨款|下拨)(?:到位)?(?:项目)?(?:资金|金额|经费)?(?:合计|共计|为|共)?\s*$"
)
USED = re.compile(r"(?:累计|共|实际|已|合计)?使用(?:资金|金额|经费)?(?:合计|共计|为|共)?\s*$")
RATE_OR_PLAN = re.compile(r"预算|计划|应|拟|申请|标准|每")
EXPLAINED = re.compile(
    r"结转|结余|尚未|质保金|保证金|尾款|未支付|未使用|未结算|收回|缴回|上缴|剩余|退回|余额|待支付|跨年|下年|次年|差额|在途"
)


@check("paid-used", severity=Severity.WARNING)
def paid_used(context: Context) -> Iterator[Finding]:
    """B4: paid and used differ and neither the paragraph nor the next one says why."""
    body = [one for one in context.facts.report.paragraphs if one.origin == "body"]
    for number, paragraph in enumerate(body):
        text, figures = plain(paragraph.text), context.facts.by_paragraph.get(paragraph.index, [])
        following = body[number + 1].text if number + 1 < len(body) and not body[number + 1].level else ""
        for start, end in sentences(text):
            near = [one for one in figures if start <= one.start < end and one.kind == "amount"]
            paid = next((one for one in near if _says(PAID, text, one)), None)
            used = next((one for one in near if _says(USED, text, one)), None)
            if paid is None or used is None or paid is used:
                continue
            context.use(paid, used)
            tolerance = least_precise((paid, used)) * max(paid.factor, used.factor)
            if abs(paid.yuan - used.yuan) <= tolerance or EXPLAINED.search(text[start:] + following):
                continue
            yield Finding(
                "paid-used",
                Severity.WARNING,
                message(
                    f"拨付{paid.text}，使用{used.text}，两者不一致且未说明结转结余，请补充说明或核对。",
                    f"{paid.text} was paid and {used.text} used; nothing says what became of the rest. Please explain.",
                ),
                (evidence(paid), evidence(used)),
                paid.text,
                used.text,
                {**distance(paid.yuan, used.yuan, tolerance), "confidence": 0.9, "table": 0.0, "parts": 2.0},
            )


def _says(pattern: re.Pattern[str], text: str, figure: Figure) -> bool:
    clause = clause_before(text, figure.start)
    return bool(pattern.search(clause)) and not RATE_OR_PLAN.search(clause)
