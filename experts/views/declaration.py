"""The declaration's plain questions turned into relations to the parties (R-COMM-06)."""

from __future__ import annotations

from experts.forms import AcceptForm
from experts.models import Review
from experts.services.invitations import Declaration
from experts.states import ConflictKind

QUESTIONS = {
    "employment": ConflictKind.EMPLOYMENT,
    "shareholding": ConflictKind.SHAREHOLDING,
    "kinship": ConflictKind.KINSHIP,
    "past_work": ConflictKind.PAST_WORK,
    "coaching": ConflictKind.COACHING,
    "other": ConflictKind.OTHER,
}


def declared(form: AcceptForm, review: Review) -> Declaration:
    """Return what was declared; a relation is noted to the agency, which is whom the panel judges."""
    relations = {kind: review.engagement.agency_id for name, kind in QUESTIONS.items() if form[name].data}
    return Declaration(relations, form.details.data or "", is_confirmed=bool(form.confirmed.data))
