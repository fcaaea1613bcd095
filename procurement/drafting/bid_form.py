"""What a bid must hold, frozen with the notice: bid page, completeness check and examination all read this list."""

from __future__ import annotations

from typing import Any

from core.i18n import Text, _l
from core.records import Record
from procurement.sealing.statement import DECLARATIONS

FILES: tuple[tuple[str, Text, bool], ...] = (
    ("qualification", _l("资格证明文件"), True),
    ("technical", _l("技术（服务方案）文件"), True),
    ("commercial", _l("商务及其他文件"), False),
    ("agreement", _l("联合体协议、分包意向协议（联合体投标或者分包时）"), False),
    ("signature", _l("证书签名文件（以证书签署时）"), False),
)
"""The parts a bid is made of: purpose in the manifest, title, whether it must be there."""
EQUAL_EVIDENCE: tuple[str, Text, bool] = (
    "grade-evidence",
    _l("机构等级证明，或者新进机构、其他地区机构的同等证明"),
    False,
)
"""Asked for where a grade earns points, so that nobody without a local grade is shut out (R-GRADE.legal)."""
DECLARED: dict[str, Text] = {
    "civil": _l("具有独立承担民事责任的能力"),
    "credit": _l("具有良好的商业信誉和健全的财务会计制度"),
    "capacity": _l("具有履行合同所必需的设备和专业技术能力"),
    "tax": _l("有依法缴纳税收和社会保障资金的良好记录"),
    "record": _l("参加本次采购活动前三年内，在经营活动中没有重大违法记录"),
}
"""The declarations every supplier makes (R-TENDER-17), in the order of the law."""
SIGNED: dict[str, Text] = {
    "stamped": _l("加盖公章的扫描件"),
    "handwritten": _l("法定代表人或者授权代表手写签字"),
    "certificate": _l("数字证书签名（另附签名文件）"),
}
SIZED: dict[str, Text] = {
    "micro": _l("微型企业"),
    "small": _l("小型企业"),
    "medium": _l("中型企业"),
    "prison": _l("监狱企业（视同小微企业）"),
    "welfare": _l("残疾人福利性单位（视同小微企业）"),
    "other": _l("不属于中小企业，或者不作声明"),
}
PAID: dict[str, Text] = {
    "transfer": _l("转账"),
    "cheque": _l("支票"),
    "draft": _l("汇票、本票"),
    "guarantee": _l("金融机构、担保机构出具的保函"),
}


def bid_form(*, by_grade: bool = False) -> dict[str, Any]:
    """Return the list as it is frozen into a tender's record; `by_grade` where a grade earns points."""
    files = (*FILES, EQUAL_EVIDENCE) if by_grade else FILES
    return {
        "files": [{"purpose": purpose, "required": needed} for purpose, _title, needed in files],
        "declarations": list(DECLARATIONS),
    }


def asked_files(record: Record | None) -> list[tuple[str, Text, bool]]:
    """Return purpose, title and whether it must be there, as the frozen record asks; of older ones the usual list."""
    frozen = ((record or {}).get("bid_form") or bid_form())["files"]
    needed = {one["purpose"]: bool(one["required"]) for one in frozen}
    return [
        (purpose, title, needed[purpose]) for purpose, title, _usual in (*FILES, EQUAL_EVIDENCE) if purpose in needed
    ]


def asked_declarations(record: Record | None) -> list[str]:
    """Return which declarations the frozen record asks for (R-TENDER-17); an older record asks for none as data."""
    frozen = (record or {}).get("bid_form")
    return [one for one in DECLARATIONS if one in frozen["declarations"]] if frozen else []
