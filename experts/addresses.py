"""Paths of this room's pages for mails and inbox entries, which jobs write outside any request; a test compares."""

from __future__ import annotations

import uuid


def convene_page(system_id: uuid.UUID) -> str:
    """Return where a review of this indicator system is convened."""
    return f"/reviews/new/{system_id}"


def review_page(review_id: uuid.UUID) -> str:
    """Return the review's page."""
    return f"/reviews/{review_id}"


def meeting_page(review_id: uuid.UUID) -> str:
    """Return the page of the review's meeting."""
    return f"/reviews/{review_id}/meeting"


def draw_page(review_id: uuid.UUID) -> str:
    """Return the page of the review's draw."""
    return f"/reviews/{review_id}/draw"


def seat_page(seat_id: uuid.UUID) -> str:
    """Return the expert's own page of a seat."""
    return f"/my-reviews/{seat_id}"


def invitation_page(token: str) -> str:
    """Return the page that an invitation's link opens."""
    return f"/invitations/{token}"


def my_file_page() -> str:
    """Return the expert's own page: history, fees, terms, certificates."""
    return "/my-file"


def expert_page(expert_id: uuid.UUID) -> str:
    """Return an expert's file as the bureau sees it."""
    return f"/experts/{expert_id}"


def application_page(application_id: uuid.UUID) -> str:
    """Return an application to enter the pool, as the bureau sees it."""
    return f"/experts/applications/{application_id}"


def candidate_page(token: str) -> str:
    """Return the page that a candidate's link opens."""
    return f"/expert-applications/{token}"


def calendar_address(token: str) -> str:
    """Return where a calendar reads one accepted invitation."""
    return f"/invitations/ics/{token}.ics"


def seat_desk_page(review_id: uuid.UUID, seat_id: uuid.UUID) -> str:
    """Return the officer's page of one invitation."""
    return f"/reviews/{review_id}/seats/{seat_id}"


def change_page(change_id: uuid.UUID) -> str:
    """Return a reported change of particulars, as the bureau sees it."""
    return f"/experts/changes/{change_id}"


def payment_page(list_id: uuid.UUID) -> str:
    """Return a list of fees."""
    return f"/expert-payments/{list_id}"


def season_page(season_id: uuid.UUID) -> str:
    """Return the page of a season."""
    return f"/seasons/{season_id}"
