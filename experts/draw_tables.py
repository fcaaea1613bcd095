"""A draw from two tables alone: reading pool and quotas as people write them, drawing from one seed, and the answer."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from core.records import Record
from experts.draw import (
    BadPool,
    Candidate,
    DrawPlan,
    DrawResult,
    Infeasible,
    Pool,
    Quota,
    Reveal,
    commit_draw,
    promise,
    record,
    run_draw,
    settle,
)
from experts.draw.pool import EMPLOYER

ROLES = ("first", "second")
ID, EXCLUDED = "id", "excluded"
NOT_EXCLUDED = {"", "0", "no", "n", "false", "否", "无"}
VALUE_COLUMNS = ("feature", "name", "value")
"""The spellings of the quotas' value column in use; where there is no `category`, the `feature` is the category."""


def read_pool(path: Path, categories: Collection[str] | None = None) -> Pool:
    """Read a pool: one row a person, one column a category; `id`, `employer` and `excluded` are optional columns.

    Only the columns of `categories` (those the quotas name; None for all) are kept: nobody's telephone belongs in a
    record. Without the column `id`, people are called by the number of their row, from 1. Raises BadPool, naming row
    and column.
    """
    header, rows = _table(path)
    if not rows:
        raise BadPool(
            f"专家库为空:{path.name} 只有表头,没有可抽取的专家。",
            f"The pool is empty: {path.name} has a header and nobody to draw.",
        )
    named = set(header) - {ID, EXCLUDED} if categories is None else set(categories)
    missing = sorted(named - set(header))
    if missing:
        raise BadPool(
            f"配额的类别“{missing[0]}”不是名单的列(名单有:{'、'.join(header)})。",
            f"The quotas' category “{missing[0]}” is no column of the pool, which has: {', '.join(header)}.",
        )
    candidates, lines = [], dict[str, int]()
    for number, (line, row) in enumerate(rows, start=1):
        name = row.get(ID, f"{number:06d}")
        if not name:
            raise BadPool(f"名单第 {line} 行没有编号(id)。", f"Row {line} of the pool has no id.")
        if name in lines:
            raise BadPool(
                f"专家 {name} 在名单第 {lines[name]} 行和第 {line} 行重复出现。",
                f"Expert {name} stands twice in the pool, in rows {lines[name]} and {line}.",
            )
        lines[name] = line
        reason = "" if EXCLUDED in named else row.get(EXCLUDED, "")
        features = {key: value for key, value in row.items() if key in named and key != EMPLOYER}
        excluded = None if reason.lower() in NOT_EXCLUDED else reason
        candidates.append(Candidate(name, features, row.get(EMPLOYER) or None, excluded))
    return Pool(candidates)


def read_quotas(path: Path) -> list[Quota]:
    """Read quotas: columns `category`, `feature` (the value), `min`, `max`. Raises BadPool, naming row and column."""
    header, rows = _table(path)
    category = "category" if "category" in header else "feature"
    value = next((one for one in VALUE_COLUMNS if one in header and one != category), "feature")
    for column in (category, value, "min", "max"):
        if column not in header:
            raise BadPool(
                f"配额表缺少列“{column}”(应有 category,feature,min,max)。",
                f"The quotas lack the column “{column}” (they need category,feature,min,max).",
            )
    quotas = []
    for line, row in rows:
        for column in (category, value):
            if not row[column]:
                raise BadPool(
                    f"配额表第 {line} 行的“{column}”为空。", f"Row {line} of the quotas has an empty “{column}”."
                )
        quotas.append(Quota(row[category], row[value], _whole(row, "min", line), _whole(row, "max", line)))
    return quotas


def _whole(row: dict[str, str], column: str, line: int) -> int:
    text = row[column].removesuffix(".0")
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10):
        raise BadPool(
            f"配额表第 {line} 行的“{column}”应为整数,现为“{row[column]}”。",
            f"“{column}” in row {line} of the quotas must be a whole number, not “{row[column]}”.",
        )
    return int(text)


