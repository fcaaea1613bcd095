"""Training the triage model, deterministically: `python -m grading.triage.train`.

Agencies are held apart: about a quarter of the agencies, and one whole layout, are never seen in training; all
figures of the
model card are measured on them. Calibration uses folds of whole agencies.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from grading.triage.card import PLOT, plot, render
from grading.triage.corpus import Labelled, labelled
from grading.triage.features import NAMES, RISING
from grading.triage.measuring import Measure, calibration_error, per_class, reliability
from grading.triage.model import ABOUT, FLOOR, MODEL, TRUSTED

SEED = 20260719
REPORTS = 200
HELD_LAYOUT = "landscape"
CARD = Path(__file__).resolve().parents[2] / "docs" / "model-card.md"
FOLDS = 4


def held_out(agency: str, layout: str) -> bool:
    """Whether a report of this agency and layout is kept from training."""
    return layout == HELD_LAYOUT or crc32(agency.encode()) % 4 == 0


def fit(rows: NDArray[np.float64], truth: NDArray[np.int64], agencies: NDArray[np.str_]) -> Any:
    """Gradient boosting, rising in confidence and agreement, with Platt scaling over folds of whole agencies."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedGroupKFold

    boosted = HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.12,
        max_leaf_nodes=8,
        min_samples_leaf=12,
        l2_regularization=1.0,
        early_stopping=False,
        monotonic_cst=[int(name in RISING) for name in NAMES],
        random_state=SEED,
    )
    folds = list(StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, truth, agencies))
    return CalibratedClassifierCV(boosted, method="sigmoid", cv=folds, ensemble=False).fit(rows, truth)


def dumped(model: Any) -> bytes:
    """The model as skops writes it, with running numbers in place of memory addresses.

    The same model gives the same bytes.
    """
    from skops.io import dumps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw = dumps(model)
    source = zipfile.ZipFile(io.BytesIO(raw))
    schema = source.read("schema.json").decode()
    numbers: dict[str, str] = {}
    for found in re.finditer(r'"__id__": (\d+)', schema):
        numbers.setdefault(found[1], str(len(numbers) + 1))

    def renamed(text: str) -> str:
        return re.sub(r"\d{9,}", lambda found: numbers.get(found[0], found[0]), text)

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        files = {renamed(name): source.read(name) for name in source.namelist() if name != "schema.json"}
        files["schema.json"] = renamed(schema).encode()
        for name in sorted(files):
            target.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def about(data: Labelled, probabilities: NDArray[np.float64], held: NDArray[np.bool_], model: bytes) -> dict[str, Any]:
    """What the model card is written from."""
    import sklearn

    values = np.where(np.array(data.floors), np.maximum(probabilities, FLOOR), probabilities)[held]
    truth = data.truth[held]
    codes = [code for code, kept in zip(data.codes, held, strict=True) if kept]
    whole = Measure.of(truth, values >= FLOOR)
    bare = Measure.of(truth, probabilities[held] >= FLOOR)
    classes = per_class(codes, truth, probabilities[held])
    return {
        "sha256": hashlib.sha256(model).hexdigest(),
        "sklearn": sklearn.__version__,
        "seed": SEED,
        "features": list(NAMES),
        "rising": list(RISING),
        "held_layout": HELD_LAYOUT,
        "reports": data.reports,
        "findings": {"training": int((~held).sum()), "held": int(held.sum()), "unclear": data.unclear},
        "share_true": {"training": _share(data.truth[~held]), "held": _share(truth)},
        "rules_precision": _share(truth),
        "held_overall": whole.to_json(),
        "held_unfloored": bare.to_json(),
        "held_by_class": {code: measure.to_json() for code, measure in classes.items()},
        "slips": {code: [data.caught[code], data.slips[code]] for code in sorted(data.slips)},
        "reliability": reliability(truth, probabilities[held]),
        "calibration_error": round(calibration_error(truth, probabilities[held]), 4),
        "bytes": len(model),
    }


def _share(truth: NDArray[np.int64]) -> float:
    return round(float(truth.mean()), 4) if len(truth) else 0.0


def train(seed: int, reports: int) -> tuple[bytes, dict[str, Any]]:
    """The trained model's bytes, and what is known of it."""
    data = labelled(seed, reports)
    held = np.array(
        [held_out(agency, layout) for agency, layout in zip(data.agencies, data.layouts, strict=True)], dtype=np.bool_
    )
    model = fit(data.rows[~held], data.truth[~held], np.array(data.agencies)[~held])
    written = dumped(model)
    return written, about(data, model.predict_proba(data.rows)[:, 1], held, written)


def write_card(known: dict[str, Any]) -> None:
    """Write the model card and its plot into the documentation."""
    scoring = json.loads((ABOUT.parent / "score_model.json").read_text(encoding="utf-8"))
    CARD.write_text(render(known, scoring), encoding="utf-8")
    (CARD.parent / PLOT).write_text(plot(known), encoding="utf-8")


def main() -> None:
    """Train, and write the model, what is known of it, and its card."""
    from skops.io import get_untrusted_types

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--card", action="store_true", help="only write card and plot anew from the record")
    chosen = parser.parse_args()
    if chosen.card:
        write_card(json.loads(ABOUT.read_text(encoding="utf-8")))
        return
    model, known = train(chosen.seed, chosen.reports)
    foreign = sorted(set(get_untrusted_types(data=model)) - set(TRUSTED))
    if foreign:
        raise SystemExit(f"The trained model holds types beyond those trusted: {', '.join(foreign)}")
    MODEL.write_bytes(model)
    ABOUT.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_card(known)


if __name__ == "__main__":
    main()
