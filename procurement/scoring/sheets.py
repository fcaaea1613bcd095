"""评分表: each member's own sheet, and what must be right before sheets are locked (R-COMM-11, R-EVAL-05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from core.records import Fault
from procurement.scoring.criteria import Criterion, CriterionKind, Scheme

RULE = "R-EVAL-05"


@dataclass(frozen=True)
class Sheet:
    """One member's points: by bid, by criterion."""

    member: str
    points: Mapping[str, Mapping[str, Decimal]]


def check_sheets(scheme: Scheme, bids: Sequence[str], sheets: Sequence[Sheet]) -> list[Fault]:
    """Return what keeps sheets from being locked.

    Points missing or not asked for, points outside the criterion's range or bands, and objective criteria that members
    scored differently; the places are `member/bid/criterion`, or `bid/criterion` for objective differences.
    """
    faults: list[Fault] = []
    seen: set[str] = set()
    ranges = {one.id: _ranges(one) for one in scheme.scored}
    for sheet in sheets:
        if sheet.member in seen:
            faults.append(Fault(RULE, sheet.member, "同一评委有两张评分表。", "One member has two sheets."))
        seen.add(sheet.member)
        if not _is_faultless(ranges, bids, sheet):
            faults += _sheet_faults(scheme, bids, sheet)
    for criterion in scheme.scored:
        if criterion.kind is CriterionKind.OBJECTIVE:
            for bid in bids:
                given = [
                    sheet.points[bid][criterion.id] for sheet in sheets if criterion.id in sheet.points.get(bid, {})
                ]
                if any(points != given[0] for points in given):
                    faults.append(
                        Fault(
                            RULE,
                            f"{bid}/{criterion.id}",
                            f"客观评审因素“{criterion.title}”各评委评分不一致。",
                            f"Members scored the objective criterion “{criterion.title}” differently.",
                        )
                    )
    return faults


def _ranges(criterion: Criterion) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return the ranges in which points are allowed, both ends included."""
    zero = Decimal(0)
    if not criterion.bands:
        return ((zero, criterion.maximum),)
    return tuple((max(band.minimum, zero), min(band.maximum, criterion.maximum)) for band in criterion.bands)


def _is_faultless(ranges: Mapping[str, tuple[tuple[Decimal, Decimal], ...]], bids: Sequence[str], sheet: Sheet) -> bool:
    """Whether a whole sheet is right, told quickly; whatever is not is then looked at point by point."""
    if sheet.points.keys() != set(bids):
        return False
    try:
        for given in sheet.points.values():
            if given.keys() != ranges.keys():
                return False
            for name, points in given.items():
                for low, high in ranges[name]:
                    if low <= points <= high:
                        break
                else:
                    return False
    except InvalidOperation:  # not a number at all
        return False
    return True


def _sheet_faults(scheme: Scheme, bids: Sequence[str], sheet: Sheet) -> list[Fault]:
    faults = []
    for bid in sorted({*bids, *sheet.points}):
        given = sheet.points.get(bid, {})
        known = {criterion.id: criterion for criterion in scheme.scored} if bid in bids else {}
        for name in sorted({*known, *given}):
            at = f"{sheet.member}/{bid}/{name}"
            if name not in known:
                faults.append(Fault(RULE, at, "此项不在评分范围内。", "This is not to be scored."))
            elif name not in given:
                faults.append(Fault(RULE, at, "此项尚未评分。", "This is not scored yet."))
            elif not known[name].allows(given[name]):
                faults.append(
                    Fault(
                        RULE,
                        at,
                        f"评分 {given[name]} 超出评审因素的分值范围(满分 {known[name].maximum})。",
                        f"{given[name]} is outside the criterion's points (at most {known[name].maximum}).",
                    )
                )
    return faults
