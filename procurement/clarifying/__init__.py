"""Clarifying a published tender, without a database: pseudonyms, what may be amended, how versions differ."""
