"""Red flags over the history of purchases: the eleven Cardinal indicators of the Open Contracting Partnership.

Pure. `history` says what is looked at, one contest for each lot; `from_ocds` reads it from our own published releases,
to which the house adds the bids that fell (the public learns only their number); `indicators` computes each code under
its own definition. A flag is a reason to look, never a finding.
"""

from procurement.red_flags.from_ocds import contests_of
from procurement.red_flags.history import Contest, Flag, Offer
from procurement.red_flags.indicators import CODES, Thresholds, red_flags

__all__ = ["CODES", "Contest", "Flag", "Offer", "Thresholds", "contests_of", "red_flags"]
