"""How pages call a contract's clauses in the reader's language; the contract itself is Chinese."""

from __future__ import annotations

from core.i18n import Text, _l

CLAUSE_TITLES: dict[str, Text] = {
    "parties": _l("合同当事人和依据"),
    "subject": _l("服务内容"),
    "price": _l("合同价款"),
    "period": _l("服务期限"),
    "standards": _l("服务标准"),
    "payment": _l("付款方式"),
    "bond": _l("履约保证金"),
    "draft": _l("采购文件中的合同条款"),
    "deliverables": _l("成果交付"),
    "confidentiality": _l("保密和廉洁"),
    "liability": _l("违约责任"),
    "disputes": _l("争议解决"),
}
"""By the clause's key."""


def clause_title(key: str, written: str) -> Text:
    """Return a clause's title as pages show it: the words it has in the contract where nobody translated them."""
    return CLAUSE_TITLES.get(key, written)
