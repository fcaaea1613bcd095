"""The public facts of a purchase, read from the database, one noun a file; nothing the law still withholds is read."""

from procurement.queries.public.process import public_process

__all__ = ["public_process"]
