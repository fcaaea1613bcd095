"""Reading the files of opened bids in processes of their own, within limits (the files come from strangers)."""

from procurement.collusion.reading.sandbox import Allowed, NotRead, read_paper

__all__ = ["Allowed", "NotRead", "read_paper"]
