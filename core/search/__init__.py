"""Finding rows by words at any size: text is kept as grams in a `tsvector`, and a GIN index finds them.

Any two consecutive Chinese characters, any three consecutive letters or digits, and any beginning of such a gram find a
row. `grams.sql` makes the grams when rows are written, `terms.py` the same from what a reader types (docs/adr/0025);
`best.py` puts what matches best first.
"""

from core.search.best import LOOKED_AT, Best, ordering
from core.search.terms import lexeme, matches, search_terms, words_of

__all__ = ["LOOKED_AT", "Best", "lexeme", "matches", "ordering", "search_terms", "words_of"]
