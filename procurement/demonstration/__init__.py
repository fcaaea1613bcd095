"""The demonstration district's purchases, made by acting as the people who would make them."""

from procurement.demonstration.tenders import populate

__all__ = ["populate"]
