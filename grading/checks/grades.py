"""Grades against scores (`grade-band`, `grade-missing`)."""

from __future__ import annotations

from collections.abc import Iterator

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, evidence, message
from grading.facts.headline import Statement


@check("grade-band", severity=Severity.ERROR)
def grade_band(context: Context) -> Iterator[Finding]:
    """S5: a grade that is not that of the score's band.

    The report's own bands count, else 90/80/60 half-open (R-PERF-08).
    """
    facts = context.facts
    headline, bands = facts.headline, facts.bands
    groups: dict[tuple[str, str], list[Statement]] = {}
    for statement in headline.statements:
        score = statement.score or headline.score
        if not statement.grade or score is None:
            continue
        context.use(score)
        if not bands.agree(statement.grade, bands.grade_of(score.value)):
            groups.setdefault((str(score.value), statement.grade), []).append(statement)
    for (_, grade), statements in groups.items():
        score = statements[0].score or headline.score
        assert score is not None
        expected = bands.grade_of(score.value)
        own = bands.paragraph is not None
        zh, en = ("报告所定", "report’s own") if own else ("通行（R-PERF-08）", "usual (R-PERF-08)")
        edge = min(abs(score.value - band.lower) for band in bands.bands if band.lower > 0)
        proof = [quoted(statement) for statement in statements]
        if statements[0].score is None:
            proof.append(evidence(score))
        yield Finding(
            "grade-band",
            Severity.ERROR,
            message(
                f"得分{score.value}按{zh}等级划分应为“{expected}”，报告写为“{grade}”，请核对。",
                f"Under the {en} bands the score {score.value} is “{expected}”, not “{grade}”. Please check.",
            ),
            tuple(proof),
            grade,
            expected,
            {
                "confidence": 1.0 if statements[0].score else 0.7,
                "bands_fixed": float(own),
                "edge": float(edge),
                "repeats": float(len(statements)),
                "table": 0.0,
            },
        )


@check("grade-missing", severity=Severity.WARNING)
def grade_missing(context: Context) -> Iterator[Finding]:
    """S6: a grade without a score, or a score without a grade, in the whole report."""
    headline = context.facts.headline
    if headline.score is not None and not headline.grade:
        yield Finding(
            "grade-missing",
            Severity.WARNING,
            message(
                f"报告给出总得分{headline.score.text}，但没有找到评价等级，请核对。",
                f"The report gives a total score ({headline.score.value}) but no grade was found. Please check.",
            ),
            (evidence(headline.score),),
            headline.score.text,
            context.facts.bands.grade_of(headline.score.value),
            {"confidence": 0.8, "table": float(headline.score.place.table is not None)},
        )
    elif headline.grade and headline.score is None:
        statement = next(s for s in headline.statements if s.grade)
        yield Finding(
            "grade-missing",
            Severity.WARNING,
            message(
                f"报告给出等级“{headline.grade}”，但没有找到总得分，请核对。",
                f"The report gives the grade “{headline.grade}” but no total score was found. Please check.",
            ),
            (quoted(statement),),
            headline.grade,
            "",
            {"confidence": 0.8, "table": 0.0},
        )


def quoted(statement: Statement) -> Evidence:
    """Evidence for a statement."""
    place = statement.place
    return Evidence(statement.quote, place.page, place.paragraph, place.table, place.row)
