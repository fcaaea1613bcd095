"""Write `docs/rules.md`, the table of every rule: `python -m core.rules.table > docs/rules.md`."""

from __future__ import annotations

import sys

from core.rules.book import RuleBook
from core.rules.rule import Rule

_HEAD = """# Rules · 规则一览

Generated from `rules/` by `python -m core.rules.table`; a test looks that it is current.
M rules (待核实) only ever warn. D rules are the bureau's own (本局规定), never law. ✎ marks values the bureau may set.

| id | 规则 · rule | 内容 · statement | values | effect | source | mark | from |
|---|---|---|---|---|---|---|---|
"""


def rules_table(book: RuleBook) -> str:
    """Return the Markdown table of all rules in all their versions."""
    return _HEAD + "".join(_row(rule) for rule in book)


def _row(rule: Rule) -> str:
    values = "<br>".join(f"{value.name} = {value.value} {value.unit}" for value in rule.values.values())
    period = rule.valid_from.isoformat() + (f" – {rule.valid_to.isoformat()}" if rule.valid_to else "")
    cells = (
        rule.id + (" ✎" if rule.parameter and rule.values else ""),
        f"{rule.title.zh}<br>{rule.title.en}",
        f"{rule.statement.zh}<br>{rule.statement.en}",
        values,
        rule.effect.value,
        rule.cite("zh").split("：", 1)[1],
        rule.confidence.value,
        period,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    sys.stdout.write(rules_table(RuleBook.load()))
