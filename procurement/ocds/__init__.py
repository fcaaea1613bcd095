"""Open Contracting Data Standard 1.1.5: the public facts of a purchase as releases, packages and records.

Pure mapping, one noun a file: each gives the *moments* at which something became public. `releases` numbers and dates
them, `packages` wraps them, `records` merges them. What is withheld until when stands in docs/ocds.md.
"""

from procurement.ocds.moments import Moment
from procurement.ocds.packages import EXTENSIONS, Publisher, record_package, release_package
from procurement.ocds.releases import Release, ocid_of, releases_of

__all__ = [
    "EXTENSIONS",
    "Moment",
    "Publisher",
    "Release",
    "ocid_of",
    "record_package",
    "release_package",
    "releases_of",
]
