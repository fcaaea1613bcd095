"""The same draw by sortition-algorithms' maximin, in the peers' environment: `draw_peer.py POOL.csv QUOTAS.csv SIZE`.

It imports nothing of ours and prints the smallest chance and the seconds of finding the lottery as JSON.
"""

from __future__ import annotations

import csv
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Read, solve, print."""
    peer: Any = importlib.import_module("sortition_algorithms")
    generation: Any = importlib.import_module("sortition_algorithms.committee_generation")
    pool, quotas, size = sys.argv[1:4]
    with Path(quotas).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    heads = ["feature", "value", "min", "max"]
    named = [dict(zip(heads, row.values(), strict=True)) for row in rows]
    features, *_ = peer.read_in_features(heads, named, int(size))
    with Path(pool).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        people_rows = list(reader)
    kept = [name for name in reader.fieldnames or [] if name != "id"]
    settings = peer.Settings(id_column="id", columns_to_keep=kept, check_same_address=False)
    people, _ = peer.read_in_people(["id", *kept], people_rows, features, settings)
    began = time.perf_counter()
    committees, shares, *_ = generation.find_distribution_maximin(features, people, int(size), [])
    seconds = time.perf_counter() - began
    chances = dict.fromkeys((row["id"] for row in people_rows), 0.0)
    for committee, share in zip(committees, shares, strict=True):
        for one in committee:
            chances[one] += share
    sys.stdout.write(json.dumps({"seconds": seconds, "smallest": min(chances.values())}) + "\n")


if __name__ == "__main__":
    main()
