"""The archive of one purchase as a single file: what it holds, how it is written piece by piece, how it is verified."""
