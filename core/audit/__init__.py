"""The audit log: append-only, hash-chained, with signed heads and personal values that can lawfully be forgotten.

The unit of work buffers its entries and appends them under one lock as its last statements before commit, so the chain
costs little (bench/audit.py). The database refuses UPDATE, DELETE and TRUNCATE on the log, and the application's role
has no right to them.
"""
