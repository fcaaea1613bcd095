"""The demonstration district 澄湖区 (Chenghu): invented people, projects and agencies, made by code from a seed.

`world.py` is what every package's `demonstration.populate(uow, world)` builds on; `seed.py` calls them in order.
"""
