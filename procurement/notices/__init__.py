"""Public notices in the designated formats, pure: what a notice says, and the three ways it is set.

`formats` makes the text of each kind from the public facts of a purchase. The text is frozen as a record when the
notice is published; page, pasteable text and PDF are all set from that record, so that they cannot disagree.
"""

from procurement.notices.text import Block, Facts, Heading, NoticeText, Paragraph, Table

__all__ = ["Block", "Facts", "Heading", "NoticeText", "Paragraph", "Table"]
