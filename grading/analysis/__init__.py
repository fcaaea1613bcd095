"""How good the work is over the years, in numbers: pure, sums in and estimates out, nothing of a database or a page.

Sums come from the database ready made (a row a group, never a row an agency), so that a library of any size is reckoned
alike. Every estimate carries its interval and how many cases stand behind it; few cases are said to be few.
"""
