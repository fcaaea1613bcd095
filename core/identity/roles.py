"""Kinds of organisations and the roles people hold in them, with the pairs the law keeps apart (R-SEC-01, R-SEC-02)."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class OrganisationKind(Titled):
    """What an organisation is to the district's evaluation work."""

    BUREAU = "bureau", _l("财政局")
    PROCUREMENT_AGENT = "procurement-agent", _l("采购代理机构")
    BUDGET_UNIT = "budget-unit", _l("预算单位")
    AGENCY = "agency", _l("第三方机构")
    SUPERVISION = "supervision", _l("监督机关")
    CONGRESS = "congress", _l("人大与政协")
    EXPERTS = "experts", _l("专家库")


class Role(Titled):
    """A role a person holds in one organisation."""

    ADMINISTRATOR = "administrator", _l("系统管理员")
    PROCUREMENT_OFFICER = "procurement-officer", _l("采购经办人")
    PROCUREMENT_APPROVER = "procurement-approver", _l("采购审批人")
    KEYHOLDER = "keyholder", _l("开标密钥持有人")
    QUALITY_OFFICER = "quality-officer", _l("质量管理人员")
    PROCUREMENT_SUPERVISOR = "procurement-supervisor", _l("采购监管人员")
    AGENT_OFFICER = "agent-officer", _l("代理机构经办人")
    UNIT_OFFICER = "unit-officer", _l("项目单位经办人")
    AGENCY_MANAGER = "agency-manager", _l("机构负责人")
    AGENCY_STAFF = "agency-staff", _l("机构评价人员")
    EXPERT = "expert", _l("评审专家")
    OBSERVER = "observer", _l("监督与代表")


ROLES_OF_KIND: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.BUREAU: frozenset(
        {
            Role.ADMINISTRATOR,
            Role.PROCUREMENT_OFFICER,
            Role.PROCUREMENT_APPROVER,
            Role.KEYHOLDER,
            Role.QUALITY_OFFICER,
            Role.PROCUREMENT_SUPERVISOR,
        }
    ),
    OrganisationKind.PROCUREMENT_AGENT: frozenset({Role.AGENT_OFFICER}),
    OrganisationKind.BUDGET_UNIT: frozenset({Role.UNIT_OFFICER}),
    OrganisationKind.AGENCY: frozenset({Role.AGENCY_MANAGER, Role.AGENCY_STAFF}),
    OrganisationKind.SUPERVISION: frozenset({Role.OBSERVER}),
    OrganisationKind.CONGRESS: frozenset({Role.OBSERVER}),
    OrganisationKind.EXPERTS: frozenset({Role.EXPERT}),
}
"""Which roles make sense in which kind of organisation."""

INCOMPATIBLE: tuple[tuple[frozenset[Role], frozenset[Role], str], ...] = (
    (
        frozenset({Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER}),
        frozenset({Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.KEYHOLDER, Role.AGENT_OFFICER}),
        "R-SEC-01",
    ),
    (frozenset({Role.PROCUREMENT_SUPERVISOR}), frozenset({Role.EXPERT}), "R-COMM-06"),
    (
        frozenset({Role.AGENCY_MANAGER, Role.AGENCY_STAFF}),
        frozenset({Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER, Role.KEYHOLDER}),
        "R-SEC-02",
    ),
)
"""Sets of roles one person may not hold together, in any organisations, with the rule that keeps them apart."""


def clash(roles: frozenset[Role]) -> tuple[Role, Role, str] | None:
    """Return two of these roles that the law keeps apart and the rule's id, or None when all go together."""
    for left, right, rule_id in INCOMPATIBLE:
        both = sorted(roles & left, key=str), sorted(roles & right, key=str)
        if both[0] and both[1]:
            return both[0][0], both[1][0], rule_id
    return None
