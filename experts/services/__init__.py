"""The verbs of the expert room."""
