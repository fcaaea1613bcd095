"""Pages of report checking, scoring and grading."""
