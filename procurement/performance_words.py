"""What the timeline says of a contract's deeds: drafting, signing, supplements, acceptance, payment."""

from __future__ import annotations

from core.i18n import _l

PERFORMANCE = (
    ("contract.draft", _l("起草合同")),
    ("contract.change", _l("修改合同草稿")),
    ("contract.submit", _l("提交复核")),
    ("contract.send_back", _l("退回修改")),
    ("contract.approve", _l("复核通过")),
    ("contract.sign", _l("登记签订")),
    ("contract.publish", _l("登记合同公告")),
    ("contract.file", _l("登记备案")),
    ("contract.note_bond", _l("登记履约保证金")),
    ("contract.accept", _l("验收合格")),
    ("contract.close", _l("办结合同")),
    ("contract.refuse", _l("中标人放弃")),
    ("contract.terminate", _l("解除合同")),
    ("contract_supplement.propose", _l("提出补充或者变更合同")),
    ("contract_supplement.approve", _l("补充或者变更合同生效")),
    ("contract_supplement.reject", _l("不同意补充或者变更合同")),
    ("acceptance.open", _l("组织履约验收")),
    ("acceptance.pass", _l("作出验收结论：合格")),
    ("acceptance.fail", _l("作出验收结论：不合格")),
    ("acceptance.publish", _l("公告验收结果")),
    ("payment.request", _l("申请付款")),
    ("payment.approve", _l("同意付款")),
    ("payment.reject", _l("退回付款申请")),
    ("payment.pay", _l("登记支付")),
)
