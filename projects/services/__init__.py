"""The verbs of the project room."""
