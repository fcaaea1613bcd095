"""A rater's sheet as its page shows it: lines with levels, proposals, required parts, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.http.forms import Form
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms.rating import decisions_in, marks_in, parts_in, sheet_form
from grading.models import QualityDeduction, QualitySheet, Submission
from grading.permissions import SubmissionPermission
from grading.queries import own_sheet
from grading.rubric import Dimension, Proposal, Rubric
from grading.services.rating import kind_of_rater, lines_of, rubric_on, save_sheet
from grading.services.sheet_content import most_of, proposed_for, read_parts
from grading.states import PartState


@dataclass(frozen=True)
class SheetPage:
    """What stands on the page of a sheet that may still be filled in.

    `most` is what each line may get at present, `shown` the points it is shown with, `reader` what the reader says of
    the required parts.
    """

    rubric: Rubric
    lines: list[Dimension]
    sheet: QualitySheet | None
    proposals: list[Proposal]
    reader: Mapping[str, PartState]
    sees_findings: bool
    most: Mapping[str, Decimal] = field(default_factory=dict)
    shown: Mapping[str, Decimal] = field(default_factory=dict)

    def proposals_on(self, key: str) -> list[Proposal]:
        """Return the proposals of one line."""
        return [one for one in self.proposals if one.dimension == key]

    def decided(self, key: str) -> QualityDeduction | None:
        """Return what the rater made of a proposal so far."""
        rows = self.sheet.deductions if self.sheet is not None else ()
        return next((one for one in rows if one.key == key), None)

    @property
    def open_count(self) -> int:
        """How many proposals wait for an answer."""
        decided = [self.decided(one.key) for one in self.proposals]
        return sum(row is None or row.state.value == "open" for row in decided)

    @property
    def total(self) -> Decimal:
        """The report's points as shown, out of 100."""
        return sum((self.shown.get(line.key, Decimal(0)) for line in self.rubric.quality), Decimal(0))


def sheet_page(uow: UnitOfWork, submission: Submission) -> SheetPage:
    """Return the actor's sheet for its page."""
    sheet = own_sheet(uow, submission)
    rubric = rubric_on(uow, submission, sheet)
    kind = sheet.kind if sheet else kind_of_rater(uow, submission)
    lines = lines_of(uow, submission, kind, rubric)
    most = {line.key: most_of(line, sheet) for line in lines}
    stored = {line.key: line.points for line in sheet.lines} if sheet is not None else {}
    # A line that is found by deductions alone begins with what they leave of it.
    counted = {line.key: most[line.key] for line in lines if not line.levels and (line.errors or line.parts)}
    return SheetPage(
        rubric,
        lines,
        sheet,
        proposed_for(uow, submission, rubric),
        read_parts(uow, submission, rubric),
        policy.allows(uow.actor, SubmissionPermission.READ_FINDINGS, submission),
        most,
        {**counted, **stored},
    )


def form_of(page: SheetPage) -> Form:
    """Return the sheet's form, filled with what was saved."""
    form = sheet_form(page.lines, page.proposals, obj=page.sheet)
    if form.is_submitted():
        return form
    reasons = {line.key: line.reason for line in page.sheet.lines} if page.sheet is not None else {}
    said = dict(page.sheet.parts) if page.sheet is not None else {}
    if page.sheet is not None:
        form.comment.data = page.sheet.comment
    for line in page.lines:
        points = page.shown.get(line.key)
        form[f"points_{line.key}"].data = points
        form[f"reason_{line.key}"].data = reasons.get(line.key, "")
        if line.levels and points is not None:
            level = line.level_at(points)
            form[f"level_{line.key}"].data = "" if level is None else str(level)
        for part in line.parts:
            key = f"{line.key}-{part.key}"
            read = page.reader[key]
            usual = read.value if read is PartState.PRESENT else ""
            form[f"part_{key}"].data = said.get(key, usual)
    for one in page.proposals:
        row = page.decided(one.key)
        form[f"take_{one.key}"].data = row.points if row is not None and row.points else one.points
        form[f"why_{one.key}"].data = row.reason if row is not None else ""
    return form


def keep_typed(uow: UnitOfWork, submission: Submission, page: SheetPage, form: Form, deed: str) -> None:
    """Save what was typed, with the answer to the proposal whose button was pressed."""
    save_sheet(
        uow,
        submission,
        marks_in(form, page.lines, page.shown),
        form.text("comment"),
        decisions=decisions_in(form, deed, page.proposals),
        parts=parts_in(form, page.lines),
    )
