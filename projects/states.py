"""States and classifications of projects, indicators and indicator systems."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class SystemState(State):
    """Where an indicator system stands (R-IND-01: reviewed and approved before anything is evaluated)."""

    DRAFT = "draft", _l("编制中"), "active"
    SUBMITTED = "submitted", _l("已提交待评审"), "waiting"
    UNDER_REVIEW = "under-review", _l("专家评审中"), "waiting"
    RETURNED = "returned", _l("退回修改"), "bad"
    APPROVED = "approved", _l("已同意"), "good"


class Dimension(Titled):
    """First-level indicators of the national framework (R-PERF-03)."""

    DECISION = "decision", _l("决策")
    PROCESS = "process", _l("过程")
    OUTPUT = "output", _l("产出")
    BENEFIT = "benefit", _l("效益")


class StandardKind(Titled):
    """What a target is measured against (R-PERF-05)."""

    PLAN = "plan", _l("计划标准")
    INDUSTRY = "industry", _l("行业标准")
    HISTORY = "history", _l("历史标准")
    OTHER = "other", _l("其他经认可的标准")


class Industry(Titled):
    """Sections of GB/T 4754-2017."""

    A = "A", _l("农、林、牧、渔业")
    B = "B", _l("采矿业")
    C = "C", _l("制造业")
    D = "D", _l("电力、热力、燃气及水生产和供应业")
    E = "E", _l("建筑业")
    F = "F", _l("批发和零售业")
    G = "G", _l("交通运输、仓储和邮政业")
    H = "H", _l("住宿和餐饮业")
    I = "I", _l("信息传输、软件和信息技术服务业")  # noqa: E741 - the section's own letter
    J = "J", _l("金融业")
    K = "K", _l("房地产业")
    L = "L", _l("租赁和商务服务业")
    M = "M", _l("科学研究和技术服务业")
    N = "N", _l("水利、环境和公共设施管理业")
    O = "O", _l("居民服务、修理和其他服务业")  # noqa: E741 - the section's own letter
    P = "P", _l("教育")
    Q = "Q", _l("卫生和社会工作")
    R = "R", _l("文化、体育和娱乐业")
    S = "S", _l("公共管理、社会保障和社会组织")
    T = "T", _l("国际组织")


class Sector(Titled):
    """The sectors of key evaluations, each mapped to a functional class of expenditure (rulebook 11.3)."""

    FARMERS = "farmers-income", _l("农民增收")
    EMPLOYMENT = "employment", _l("劳动就业")
    EDUCATION = "education", _l("义务教育")
    SOCIAL_SECURITY = "social-security", _l("社会保障")
    PUBLIC_SAFETY = "public-safety", _l("公共安全")
