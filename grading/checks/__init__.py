"""The checks: each a small function that takes the facts of a report and yields findings.

`registry` knows them all by the code of their class; `finding` holds what they yield.
"""
