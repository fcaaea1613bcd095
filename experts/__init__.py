"""The people the bureau relies on, and how they are chosen.

This package keeps the expert pools by industry, conflicts of interest, verifiable draws of panels, invitations and
indicator reviews. `draw` is pure: it needs neither a database nor an application, so that the commands
``flask draw-panel`` and ``flask verify draw`` and the benchmarks can use it alone.
"""
