"""Training the score model, deterministically: `python -m grading.triage.score_train`.

A linear model over hashed runs of characters says whether a row's words speak of a shortfall; two quantile models
over that, the completion and the points say between which shares the score is plausible. The margins are set on
agencies that neither saw, so that their right rows stay inside (a conformal interval); what is printed is measured on
further agencies.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from grading.facts.targets import excused
from grading.triage.score_corpus import Example, examples, spoilt
from grading.triage.score_model import ABOUT, MODEL, SURE, TRUSTED, intervals
from grading.triage.score_rows import BUCKETS, NAMES, ScoredRow, matrix, words

SEED = 20261126
REPORTS = 900
FOLDS = 4
OUTER = 0.98
OUTSIDE = 0.001  # share of right rows that the margin may leave outside the interval
PARTS = ("training", "training", "training", "margin", "held")


def part_of(agency: str) -> str:
    """What an agency's rows are used for."""
    return PARTS[crc32(f"scores {agency}".encode()) % len(PARTS)]


def _fit_words(table: Any, short: NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=8.0, max_iter=300, tol=1e-3).fit(table, short)


def fit(data: Sequence[Example]) -> dict[str, Any]:
    """Words first, out of fold by whole agencies; then the two quantiles over them."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.model_selection import GroupKFold

    rows = [one.row for one in data]
    table, short = words(rows), np.array([one.short for one in data])
    worded, shortfall = np.array([one.worded for one in data]), np.zeros(len(rows))
    for train, rest in GroupKFold(FOLDS).split(table, short, [one.agency for one in data]):
        taught = train[worded[train]]
        shortfall[rest] = _fit_words(table[taught], short[taught]).predict_proba(table[rest])[:, 1]
    whole = _fit_words(table[worded], short[worded])
    known, share = matrix(rows, shortfall), np.array([row.share for row in rows])
    model: dict[str, Any] = {
        "words": whole.coef_[0].astype(np.float32),
        "words_at": np.float32(whole.intercept_[0]),
    }
    # The lower end as the upper end of what is lost: where the lowest share stands often, a low quantile never splits.
    for name, aim, way in (("kept", share, -1), ("lost", 1 - share, 1)):
        model[name] = HistGradientBoostingRegressor(
            loss="quantile",
            quantile=OUTER,
            max_iter=80,
            learning_rate=0.1,
            max_leaf_nodes=16,
            min_samples_leaf=25,
            early_stopping=False,
            monotonic_cst=[way * (feature == "shortfall") for feature in NAMES],
            random_state=SEED,
        ).fit(known, aim)
    return model


def margins(model: dict[str, Any], rows: Sequence[ScoredRow]) -> tuple[float, float]:
    """How far the interval is to be widened below and above, so that OUTSIDE of these right rows stay outside.

    Only rows count that the check puts to the model and of whose words it is sure: of others it says nothing.
    """
    rows = [row for row in rows if not excused(row.note)]
    known = intervals(model, rows, (0.0, 0.0))
    low = [one.low - row.share for row, one in zip(rows, known, strict=True) if one.shortfall <= 1 - SURE]
    high = [row.share - one.high for row, one in zip(rows, known, strict=True) if one.shortfall >= SURE]
    wide = [float(np.quantile(gaps, 1 - OUTSIDE, method="higher")) for gaps in (low, high)]
    return round(max(0.0, wide[0]), 4), round(max(0.0, wide[1]), 4)


def told(model: dict[str, Any], rows: Sequence[ScoredRow], wide: tuple[float, float]) -> NDArray[np.bool_]:
    """Which rows the model would speak of."""
    known = intervals(model, rows, wide)
    return np.array(
        [
            not excused(row.note) and (one.too_high(row.share) or one.too_low(row.share))
            for row, one in zip(rows, known, strict=True)
        ]
    )


def train(seed: int, reports: int) -> tuple[bytes, dict[str, Any]]:
    """The trained model's bytes, and what is known of it."""
    import sklearn

    from grading.triage.train import dumped

    data = list(examples(seed, reports))
    parts = {name: [one for one in data if part_of(one.agency) == name] for name in set(PARTS)}
    model = fit(parts["training"])
    wide = margins(model, [one.row for one in parts["margin"]])
    held = parts["held"]
    rng = np.random.default_rng(seed + 1)
    wrong = [(one, row) for one in held if (row := spoilt(rng, one)) is not None]
    right = told(model, [one.row for one in held], wide)
    found = told(model, [row for _one, row in wrong], wide)
    short = np.array([one.short for one, _row in wrong])
    middle = np.array([(one.low + one.high) / 2 for one in intervals(model, [one.row for one in held], (0.0, 0.0))])
    written = dumped(model)
    return written, {
        "sha256": hashlib.sha256(written).hexdigest(),
        "sklearn": sklearn.__version__,
        "seed": seed,
        "features": list(NAMES),
        "buckets": BUCKETS,
        "reports": reports,
        "rows": {name: len(rows) for name, rows in sorted(parts.items())},
        "agencies": {name: len({one.agency for one in rows}) for name, rows in sorted(parts.items())},
        "margins": {"low": wide[0], "high": wide[1]},
        "sure": SURE,
        "outside": [int(right.sum()), len(right)],
        "full_beside_shortfall": [int(found[short].sum()), int(short.sum())],
        "deducted_beside_praise": [int(found[~short].sum()), int((~short).sum())],
        "middle_error": round(float(np.abs(middle - [one.row.share for one in held]).mean()), 4),
        "bytes": len(written),
    }


def main() -> None:
    """Train, and write the model, what is known of it, and the card."""
    from skops.io import get_untrusted_types

    from grading.triage.model import ABOUT as TRIAGE
    from grading.triage.train import write_card

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    model, known = train(chosen.seed, chosen.reports)
    foreign = sorted(set(get_untrusted_types(data=model)) - set(TRUSTED))
    if foreign:
        raise SystemExit(f"The trained model holds types beyond those trusted: {', '.join(foreign)}")
    MODEL.write_bytes(model)
    ABOUT.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_card(json.loads(TRIAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
