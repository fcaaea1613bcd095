"""What is delivered, and how good it is.

This package takes in evaluation reports, checks whether each agrees with itself, with its approved indicator system and
with the rules, has quality staff dispose of the findings and score the report, and grades the agencies from that.
`reading`, `facts` and `checks` are pure: they need neither a database nor an application, so that the command
``flask check-report`` and the benchmarks can use them alone.
"""
