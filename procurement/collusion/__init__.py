"""Signs of collusion between opened bids: pure, without database; each sign comes with its evidence (R-COLL-01).

`papers` says what is compared, `reading` reads files in a process of its own, one file for each family of signs looks
for them, `search` runs all of them. What is no collusion is left out where a machine can tell it (R-COLL-02): the
tender's own text and forms, phrases of law, people of past contracts, names and addresses that many share.
"""

from procurement.collusion.papers import Folder, Hit, Known, Paper, Passage, Place
from procurement.collusion.search import Limits, look

__all__ = ["Folder", "Hit", "Known", "Limits", "Paper", "Passage", "Place", "look"]
