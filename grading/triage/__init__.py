"""How likely a reviewer is to uphold a finding: a small calibrated model over what is known of the finding."""

from __future__ import annotations

from grading.triage.model import ModelRefused, estimate

__all__ = ["ModelRefused", "estimate"]
