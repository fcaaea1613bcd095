"""Rules as data: every statutory rule and every parameter of the house, versioned, with source and confidence.

The data is `rules/<rule set>/*.toml`. `RuleBook.load()` reads it once at start; afterwards

    book.rule("R-TENDER-04", on=day).cite("zh")
    book.whole("R-TENDER-04", "days", on=day)                        # 20
    book.number("R-PRICE-02", "services_min", on=day)                # Decimal("10")
    book.value(rule_id, name, on=day, overrides={"R-EXP.term.years": 2})

A rule marked M (not yet verified) only ever warns; a rule marked D is shown as the bureau's own, never as law.
"""

from core.rules.book import NotAdjustable, Overrides, RuleBook, UnknownRule
from core.rules.reading import RuleDataError
from core.rules.rule import Confidence, Enforcement, Rule, RuleValue, Source, Standing, Words

__all__ = [
    "Confidence",
    "Enforcement",
    "NotAdjustable",
    "Overrides",
    "Rule",
    "RuleBook",
    "RuleDataError",
    "RuleValue",
    "Source",
    "Standing",
    "UnknownRule",
    "Words",
]
