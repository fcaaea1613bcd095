"""What checking a report costs and how good it is.

    python bench/check_report.py [--data FOLDER]

Cost: warm and inside the process, against the bare reading of the same file (python-docx for DOCX; pypdfium2 text plus
pdfplumber tables for PDF). Accuracy: findings with probability ≥ 0.5 on the shared samples, where FOLDER holds
them, and on
generated reports with one planted slip each.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import report_cost
from grading.check_report import check_document
from grading.checks.registry import load
from grading.reading.document import Report
from grading.reading.worker import read_file

CLASSES = {
    "S1": "score-sum",
    "S2": "score-over-weight",
    "S3": "weight-sum",
    "S4": "score-rate",
    "S5": "grade-band",
    "S6": "grade-missing",
    "S7": "wrong-category",
    "B1": "execution-rate",
    "B2": "money-sum",
    "Q2": "count-sum",
    "U2": "malformed-number",
    "R1": "missing-section",
}


def bare_docx(path: Path) -> None:
    """Read a DOCX the plain way: every paragraph and every cell."""
    import docx

    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        _ = paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                _ = cell.text


def bare_pdf(path: Path) -> None:
    """Read a PDF the plain way: text by pypdfium2, tables by pdfplumber."""
    import pdfplumber
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    for number in range(len(document)):
        document[number].get_textpage().get_text_range()
    with pdfplumber.open(path) as paper:
        for page in paper.pages:
            page.extract_tables()
            page.close()


def best_of(count: int, task: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def cost(paths: list[Path]) -> None:
    """Print what each file costs beside its bare reading."""
    print(f"{'file':24} {'bare s':>8} {'check s':>8} {'ratio':>6}  aim")
    for path in paths:
        word = path.suffix == ".docx"
        bare = best_of(2, lambda path=path, word=word: (bare_docx if word else bare_pdf)(path))
        ours = best_of(2, lambda path=path: check_document(read_file(path, 600)))
        print(f"{path.name:24} {bare:8.2f} {ours:8.2f} {ours / bare:6.2f}  ≤ {4 if word else 2}")


def squeezed(text: str) -> str:
    """Text without blanks, for comparing quotes."""
    return re.sub(r"\s", "", text)


def samples(folder: Path) -> None:
    """Print precision and recall per class on the shared samples."""
    truth = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for name, about in truth.items():
        path = folder / name
        if not path.exists():
            continue
        result = check_document(read_file(path, 600))
        likely = [f for f in result.findings if (f.probability or 0) >= 0.5]
        planted = [p for p in about["planted"] if p["code"] in CLASSES]
        allowed = {CLASSES.get(code, code) for p in about["planted"] for code in [p["code"], *p.get("also", [])]}
        for slip in planted:
            code = CLASSES[slip["code"]]
            hits = [f for f in likely if f.code == code]
            near = [
                f
                for f in hits
                if any(
                    squeezed(e.quote) in squeezed(slip["quote"]) or squeezed(slip["quote"]) in squeezed(e.quote)
                    for e in f.evidence
                )
            ]
            (right if near or hits else missed)[code] += 1
        for finding in likely:
            if finding.code not in allowed:
                false[finding.code] += 1
    table("shared samples", right, missed, false)


def generated(count: int) -> None:
    """Print precision and recall per class on generated reports, one slip each, and false findings on clean ones."""
    import numpy as np

    from grading.synthesis import CODES, inject, make_report, render_docx
    from grading.synthesis.planting import NotPlantable

    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    known = {registered.code for registered in load()} | {"count-sum"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"

        def likely(report: object) -> set[str]:
            render_docx(report, path)
            found = check_document(read_file(path, 600)).findings
            return {finding.code for finding in found if (finding.probability or 0) >= 0.5}

        for seed in range(count):
            false.update(likely(make_report(np.random.default_rng(90_000 + seed))))
            for code in sorted(known & set(CODES)):
                rng = np.random.default_rng(91_000 + seed)
                try:
                    planted = inject(rng, make_report(rng), code)
                except NotPlantable:
                    continue
                found = likely(planted.report)
                (right if code in found else missed)[code] += 1
                false.update(found - {code, *planted.also})
    table(f"{count} clean and up to {count} flawed generated reports per class (DOCX)", right, missed, false)


def table(name: str, right: Counter[str], missed: Counter[str], false: Counter[str]) -> None:
    """Print one table of precision and recall."""
    print(f"\n{name}\n{'class':20} {'found':>6} {'missed':>6} {'false':>6} {'precision':>9} {'recall':>7}")
    for code in [*sorted({*right, *missed, *false}), "all"]:
        a, b, c = (counter.total() if code == "all" else counter[code] for counter in (right, missed, false))
        precision = f"{a / (a + c):9.3f}" if a + c else "        —"
        recall = f"{a / (a + b):7.3f}" if a + b else "      —"
        print(f"{code:20} {a:6} {b:6} {c:6} {precision} {recall}")


def describe(path: Path) -> None:
    """Print what is read of one real report."""
    report: Report = read_file(path, 600)
    result = check_document(report)
    errors = [(f.code, f.probability) for f in result.findings if f.severity.value == "error"]
    print(f"{path.name}: {result.coverage} E: {errors}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=8)
    options = parser.parse_args()
    folder = options.data
    if folder and folder.is_dir():
        paths = sorted([*folder.glob("*.docx"), *folder.glob("*.pdf")])
        cost(paths)
        report_cost.main([path for path in paths if path.name.startswith("real")])
        samples(folder)
        for path in paths:
            if path.name.startswith("real"):
                describe(path)
    generated(options.count)


if __name__ == "__main__":
    main()
