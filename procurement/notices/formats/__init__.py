"""The designated formats, one kind of notice a file (财办库〔2020〕50号; the intention: 财库〔2020〕10号)."""

from procurement.notices.formats.acceptance import acceptance_notice
from procurement.notices.formats.amendment import amendment_notice, put_off_notice
from procurement.notices.formats.complaint import complaint_notice
from procurement.notices.formats.contract import contract_notice
from procurement.notices.formats.intention import intention_notice
from procurement.notices.formats.result import result_notice
from procurement.notices.formats.single_source import single_source_notice
from procurement.notices.formats.tender import tender_notice
from procurement.notices.formats.termination import termination_notice

__all__ = [
    "acceptance_notice",
    "amendment_notice",
    "complaint_notice",
    "contract_notice",
    "intention_notice",
    "put_off_notice",
    "result_notice",
    "single_source_notice",
    "tender_notice",
    "termination_notice",
]
