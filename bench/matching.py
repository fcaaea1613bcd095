"""Assigning a season beside OR-tools' min-cost flow on the same numbers: `python -m bench.matching [REVIEWS EXPERTS]…`.

Demand 3, load at most 6, 5 % conflicts, random scores. Each run is a process of its own, so that its memory is its
own. The peer runs in an environment of its own under `var/bench-peers`; where it cannot be had, only ours is printed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "var" / "bench-peers"
DEMAND, LOAD, CONFLICTS = 3, 6, 0.05
SIZES = ("2000", "2000", "5000", "3000")


def season(reviews: int, experts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and conflicts, the same for everybody who is measured."""
    rng = np.random.default_rng(20261125)
    return rng.random((reviews, experts)), rng.random((reviews, experts)) < CONFLICTS


def ours(reviews: int, experts: int) -> dict[str, float]:
    """Assign with the house's own solver."""
    from experts.matching import assign

    scores, forbidden = season(reviews, experts)
    began = time.perf_counter()
    found = assign(scores, demand=DEMAND, max_load=LOAD, forbidden=forbidden)
    return {"seconds": time.perf_counter() - began, "objective": found.objective, "bound": found.bound}


def ortools(reviews: int, experts: int) -> dict[str, float]:
    """Assign with OR-tools' SimpleMinCostFlow over every allowed pair; scores rounded to a millionth."""
    from ortools.graph.python import min_cost_flow  # type: ignore[import-not-found]  # only in the peers' environment

    scores, forbidden = season(reviews, experts)
    began = time.perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    rows, columns = np.nonzero(~forbidden)
    flow.add_arcs_with_capacity_and_unit_cost(
        rows, reviews + columns, np.ones(len(rows), dtype=int), -np.rint(scores[rows, columns] * 1e6).astype(int)
    )
    sink = reviews + experts
    flow.add_arcs_with_capacity_and_unit_cost(
        reviews + np.arange(experts), np.full(experts, sink), np.full(experts, LOAD), np.zeros(experts, dtype=int)
    )
    flow.set_nodes_supplies(np.append(np.arange(reviews), sink), np.append(np.full(reviews, DEMAND), -DEMAND * reviews))
    status = flow.solve()
    assert status == flow.OPTIMAL, status
    used = flow.flows(np.arange(len(rows))) > 0
    return {"seconds": time.perf_counter() - began, "objective": float(scores[rows[used], columns[used]].sum())}


def measured(python: Path | str, who: str, reviews: int, experts: int) -> dict[str, float] | None:
    """Run one in a process of its own and return what it said with its peak memory, None where it did not run."""
    command = [str(python), "-m", "bench.matching", "--run", who, str(reviews), str(experts)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1] if done.stderr else "no answer", file=sys.stderr)
        return None
    said: dict[str, float] = json.loads(done.stdout)
    return said


def peers_python() -> Path | None:
    """Return the interpreter of the peers' environment, made on first use; None where OR-tools cannot be had."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "ortools", "numpy"]
        if subprocess.run(pip, check=False, capture_output=True).returncode:
            return None
    return python


def main() -> int:
    """Print a line a size: seconds, memory, the proof, and the ratio to the peer."""
    if sys.argv[1:2] == ["--run"]:
        said = {"ours": ours, "ortools": ortools}[sys.argv[2]](int(sys.argv[3]), int(sys.argv[4]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**said, "megabytes": peak}))
        return 0
    sizes = [int(one) for one in (sys.argv[1:] or SIZES)]
    peer = peers_python()
    for reviews, experts in zip(sizes[::2], sizes[1::2], strict=True):
        mine = measured(sys.executable, "ours", reviews, experts)
        if mine is None:
            return 1
        gap = (mine["bound"] - mine["objective"]) / mine["bound"]
        line = f"{reviews} × {experts}: {mine['seconds']:.2f} s, {mine['megabytes']:.0f} MB, proved gap {gap:.1e}"
        other = measured(peer, "ortools", reviews, experts) if peer else None
        if other:
            time_share, memory_share, fit = (mine[key] / other[key] for key in ("seconds", "megabytes", "objective"))
            line += (
                f"; OR-tools {other['seconds']:.2f} s, {other['megabytes']:.0f} MB: ours {time_share:.2f} of its time,"
            )
            line += f" {memory_share:.2f} of its memory, {fit:.6f} of its fit"
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
