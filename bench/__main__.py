"""Every benchmark, one after the other: `make bench`, or `python -m bench [--data FOLDER]`.

Each prints ratios against a named peer or limit of the same run; absolute times belong to the machine. FOLDER may hold
`reports/` (a real report and samples with known findings) and `panels/` (pools with published draws); without it the
parts that need them are left out and say so.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run them all; 0 when each ended well."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--data", type=Path, help="a folder with reports/ and panels/")
    data = parser.parse_args().data
    reports = ["--data", str(data / "reports")] if data and (data / "reports").is_dir() else []
    panels = ["--samples", str(data / "panels" / "citizensassemblies")] if data and (data / "panels").is_dir() else []
    if not data:
        print("no --data FOLDER: the real report and the published draws are left out")
    failed = []
    for title, command in (
        ("audit chain beside a plain insert", ["-m", "bench.audit"]),
        ("checking a report beside reading it", ["-m", "bench.check_report", *reports]),
        ("assigning a season beside a min-cost flow", ["-m", "bench.matching"]),
        ("draws beside a plain solve", ["-m", "bench.draw", *panels]),
        ("the closing-day rush beside a bare view", ["-m", "bench.closing_day"]),
        ("opening bids beside a bare loop", ["-m", "bench.opening"]),
        ("ranking a large tender beside a bare sum", ["-m", "bench.ranking"]),
        ("signs of collusion in generated bid sets", ["-m", "bench.collusion"]),
        ("severity of raters beside plain means", ["-m", "bench.raters"]),
        ("a national year's grading beside a bare aggregate", ["-m", "bench.grading_year"]),
        ("lists and search of a library a hundred times as large", ["-m", "bench.library"]),
        ("triage beside the rules alone", ["-m", "bench.triage"]),
        ("implausible scores beside words alone", ["-m", "bench.scores"]),
        ("reports by another generator, beside two simpler checkers", ["-m", "bench.other_authors"]),
        *([("single wrong digits in a real report", ["-m", "bench.digit_slips", *reports])] if reports else []),
    ):
        print(f"\n== {title}", flush=True)
        if subprocess.run([sys.executable, *command], check=False, cwd=HERE.parent).returncode:
            failed.append(title)
    for title in failed:
        print(f"did not end well: {title}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
