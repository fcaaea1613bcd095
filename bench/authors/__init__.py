"""Reports as other authors write them, for measuring only: no training and no check ever sees them.

Written apart from `grading.synthesis`: other houses, wording, column orders, captions, units and annexes, from the
forms that finance bureaus publish. `facts` draws what a report is about, `houses` and `long_houses` write it, `paper`
prints it, `slips` plants one wrong statement.
"""
