"""What a report states, as typed figures and structures.

`figures` reads single figures with unit and printed precision, `indicators` the score table, `headline` total
score and grade,
`bands` the grade bands that a report fixes, `categories` what the text says of whole categories, `sections` the
outline;
`collect.gather` puts them together.
"""
