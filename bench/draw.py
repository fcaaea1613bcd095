"""Panel draws: time, certified gap and smallest chance, beside a plain HiGHS solve, a peer and published figures.

    python -m bench.draw [POOL_SIZE ...] [--peer POOL_SIZE ...] [--samples FOLDER]

`plain` is the usual way with the same solver: experts one by one, maximin only, a column a solve; it is stopped
after a minute. The peer is sortition-algorithms' maximin on the same tables, in an environment of its own under
`var/bench-peers-draw`; where it cannot be had, only ours is printed. FOLDER holds the citizensassemblies sample
instances (categories.csv, respondents.csv). `verify` is the whole command `flask verify draw FILE`, start included.
Wrong chances, a record that does not verify or a gap above one per cent end the run; times belong to the machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.records import written
from experts.draw import Candidate, Pool, Quota, plan_draw, public_record, verify_draw
from experts.draw.lottery import _Master
from experts.draw.pool import Kind
from experts.draw.program import PanelProgram, Shape
from experts.draw_tables import draw_from_seed, read_pool, read_quotas

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "var" / "bench-peers-draw"
LIMIT = 60.0
AIM, AIM_OF_CAPS, AIM_OF_VERIFYING = 3.0, 20.0, 5.0
"""Seconds for a plan with 22 quotas, for one with a cap on every employer, and for verifying any of them."""
LARGEST_GAP = 0.01
"""Of the smallest chance."""
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
    assert not verify_draw(public_record(full))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.json"
        file.write_bytes(written(full))
        start = time.perf_counter()
        command = [sys.executable, "-m", "flask", "--app", "app", "verify", "draw", str(file)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        verified = time.perf_counter() - start
        megabytes = file.stat().st_size / 1e6
    smallest = float(min(plan.kind_chances))
    share = float(plan.gap) / smallest
    assert share <= LARGEST_GAP, share
    line = (
        f"{name:22} types {len(plan.kinds):5} quotas {len(plan.quotas):4} panels {len(plan.lottery):5}"
        f"  plan {_aimed(planned, AIM_OF_CAPS if employer_cap else AIM)}  verify {_aimed(verified, AIM_OF_VERIFYING)}"
        f"  {megabytes:.1f} MB  min {smallest:.6f}  gap {100 * share:.1e} %"
    )
    if plain:
        chance, seconds, finished = plain_maximin(pool, size, quotas)
        line += f"  plain {seconds:.2f} s min {chance:.6f}{'' if finished else ' (stopped)'}  x{seconds / planned:.0f}"
    if name in PUBLISHED:
        chance, seconds = PUBLISHED[name]
        line += f"  published {seconds} s min {chance:.3f}  x{seconds / planned:.0f}"
        assert abs(chance - smallest) < 0.0005
    print(line, flush=True)


def _aimed(seconds: float, aim: float) -> str:
    return f"{seconds:5.2f} s ({'within' if seconds <= aim else 'MISSES'} {aim:.0f})"


def beside_peer(size: int) -> None:
    """Draw from the same tables by sortition-algorithms and by ours; the smallest chances must agree."""
    python = peers_python()
    if python is None:
        print("sortition-algorithms cannot be had here: no peer")
        return
    pool, quotas = expert_pool(size)
    quotas.append(Quota("senior", "no", 0, 7))
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("pool.csv", "quotas.csv")]
        columns = ["role", "district", "senior"]
        people = [[c.id, *(c.features[name] for name in columns)] for c in pool.candidates if c.excluded is None]
        lines = [[q.feature, q.value, q.minimum, q.maximum] for q in quotas]
        heads = [["id", *columns], ["category", "feature", "min", "max"]]
        for path, header, rows in zip(files, heads, (people, lines), strict=True):
            with Path(path).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *rows])
        start = time.perf_counter()
        plan = plan_draw(read_pool(Path(files[0]), set(columns)), 7, read_quotas(Path(files[1])))
        planned = time.perf_counter() - start
        command = [str(python), str(ROOT / "bench" / "draw_peer.py"), *files, "7"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"the peer did not end well: {done.stderr.strip().splitlines()[-1:]}")
        return
    said = json.loads(done.stdout.strip().splitlines()[-1])
    smallest = float(min(plan.kind_chances))
    print(
        f"7 of {len(people)} beside sortition-algorithms maximin: ours {planned:.2f} s min {smallest:.6f},"
        f" peer {said['seconds']:.1f} s min {said['smallest']:.6f}  x{said['seconds'] / planned:.0f}",
        flush=True,
    )
    assert abs(smallest - said["smallest"]) < 1e-6


def peers_python() -> Path | None:
    """Return the interpreter of the peer's environment, made on first use; None where the peer cannot be had."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "sortition-algorithms==0.12.15"]
    return None if subprocess.run(pip, check=False, capture_output=True).returncode else python


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("sizes", type=int, nargs="*", default=[200, 2000, 20000])
    options.add_argument("--peer", type=int, nargs="*", default=[200])
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
    for size in given.peer:
        beside_peer(size)


if __name__ == "__main__":
    main()
