"""The model card, written from what training recorded."""

from __future__ import annotations

from typing import Any

PLOT = "model-reliability.svg"
SIDE, EDGE = 320, 48
STEPS = 5


def plot(about: dict[str, Any]) -> str:
    """The reliability curve as SVG: a dot for each tenth, its area by how many findings it stands for."""

    def at(value: float, *, up: bool = False) -> float:
        return round(EDGE + SIDE * ((1 - value) if up else value), 1)

    whole = sum(number for _low, number, _mean, _true in about["reliability"]) or 1
    size = SIDE + 2 * EDGE
    box = f'viewBox="0 0 {size} {size}" width="{size}" height="{size}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="11">',
        "<title>Reliability of the triage model on held-out agencies</title>",
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        f'<path d="M{at(0)} {at(0, up=True)}L{at(1)} {at(1, up=True)}" stroke="#999" stroke-dasharray="4 4"/>',
        f'<path d="M{at(0)} {at(1, up=True)}V{at(0, up=True)}H{at(1)}" fill="none" stroke="#333"/>',
    ]
    for step in range(STEPS + 1):
        value = step / STEPS
        lines += [
            f'<text x="{at(value)}" y="{at(0, up=True) + 16}" text-anchor="middle">{value:.1f}</text>',
            f'<text x="{at(0) - 8}" y="{at(value, up=True) + 4}" text-anchor="end">{value:.1f}</text>',
        ]
    points = [(at(mean), at(true, up=True), number) for _low, number, mean, true in about["reliability"]]
    path = "L".join(f"{x} {y}" for x, y, _number in points)
    lines.append(f'<path d="M{path}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>')
    for x, y, number in points:
        lines.append(
            f'<circle cx="{x}" cy="{y}" r="{3 + 12 * (number / whole) ** 0.5:.1f}" fill="#1f5fa8" opacity="0.6"/>'
        )
    middle = at(0.5)
    lines += [
        f'<text x="{middle}" y="{size - 12}" text-anchor="middle">probability given</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">share true</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _measure(name: str, values: dict[str, Any]) -> str:
    return (
        f"| {name} | {values['hits']} | {values['false_alarms']} | {values['misses']} | "
        f"{_figure(values['precision'])} | "
        f"{_figure(values['recall'])} |"
    )


def scores(about: dict[str, Any]) -> list[str]:
    """The part of the card on the score model."""
    rows, agencies, wide = about["rows"], about["agencies"], about["margins"]

    def of(name: str) -> str:
        part, whole = about[name]
        return f"{part:,} of {whole:,} ({part / max(1, whole):.4f})"

    return [
        "## The score model",
        "",
        "A second small model, trained by `python -m grading.triage.score_train`, says between which shares of its",
        "weight an indicator's score is plausible. It is asked only where the exact rules cannot decide (targets in",
        "words, deductions that follow no proportion) and nothing in the row excuses it; a score outside is a",
        "`target-score` finding with a documented prior. It knows target, actual value, weight and note, and how the",
        "other rows of the table were scored, never the row's own score.",
        "",
        f"A linear model over {about['buckets']:,} hashed runs of one to three characters says whether the words speak",
        "of a shortfall; two gradient-boosted quantile models over it and the figures give the interval, widened by",
        f"margins set on agencies that neither saw (below {wide['low']}, above {wide['high']}, shares of the weight).",
        f"It speaks only where the words are surer than {about['sure']}, or where a measured target was missed.",
        f"{about['bytes']:,} bytes, scikit-learn {about['sklearn']}, SHA-256 `{about['sha256']}`.",
        "",
        f"Rows of {about['reports']} generated reports (seed {about['seed']}), many wordings, agencies apart:",
        *(f"{name} {rows[name]:,} rows of {agencies[name]} agencies." for name in ("training", "margin", "held")),
        "",
        "| held-out rows | told |",
        "| --- | --- |",
        f"| right | {of('outside')} |",
        f"| full marks beside a shortfall (spoilt) | {of('full_beside_shortfall')} |",
        f"| points lost beside praise alone (spoilt) | {of('deducted_beside_praise')} |",
        "",
        f"Mean distance between the middle of the interval and the right share: {about['middle_error']:.4f}.",
        "The check asks only of rows that it doubts, so that fewer right rows are told than stand here;",
        "`python -m bench.scores` measures it whole, on a second generator too.",
        "",
        "Features: " + ", ".join(f"`{name}`" for name in about["features"]) + ".",
        "",
    ]


def render(about: dict[str, Any], scoring: dict[str, Any]) -> str:
    """The card as Markdown: `about` the triage model, `scoring` the score model."""
    count, share = about["findings"], about["share_true"]
    lines = [
        "# Model card: triage of report findings",
        "",
        "Generated by `python -m grading.triage.train` from `grading/triage/model.json`; do not edit.",
        "",
        "## What it does",
        "",
        "Gives each finding of the report checker the probability that a reviewer upholds it.",
        "It hides nothing by itself: an arithmetic error whose figures were surely read never falls below 0.5.",
        "",
        f"Gradient-boosted trees ({about['bytes']:,} bytes, scikit-learn {about['sklearn']}),",
        f"Platt scaling over folds of whole agencies; never falling in: {', '.join(about['rising'])}.",
        f"SHA-256 `{about['sha256']}`.",
        "",
        "## Data",
        "",
        f"{about['reports']} generated reports (seed {about['seed']}): right ones with look-alikes, the same",
        "with faults of reading, with one wrong digit anywhere, and with one to six planted slips of the classes that",
        "the rules look for.",
        "Nothing of a real report or reviewer went in. Held out, never trained on:",
        f"about a quarter of the agencies, and all reports of the layout `{about['held_layout']}`.",
        "",
        "| part | findings | share true |",
        "| --- | --- | --- |",
        f"| training | {count['training']} | {share['training']:.3f} |",
        f"| held out | {count['held']} | {share['held']:.3f} |",
        "",
        f"Left out as unclear, being brought about by a slip under another class: {count['unclear']}.",
        "",
        "## Held-out precision and recall at 0.5",
        "",
        "Recall here is of the true findings that the rules raised; what the rules miss is in the next table.",
        f"The rules alone (every finding kept) have precision {about['rules_precision']:.3f} on the same findings.",
        "The floor keeps arithmetic errors at 0.5 that come from a fault of reading which the reader did not notice;",
        "the classes are shown without it.",
        "",
        "| class | hits | false alarms | misses | precision | recall |",
        "| --- | --- | --- | --- | --- | --- |",
        _measure("all, with the floor", about["held_overall"]),
        _measure("all, without", about["held_unfloored"]),
        *(_measure(f"`{code}`", values) for code, values in about["held_by_class"].items()),
        "",
        "## Planted slips that the rules raised at all",
        "",
        "| class | raised | planted |",
        "| --- | --- | --- |",
        *(f"| `{code}` | {caught} | {planted} |" for code, (caught, planted) in about["slips"].items()),
        "",
        "## Reliability, held out",
        "",
        f"Expected calibration error {about['calibration_error']:.4f} (before the floor for arithmetic errors).",
        "",
        f"![Share of true findings against the probability given]({PLOT})",
        "",
        "| probability from | findings | mean probability | share true |",
        "| --- | --- | --- | --- |",
        *(f"| {low:.1f} | {number} | {mean:.3f} | {true:.3f} |" for low, number, mean, true in about["reliability"]),
        "",
        "## Features",
        "",
        ", ".join(f"`{name}`" for name in about["features"] if not name.startswith("is_")) + ", and the class.",
        "",
        *scores(scoring),
        "## Limits",
        "",
        "- The share of true findings is that of the generator, not of real deliveries; probabilities are",
        "  to be recalibrated on reviewers' decisions.",
        "- The generator and the rules belong to one project; the figures say little about reports by other authors.",
        "- A class that the rules do not raise, or raised too seldom here, gets the average of its like.",
        "- Faults of reading are lost rows, points and cells and rows slid by a column; there is no scan among them.",
        "",
    ]
    return "\n".join(lines)
