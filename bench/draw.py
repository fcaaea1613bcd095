"""Panel draws: time, certified gap and smallest chance, beside a plain HiGHS solve and the published figures.

    python bench/draw.py [POOL_SIZE ...] [--samples FOLDER]

`plain` is the usual way with the same solver: experts one by one, maximin only, a column a solve; it is stopped
after a minute. FOLDER holds the citizensassemblies sample instances (categories.csv, respondents.csv).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from experts.draw import Candidate, Pool, Quota, plan_draw, public_record, verify_draw
from experts.draw.lottery import _Master
from experts.draw.pool import Kind
from experts.draw.program import PanelProgram, Shape
from experts.draw_tables import draw_from_seed, read_pool, read_quotas

LIMIT = 60.0
PUBLISHED = {"example_large_200": (0.100, 1161.8), "example_small_20": (0.100, 2.7)}
"""Smallest chance and seconds of LEXIMIN with a commercial solver, as published with the sample instances."""


def expert_pool(size: int) -> tuple[Pool, list[Quota]]:
    """Return a pool of five roles, 16 districts and one employer for five experts, a tenth excluded; 22 quotas."""
    dice = random.Random(1)
    roles = ["industry"] * 45 + ["scholar"] * 25 + ["npc"] * 10 + ["audit"] * 10 + ["discipline"] * 10
    candidates = [
        Candidate(
            f"e{number:05d}",
            {
                "role": dice.choice(roles),
                "district": f"d{min(15, int(dice.expovariate(0.25)))}",
                "senior": "yes" if dice.random() < 0.35 else "no",
            },
            employer=f"u{dice.randrange(max(1, size // 5))}",
            excluded="conflict" if dice.random() < 0.1 else None,
        )
        for number in range(size)
    ]
    quotas = [
        Quota("role", "industry", 2, 3),
        Quota("role", "scholar", 2, 2),
        Quota("role", "npc", 1, 1),
        Quota("role", "audit", 0, 1),
        Quota("role", "discipline", 1, 1),
        Quota("senior", "yes", 3, 7),
        *(Quota("district", f"d{number}", 0, 2) for number in range(16)),
    ]
    return Pool(candidates), quotas


def plain_maximin(pool: Pool, size: int, quotas: list[Quota]) -> tuple[float, float, bool]:
    """Return the smallest chance by column generation over single experts, the seconds, and whether it finished."""
    start = time.perf_counter()
    kinds = [Kind(kind.quotas, (position,)) for kind in pool.kinds(quotas) for position in kind.members]
    shape = Shape.of(kinds, quotas, size)
    program = PanelProgram(shape)
    first = program.best(np.zeros(len(kinds)))
    assert first is not None
    master = _Master(shape, [first])
    while time.perf_counter() - start < LIMIT:
        level, prices, offset = master.solve()
        panel = program.best(prices)
        if panel is None or float(prices @ panel) <= offset + 1e-7 or not master.add(panel):
            return level, time.perf_counter() - start, True
    return level, time.perf_counter() - start, False


def measure(
    name: str, pool: Pool, size: int, quotas: list[Quota], *, employer_cap: int | None = None, plain: bool = True
) -> None:
    """Plan, draw, record and verify once; print one row."""
    start = time.perf_counter()
    plan = plan_draw(pool, size, quotas, 3, caps={"employer": employer_cap} if employer_cap else None)
    planned = time.perf_counter() - start
    _, full = draw_from_seed(plan, "00")
    public = public_record(full)
    start = time.perf_counter()
    faults = verify_draw(full)
    verified = time.perf_counter() - start
    assert not faults, faults
    assert not verify_draw(public)
    smallest = float(min(plan.kind_chances))
    line = (
        f"{name:22} types {len(plan.kinds):5} quotas {len(plan.quotas):4} panels {len(plan.lottery):5}"
        f"  plan {planned:7.2f} s  verify {verified:5.2f} s  min {smallest:.6f}"
        f"  gap {float(plan.gap):.0e} ({100 * float(plan.gap) / smallest:.4f} %)"
    )
    if plain:
        chance, seconds, finished = plain_maximin(pool, size, quotas)
        line += f"  plain {seconds:6.2f} s min {chance:.6f}{'' if finished else ' (stopped)'}  x{seconds / planned:.0f}"
    if name in PUBLISHED:
        chance, seconds = PUBLISHED[name]
        line += f"  published {seconds} s min {chance:.3f}  x{seconds / planned:.0f}"
        assert abs(chance - smallest) < 0.0005
    print(line, flush=True)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("sizes", type=int, nargs="*", default=[200, 2000, 20000])
    options.add_argument("--samples", type=Path)
    given = options.parse_args()
    for name in PUBLISHED if given.samples else ():
        folder = given.samples / name
        pool, quotas = read_pool(folder / "respondents.csv"), read_quotas(folder / "categories.csv")
        measure(name, pool, int(name.rsplit("_", 1)[1]), quotas, plain=False)
    for size in given.sizes:
        pool, quotas = expert_pool(size)
        measure(f"7 of {size}", pool, 7, quotas, plain=size <= 2000)
        measure(f"7 of {size}, employers", pool, 7, quotas, employer_cap=1, plain=False)


if __name__ == "__main__":
    main()
