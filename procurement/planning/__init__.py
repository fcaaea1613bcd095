"""What a purchase is held against before it starts: thresholds, method, the year's sum, levels of approval.

`splitting`, `proposal` and `levels` are pure: they get numbers and give answers, and know no database.
"""
