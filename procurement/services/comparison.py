"""Side by side: a lot's bids as columns, what they offer and what was judged as rows, the best of each row marked.

Before the sheets are added up only offers and examinations stand here: members' points stay hidden (R-COMM-11).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from core.i18n import Text, _l
from core.spreadsheets import Column, export_xlsx
from core.spreadsheets.columns import Cell as SheetCell
from core.states import State
from core.unit_of_work import UnitOfWork
from procurement.models import Criterion, Lot, Score, Tender
from procurement.queries.conformity import conformity_lines, line_words, requirements_of
from procurement.queries.standings import BidStanding, Standings
from procurement.scoring.price import rounded
from procurement.services.concluding import LotResult, Ranked
from procurement.services.scoring_sheets import scores_of
from procurement.states import CriterionKind, Evaluation, SeatState, TenderState

TERMS = {
    "service_until": _l("服务完成日期"),
    "terms": _l("主要条款"),
}
"""What an opening sheet says beside the price; other keys stand under their own name."""
SAID_ELSEWHERE = ("price", "currency")
"""The price has a row of its own, and every price of a tender is in yuan."""
SHOWS_POINTS = (TenderState.EVALUATED, TenderState.AWARDED)


@dataclass(frozen=True)
class MemberPoints:
    """What one member gave, with the reason written beside it."""

    member: str
    points: Decimal
    rationale: str


@dataclass(frozen=True)
class Cell:
    """One bid's part of a row: a figure or words; `best` where no other bid does better and not all are equal."""

    number: Decimal | None = None
    text: Text = ""
    state: State | None = None
    best: bool = False
    members: Sequence[MemberPoints] = ()
    formula: str = ""

    @property
    def shown(self) -> str:
        """What the cell says, by which cells of a row are compared."""
        return str(self.text) if self.number is None else str(self.number)


@dataclass(frozen=True)
class Row:
    """One line of the comparison. `maximum` in points; `form` is how it is written: money, points, rank or day."""

    title: Text
    cells: Sequence[Cell]
    kind: Text = ""
    maximum: Decimal | None = None
    form: str = "text"
    rule_id: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the bids differ in it."""
        return len({cell.shown for cell in self.cells}) > 1


@dataclass(frozen=True)
class Group:
    """Rows that belong together."""

    title: Text
    rows: Sequence[Row]


@dataclass(frozen=True)
class Comparison:
    """One lot's comparison; `bids` are its columns, ranked ones first in their order."""

    lot: Lot
    bids: Sequence[BidStanding]
    groups: Sequence[Group]
    ranks: Mapping[str, int] = field(default_factory=dict)

    def only_differences(self) -> Comparison:
        """Return the same without the rows in which all bids agree."""
        groups = [Group(one.title, [row for row in one.rows if row.differs]) for one in self.groups]
        return Comparison(self.lot, self.bids, [one for one in groups if one.rows], self.ranks)


def compare(uow: UnitOfWork, tender: Tender, standings: Standings, result: LotResult | None, lot: Lot) -> Comparison:
    """Return the comparison of a lot; `result` is its ranking once the sheets are added up."""
    ranked = {str(one.bid.id): one for one in (result.ranked if result else ())}
    bids = sorted(
        standings.of_lot(lot),
        key=lambda one: ranked[str(one.bid.id)].score.rank if str(one.bid.id) in ranked else len(ranked) + 1,
    )
    groups = [
        Group(_l("开标一览表"), _offer_rows(bids)),
        Group(_l("资格审查和符合性审查"), _review_rows(standings, bids)),
    ]
    if ranked and tender.state in SHOWS_POINTS and tender.evaluation is Evaluation.LOWEST_PRICE:
        groups.append(Group(_l("评审价和排序"), _price_rows(bids, ranked)))
    elif ranked and result is not None and tender.state in SHOWS_POINTS:
        groups += [
            Group(_l("商务技术评分"), _criterion_rows(uow, tender, standings, bids, ranked)),
            Group(_l("得分和排序"), _total_rows(tender, bids, ranked, result)),
        ]
    return Comparison(lot, bids, groups, {bid: one.score.rank for bid, one in ranked.items()})


