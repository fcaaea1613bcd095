"""Fictional evaluation reports that are right in every figure, and slips and look-alikes to plant in them.

They train the model of `grading.triage`, stand in the demonstration district, and measure the checker. Every
name is invented.
"""

from __future__ import annotations

from grading.synthesis.facts import Subject
from grading.synthesis.house import LAYOUTS
from grading.synthesis.making import SyntheticReport, make_report
from grading.synthesis.paper import render_pdf
from grading.synthesis.planting import Planted
from grading.synthesis.slips import CODES, inject
from grading.synthesis.word import render_docx

__all__ = [
    "CODES",
    "LAYOUTS",
    "Planted",
    "Subject",
    "SyntheticReport",
    "inject",
    "make_report",
    "render_docx",
    "render_pdf",
]
