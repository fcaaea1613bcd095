"""The verbs of tendering; each takes the unit of work first and never commits."""