def comparison_xlsx(comparison: Comparison, *, title: str) -> bytes:
    """Return the comparison as a sheet: a row a criterion, a column a bid, then each member's points on rows below."""
    columns = [
        Column("group", "类别", "Group", width=20),
        Column("row", "项目", "Item", width=32),
        Column("maximum", "满分", "Full points", kind="number", width=10),
        *(
            Column(str(one.bid.id), one.bid.bidder.name, one.bid.bidder.name, kind="number", width=24)
            for one in comparison.bids
        ),
    ]
    rows: list[dict[str, SheetCell]] = []
    for group in comparison.groups:
        for row in group.rows:
            rows.append(_sheet_row(comparison, group.title, str(row.title), row.maximum, row.cells))
            names = dict.fromkeys(given.member for cell in row.cells for given in cell.members)
            for name in names:
                cells = [
                    Cell(number=next((given.points for given in cell.members if given.member == name), None))
                    for cell in row.cells
                ]
                rows.append(_sheet_row(comparison, group.title, f"{row.title} · {name}", row.maximum, cells))
    return export_xlsx(columns, rows, title=title)


def _sheet_row(
    comparison: Comparison, group: Text, title: str, maximum: Decimal | None, cells: Sequence[Cell]
) -> dict[str, SheetCell]:
    values: dict[str, SheetCell] = {"group": str(group), "row": title, "maximum": maximum}
    for one, cell in zip(comparison.bids, cells, strict=True):
        values[str(one.bid.id)] = cell.number if cell.number is not None else str(cell.text)
    return values


def _marked(cells: Sequence[Cell], better: Callable[[Decimal, Decimal], bool]) -> list[Cell]:
    """Mark every cell that no other beats; none where all figures are equal."""
    numbers = [cell.number for cell in cells if cell.number is not None]
    if len(set(numbers)) < 2:
        return list(cells)
    best = numbers[0]
    for number in numbers[1:]:
        best = number if better(number, best) else best
    return [Cell(cell.number, cell.text, cell.state, cell.number == best, cell.members, cell.formula) for cell in cells]


def _lower(one: Decimal, other: Decimal) -> bool:
    return one < other


def _higher(one: Decimal, other: Decimal) -> bool:
    return one > other


def _offer_rows(bids: Sequence[BidStanding]) -> list[Row]:
    sheets = [one.bid.opening_sheet or {} for one in bids]
    prices = [Cell(number=one.price) if one.price is not None else Cell(text="—") for one in bids]
    rows = [Row(_l("投标报价（元）"), _marked(prices, _lower), form="money")]
    keys = dict.fromkeys([*TERMS, *(key for sheet in sheets for key in sheet if key not in SAID_ELSEWHERE)])
    stated = [key for key in keys if any(sheet.get(key) for sheet in sheets)]
    rows += [_stated_row(key, [str(sheet.get(key) or "—") for sheet in sheets]) for key in stated]
    return rows


def _stated_row(key: str, values: Sequence[str]) -> Row:
    """Return what every bid states of one thing."""
    return Row(
        TERMS.get(key, key), [Cell(text=one) for one in values], form="day" if key == "service_until" else "text"
    )


def _review_rows(standings: Standings, bids: Sequence[BidStanding]) -> list[Row]:
    examined, votes = [], []
    for one in bids:
        examination = standings.examinations.get(one.bid.id)
        passed = None if examination is None else examination.passed
        examined.append(Cell(text={None: _l("未审查"), True: _l("通过"), False: _l("未通过")}[passed]))
        given = [vote.passed for vote in standings.votes_on(one.bid)]
        closed = standings.conformity_closed and given
        votes.append(Cell(text=_l("%(for)s 人认为符合，%(against)s 人认为不符合", **_counts(given)) if closed else "—"))
    return [
        Row(_l("资格审查"), examined, rule_id="R-QUAL-01"),
        Row(_l("符合性审查"), votes, rule_id="R-EVAL-03"),
        *_requirement_rows(standings, bids),
        Row(_l("结论"), [Cell(text=one.outcome.label, state=one.outcome) for one in bids]),
        Row(_l("原因"), [Cell(text=one.reason or "—") for one in bids]),
    ]


