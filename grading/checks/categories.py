"""Sentences about whole categories against the score table (`wrong-category`, and category scores of `score-sum`)."""

from __future__ import annotations

from collections.abc import Iterator

from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message
from grading.facts.categories import CategoryFigures
from grading.facts.figures import Figure


def fits(statement: Figure | None, known: Figure | None) -> bool | None:
    """Whether two figures agree within what is printed; None where one of them is absent."""
    if statement is None or known is None:
        return None
    return abs(statement.value - known.value) <= max(statement.half, known.half)


def agreement(statement: CategoryFigures, known: CategoryFigures) -> tuple[int, int]:
    """How many figures of a sentence agree with a category's, and how many do not."""
    pairs = (
        fits(statement.weight, known.weight),
        fits(statement.score, known.score),
        fits(statement.rate, known.rate),
    )
    return sum(pair is True for pair in pairs), sum(pair is False for pair in pairs)


def best(statement: CategoryFigures, known: list[CategoryFigures], name: str) -> tuple[int, int]:
    """The best agreement with any source that gives category `name`."""
    found = [agreement(statement, item) for item in known if item.name == name]
    return max(found, key=lambda pair: (-pair[1], pair[0]), default=(0, 0))


@check("wrong-category", severity=Severity.ERROR)
def wrong_category(context: Context) -> Iterator[Finding]:
    """S7: a sentence or heading that names one category and gives the figures of another."""
    known = context.facts.tabled
    names = list(dict.fromkeys(item.name for item in known))
    for statement in context.facts.told:
        given = sum(figure is not None for figure in (statement.weight, statement.score, statement.rate))
        if statement.name not in names or given < 1:
            continue
        context.use(statement.weight, statement.score, statement.rate)
        right, wrong = best(statement, known, statement.name)
        if not wrong:
            continue
        matching = [
            name
            for name in names
            if name != statement.name
            and best(statement, known, name)[1] == 0
            and best(statement, known, name)[0] >= max(2, right + 1)
        ]
        lone = not matching and statement.score is not None and given == 1
        if lone:
            matching = [
                n
                for n in names
                if n != statement.name and best(statement, known, n) == (1, 0) and n == statement.heading
            ]
        if len(matching) != 1:
            continue
        other = next(item for item in known if item.name == matching[0] and best(statement, [item], item.name)[1] == 0)
        sided = other.quote and other.score is not None
        yield Finding(
            "wrong-category",
            Severity.ERROR,
            message(
                f"“{statement.quote}”写的是{statement.name}，但所列数字是{other.name}的数字，请核对指标名称。",
                f"“{statement.quote}” names {statement.name}, but its figures are those of {other.name}. Please check "
                "the name.",
            ),
            (evidence(statement), *((evidence(other.score),) if sided and other.score else ())),
            statement.name,
            other.name,
            {
                "confidence": 1.0,
                "agree": float(best(statement, known, other.name)[0]),
                "own_agree": float(right),
                "heading_fits": float(statement.heading == other.name),
                "table": 0.0,
                "parts": float(given),
            },
        )


@check("score-sum", severity=Severity.ERROR)
def category_score(context: Context) -> Iterator[Finding]:
    """S1 in sentences: a category's score in the text that is not the sum of its indicators in the table.

    Silent where another category's figures were given (`wrong-category`).
    """
    known = context.facts.tabled
    scores = [item.score for item in known if item.score is not None]
    for statement in context.facts.told:
        own = [item for item in known if item.name == statement.name and item.score is not None]
        score = statement.score
        if score is None or not own or any(fits(score, item.score) for item in own):
            continue
        if any(fits(score, other) for other in scores) or any(
            leaf.score is not None and fits(score, leaf.score)
            for table in context.facts.tables
            for leaf in table.leaves
        ):
            continue
        anchored = (
            fits(statement.weight, own[0].weight)
            or statement.heading == statement.name
            or fits(statement.rate, own[0].rate)
        )
        expected = own[0].score
        assert expected is not None
        yield Finding(
            "score-sum",
            Severity.ERROR,
            message(
                f"“{statement.quote}”与评分表中{statement.name}得分{expected.value}不一致，请核对。",
                f"“{statement.quote}” differs from the score of {statement.name} in the score table, {expected.value}. "
                "Please "
                "check.",
            ),
            (evidence(statement), *((evidence(expected),) if own[0].quote else ())),
            score.text,
            str(expected.value),
            {
                **distance(score.value, expected.value, max(score.half, expected.half)),
                "confidence": 0.95 if anchored else 0.5,
                "anchored": float(bool(anchored)),
                "table": 0.0,
                "parts": 1.0,
                "repeats": float(context.facts.seen[score.value] - 1),
                "expected_seen": float(context.facts.seen[expected.value]),
            },
        )
