"""Paths of this room's pages for mails and inbox entries, which jobs write outside any request; a test compares."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode


def submission_page(submission_id: uuid.UUID) -> str:
    """Return the report's workbench."""
    return f"/submissions/{submission_id}"


def letter_page(letter_id: uuid.UUID) -> str:
    """Return where a question letter stands and is answered."""
    return f"/questions/{letter_id}"


MODEL_PAGE = "/checks/model"
"""Where the model that ranks findings is explained."""


def score_page(submission_id: uuid.UUID) -> str:
    """Return where the report is rated and its task score stands."""
    return f"/submissions/{submission_id}/score"


def cycle_page(cycle_id: uuid.UUID) -> str:
    """Return the page of a year's grading."""
    return f"/grading/{cycle_id}"


def entry_page(entry_id: uuid.UUID) -> str:
    """Return an agency's sheet of a year's grading."""
    return f"/grading/entries/{entry_id}"


def grade_page(grade_id: uuid.UUID) -> str:
    """Return the page that explains a grade."""
    return f"/grades/{grade_id}"


def quality_report_page(report_id: uuid.UUID) -> str:
    """Return where a year's report on quality stands."""
    return f"/quality-reports/{report_id}"


def appeal_page(appeal_id: uuid.UUID) -> str:
    """Return where an appeal stands, is answered to and decided."""
    return f"/grading/appeals/{appeal_id}"


def analysis_rows(**narrowed: object) -> str:
    """Return the list of graded agencies behind a number of the analysis."""
    return "/grading/analysis/rows/agencies" + _asked(narrowed)


def analysis_of(**narrowed: object) -> str:
    """Return an agency's own classes of findings."""
    return "/grading/analysis/findings" + _asked(narrowed)


def analysis_reports(**narrowed: object) -> str:
    """Return the list of reports behind a number of the analysis."""
    return "/grading/analysis/rows/reports" + _asked(narrowed)


def analysis_letters(**narrowed: object) -> str:
    """Return the list of question letters behind a number of the analysis."""
    return "/grading/analysis/rows/letters" + _asked(narrowed)


def _asked(narrowed: dict[str, object]) -> str:
    kept = {name: str(value) for name, value in narrowed.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else ""


def moderation_page(moderation_id: uuid.UUID) -> str:
    """Return where a report's ratings are moderated."""
    return f"/moderations/{moderation_id}"


def comments_page(engagement_id: uuid.UUID) -> str:
    """Return the page of the comments on an engagement's report."""
    return f"/engagements/{engagement_id}/comments"


def report_review_page(review_id: uuid.UUID) -> str:
    """Return the page of a report's review by a panel."""
    return f"/report-reviews/{review_id}"


def report_invitation_page(seat_id: uuid.UUID) -> str:
    """Return an expert's own page of an invitation to a report's panel."""
    return f"/report-invitations/{seat_id}"


def archive_page(engagement_id: uuid.UUID) -> str:
    """Return the page of an evaluation's archive."""
    return f"/engagements/{engagement_id}/archive"
