"""Who reviews what: a season of reviews and committees assigned at once (R-EXP-03, R-COMM-07). No database, no server.

`assign` finds the assignment of greatest total fit and proves it by a dual bound; options ask for fairness to the worst
served review, for caps on how probable any pair may be, and for a limit on how often two experts serve together.
"""

from experts.matching.assigning import assign
from experts.matching.infeasible import Relaxation, least_relaxation
from experts.matching.problem import Impossible, make_problem
from experts.matching.result import Assignment

__all__ = ["Assignment", "Impossible", "Relaxation", "assign", "least_relaxation", "make_problem"]
