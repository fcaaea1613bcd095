"""The verbs of the grading room."""