def _requirement_rows(standings: Standings, bids: Sequence[BidStanding]) -> list[Row]:
    """One row for each substantive requirement, once every member has judged it."""
    if not standings.conformity_closed:
        return []
    lines = {
        (one.bid.id, line.requirement.id): line
        for one in bids
        for line in conformity_lines(standings.tender, standings.votes_on(one.bid))
    }
    rows = []
    for requirement in requirements_of(standings.tender):
        cells = []
        for one in bids:
            line = lines.get((one.bid.id, requirement.id))
            cells.append(Cell(text="—" if line is None else line_words(line)))
        rows.append(Row(requirement.title, cells, _l("实质性要求")))
    return rows


def _counts(given: Sequence[bool]) -> dict[str, int]:
    return {"for": sum(given), "against": len(given) - sum(given)}


def _criterion_rows(
    uow: UnitOfWork,
    tender: Tender,
    standings: Standings,
    bids: Sequence[BidStanding],
    ranked: Mapping[str, Ranked],
) -> list[Row]:
    names = {seat.id: seat.name for seat in standings.seats if seat.state is SeatState.LOCKED}
    by_place: dict[tuple[str, str], list[Score]] = {}
    for score in scores_of(uow, standings.seats):
        if score.seat_id in names:
            by_place.setdefault((str(score.bid_id), str(score.criterion_id)), []).append(score)
    order = list(names)
    for given in by_place.values():
        given.sort(key=lambda score: order.index(score.seat_id))
    scored = [one for one in tender.criteria if one.kind is not CriterionKind.SUBSTANTIVE]
    rows = []
    for one in scored:
        cells = [
            _points_cell(by_place.get((str(bid.bid.id), str(one.id)), []), names, valid=str(bid.bid.id) in ranked)
            for bid in bids
        ]
        rows.append(Row(one.title, _marked(cells, _higher), one.kind.label, one.maximum, "points", _rule_of(one)))
    return rows


def _rule_of(criterion: Criterion) -> str | None:
    return "R-EVAL-05" if criterion.kind is CriterionKind.OBJECTIVE else None


def _points_cell(given: Sequence[Score], names: Mapping[uuid.UUID, str], *, valid: bool) -> Cell:
    if not given or not valid:
        return Cell(text="—")
    mean = rounded(sum((Fraction(one.points) for one in given), Fraction(0)) / len(given))
    members = [MemberPoints(names[one.seat_id], one.points, one.rationale) for one in given]
    return Cell(number=mean, members=members)


def _price_rows(bids: Sequence[BidStanding], ranked: Mapping[str, Ranked]) -> list[Row]:
    """Where only the price decides: the price after deductions, and the rank."""
    standing = [ranked.get(str(one.bid.id)) for one in bids]
    prices = [Cell(text="—") if one is None else Cell(number=one.offer.evaluated) for one in standing]
    places = [Cell(text="—") if one is None else Cell(number=Decimal(one.score.rank)) for one in standing]
    return [
        Row(_l("评审价（元）"), _marked(prices, _lower), form="money", rule_id="R-EVAL-01"),
        Row(_l("排序"), _marked(places, _lower), form="rank", rule_id="R-EVAL-07"),
    ]


def _total_rows(
    tender: Tender, bids: Sequence[BidStanding], ranked: Mapping[str, Ranked], result: LotResult
) -> list[Row]:
    def cells(name: str) -> list[Cell]:
        found = []
        for one in bids:
            ranking = ranked.get(str(one.bid.id))
            found.append(Cell(text="—") if ranking is None else Cell(number=Decimal(getattr(ranking.score, name))))
        return found

    prices = []
    for one in bids:
        ranking = ranked.get(str(one.bid.id))
        if ranking is None:
            prices.append(Cell(text="—"))
            continue
        filled = f"{result.benchmark:,} ÷ {ranking.offer.evaluated:,} × {tender.price_weight.normalize():f}"
        prices.append(Cell(number=ranking.score.price, formula=filled))
    merit = sum((one.maximum for one in tender.criteria if one.maximum is not None), Decimal(0))
    return [
        Row(_l("商务技术分"), _marked(cells("merit"), _higher), maximum=merit, form="points"),
        Row(
            _l("价格分"),
            _marked(prices, _higher),
            maximum=tender.price_weight,
            form="points",
            rule_id="R-PRICE-01",
        ),
        Row(_l("总分"), _marked(cells("total"), _higher), maximum=Decimal(100), form="points"),
        Row(_l("排序"), _marked(cells("rank"), _lower), form="rank", rule_id="R-EVAL-07"),
    ]
