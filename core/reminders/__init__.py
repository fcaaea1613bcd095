"""Reminders and the calendar feed: what is due for a person, mailed before and read by their calendar."""