def _table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return header and rows (numbered, blank ones left out) of a CSV in UTF-8, UTF-16 with its mark, or GBK."""
    text = _text(path)
    first = text.split("\n", 1)[0]
    delimiter = next((one for one in ",\t;" if one in first), ",")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadPool(f"{path.name} 不是有效的 CSV:{error}。", f"{path.name} is no valid CSV: {error}.") from error
    header = [cell.strip() for cell in lines[0]] if lines else []
    if not any(header):
        raise BadPool(f"{path.name} 是空的,没有表头。", f"{path.name} is empty: it has no header.")
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise BadPool(f"{path.name} 的列“{twice}”重复。", f"{path.name} has the column “{twice}” twice.")
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        row = [cell.strip() for cell in cells]
        if not any(row):
            continue
        if len(row) != len(header):
            raise BadPool(
                f"{path.name} 第 {number} 行有 {len(row)} 列,与表头的 {len(header)} 列不符:列数不对。",
                f"Row {number} of {path.name} has {len(row)} columns, its header {len(header)}.",
            )
        rows.append((number, dict(zip(header, row, strict=True))))
    return header, rows


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadPool(
            f"无法读取 {path.name}:{error.strerror}。", f"{path.name} cannot be read: {error.strerror}."
        ) from error
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise BadPool(
        f"{path.name} 不是文本(应为 UTF-8 或 GBK 编码的 CSV)。", f"{path.name} is no text (a CSV in UTF-8 or GBK)."
    )


def draw_from_seed(plan: DrawPlan, seed: str) -> tuple[DrawResult, Record]:
    """Hold a whole draw from one seed: salt and both roles' secrets are derived from it, so that it can be repeated."""
    salt, *secrets = (hashlib.sha256(f"{seed}/{name}".encode()).hexdigest() for name in ("salt", *ROLES))
    commitment = commit_draw(plan, salt)
    promises = [promise(commitment, role, role, secret) for role, secret in zip(ROLES, secrets, strict=True)]
    reveals = [Reveal(role, secret) for role, secret in zip(ROLES, secrets, strict=True)]
    attempt = settle(commitment, promises, reveals)
    result = run_draw(plan, attempt)
    return result, record(plan, salt, [attempt], result)


def summary(plan: DrawPlan, result: DrawResult, full: Record) -> dict[str, Any]:
    """Return what `--json` prints for a draw."""
    return {
        "probabilities": {name: float(chance) for name, chance in plan.chances.items()},
        "panels": len(plan.lottery),
        "panel": list(result.seats),
        "reserves": list(result.reserves),
        "smallest": float(min(plan.kind_chances)),
        "gap": float(plan.gap),
        "record": full,
    }


def in_lines(plan: DrawPlan, result: DrawResult) -> str:
    """Return what is printed for a draw without `--json`."""
    chances = plan.kind_chances
    lines = [
        f"机会 / chances: {float(min(chances)):.6f} – {float(max(chances)):.6f}  (±{float(plan.gap):.1e})",
        f"组合 / panels: {len(plan.lottery)}",
        f"抽中 / panel: {', '.join(result.seats)}",
        f"候补 / reserves: {', '.join(result.reserves) or '-'}",
    ]
    return "\n".join(lines + [f"{name}\t{float(chance):.8f}" for name, chance in plan.chances.items()])


def fault(error: BadPool | Infeasible) -> dict[str, Any]:
    """Return what `--json` prints where there is no draw: why, and for quotas what blocks and what would help."""
    found: dict[str, Any] = {"error": "infeasible" if isinstance(error, Infeasible) else "input"}
    found |= {"zh": error.zh, "en": error.en}
    if isinstance(error, Infeasible):
        found |= {
            "eligible": error.eligible,
            "size": error.size,
            "blocking": _listed(error.blocking),
            "relaxation": [
                {**one, "min": step.minimum, "max": step.maximum, "was": [one["min"], one["max"]]}
                for step in error.relaxation
                for one in _listed([step.quota])
            ],
            "exclusions": error.readmit,
        }
    return found


def _listed(quotas: Sequence[Quota]) -> list[dict[str, Any]]:
    return [{"category": q.feature, "feature": q.value, "min": q.minimum, "max": q.maximum} for q in quotas]
