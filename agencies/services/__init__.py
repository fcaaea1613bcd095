"""The verbs of the agency room."""
