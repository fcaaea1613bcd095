"""Whether a draft is lawful: every rule it is held against, kept or broken, with the rule's id and what to do.

Computed whenever it is shown, from the draft alone, so that panel, submission and publication cannot disagree. A rule
that is not yet confirmed only warns (`Rule.effect`).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from core.errors import Refusal
from core.i18n import Text, _l
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.drafting.call_off_checks import call_off_lines
from procurement.drafting.dates import Periods, deadline_day, notice_day, periods
from procurement.drafting.direct_lawfulness import direct_checklist
from procurement.drafting.drill_check import drill_lines
from procurement.drafting.framework_checks import framework_lines
from procurement.drafting.grade_checks import grade_lines
from procurement.drafting.invitation_checks import invitation_lines
from procurement.drafting.lines import RuleLine
from procurement.drafting.lines import broken as _line
from procurement.drafting.lines import kept as _ok
from procurement.drafting.preparation_checks import preparation_lines
from procurement.drafting.retender_check import method_change
from procurement.drafting.scheme import scheme_of
from procurement.drafting.wording_checks import wording_lines
from procurement.fault_words import refusal_of
from procurement.methods import CALL_OFFS, RuleNumber, committee_rule_of, price_weights, rules_of, words_of
from procurement.models import Keyholder, Tender
from procurement.scoring import check_scheme
from procurement.states import CriterionKind, Evaluation, Method

FEWEST_KEYHOLDERS = 3
FEWEST_NEEDED = 2


def breaches(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return everything that keeps the draft from being submitted and published."""
    return [
        Refusal(line.words, rule_id=line.rule_id, field=line.field)
        for line in checklist(uow, tender)
        if line.level == "block"
    ]


def checklist(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return the panel's lines in the order of the form: dates, content, money, criteria, keys, committee."""
    if tender.method in CALL_OFFS:
        lines = call_off_lines(uow, tender)
        if tender.method is Method.CALL_OFF_PRICES:
            lines += [*_keys(uow, tender), *drill_lines(uow, tender)]
        return lines
    if not rules_of(tender).by_envelope:
        return direct_checklist(uow, tender) + preparation_lines(uow, tender)
    runs = periods(uow, tender, notice_day(uow, tender))
    checks: tuple[Callable[[UnitOfWork, Tender], list[RuleLine]], ...] = (
        framework_lines,
        _content,
        _documents,
        _money,
        _deposit,
        _points,
        wording_lines,
        grade_lines,
        _keys,
        preparation_lines,
        invitation_lines,
        _review,
        method_change,
        drill_lines,
    )
    return _time(uow, tender, runs) + [line for check in checks for line in check(uow, tender)]


def _time(uow: UnitOfWork, tender: Tender, runs: Periods) -> list[RuleLine]:
    lines = []
    rules, document = rules_of(tender), words_of(tender).document
    until, closing = tender.documents_until, deadline_day(tender)
    if rules.documents:
        rule_id, days = rules.documents.rule_id, rules.documents.whole(uow)
        if until is None or until < runs.documents_at_least_until:
            day = runs.documents_at_least_until.isoformat()
            words = _l("%(document)s至少须提供至 %(day)s（%(days)s 个工作日）", document=document, day=day, days=days)
            lines.append(_line(uow, rule_id, words, "documents_until"))
        else:
            lines.append(_ok(rule_id, _l("%(document)s提供期限不少于 %(days)s 个工作日", document=document, days=days)))
    if rules.response:
        rule_id = rules.response.rule_id
        if closing is None or closing < runs.deadline_at_least:
            day = runs.deadline_at_least.isoformat()
            words = _l("截止日最早为 %(day)s（自发出之日起 %(days)s）", day=day, days=_period(uow, rules.response))
            lines.append(_line(uow, rule_id, words, "deadline"))
        else:
            lines.append(_ok(rule_id, _l("准备时间不少于法定的 %(days)s", days=_period(uow, rules.response))))
    if rules.notice:
        rule_id, end = rules.notice.rule_id, runs.notice_until.isoformat()
        if closing is not None and closing <= runs.notice_until:
            lines.append(_line(uow, rule_id, _l("公告期限至 %(day)s，截止须在其后", day=end), "deadline"))
        else:
            days = rules.notice.whole(uow)
            lines.append(_ok(rule_id, _l("公告期限 %(days)s 个工作日，至 %(day)s", days=days, day=end)))
    if until is not None and closing is not None and until > closing:
        words = _l("%(document)s提供期限不能晚于截止日", document=document)
        lines.append(
            _line(uow, rules.documents.rule_id if rules.documents else "R-TENDER-03", words, "documents_until")
        )
    return lines


def _period(uow: UnitOfWork, number: RuleNumber) -> Text:
    """Return a period in words: so many days, or working days."""
    unit = uow.house.rules.named_value(number.rule_id, number.name, on=uow.today).unit
    days = number.whole(uow)
    return _l("%(days)s 个工作日", days=days) if unit == "wd" else _l("%(days)s 日", days=days)


def _content(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """What the notice must state (R-TENDER-02)."""
    needed: tuple[tuple[bool, str, Text], ...] = (
        (bool(tender.title), "title", _l("公告缺少项目名称")),
        (_names_projects(tender), "projects", _l("公告缺少被评价的项目")),
        (bool(tender.requirement), "requirement", _l("公告缺少采购需求")),
        (bool(tender.qualifications), "qualifications", _l("公告缺少供应商资格条件")),
        (bool(tender.documents_place), "documents_place", _l("公告缺少获取采购文件的方式")),
        (tender.deadline is not None, "deadline", _l("公告缺少截止时间")),
        (bool(tender.opening_place), "opening_place", _l("公告缺少开标（开启）地点")),
        (bool(tender.contact_name and tender.contact_telephone), "contact_name", _l("公告缺少联系人和电话")),
    )
    missing = [_line(uow, "R-TENDER-02", words, field) for there, field, words in needed if not there]
    return missing or [_ok("R-TENDER-02", _l("公告内容齐全"))]


def _names_projects(tender: Tender) -> bool:
    """Every lot says what is evaluated; in a framework call projects come with what is called off."""
    return tender.method is Method.FRAMEWORK or (bool(tender.lots) and all(lot.projects for lot in tender.lots))


def _documents(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """What the tender documents must hold beside the notice (R-TENDER-07)."""
    document, no_criteria = words_of(tender).document, _l("尚无评审标准")
    by_price = tender.evaluation is not Evaluation.COMPREHENSIVE
    needed: tuple[tuple[bool, str, Text], ...] = (
        (bool(tender.contract_draft), "contract_draft", _l("%(document)s缺少拟签订的合同文本", document=document)),
        (tender.service_until is not None, "service_until", _l("%(document)s缺少服务期限", document=document)),
        (
            by_price or any(one.kind is not CriterionKind.SUBSTANTIVE for one in tender.criteria),
            "criteria",
            no_criteria,
        ),
    )
    missing = [_line(uow, "R-TENDER-07", words, field) for there, field, words in needed if not there]
    closing = deadline_day(tender)
    if tender.service_until and closing and tender.service_until <= closing:
        missing.append(_line(uow, "R-TENDER-07", _l("服务期限须晚于投标截止日"), "service_until"))
    return missing or [_ok("R-TENDER-07", _l("%(document)s内容齐全", document=document))]


def _money(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """The budget is disclosed, covers the lots, lies within what is set aside; a ceiling stays below it."""
    lines: list[RuleLine] = []
    if tender.method is Method.FRAMEWORK:  # its lots hold unit prices; projects come with what is called off
        return [_ok("R-TENDER-06", _l("预计采购总额公开"))]
    if sum((lot.budget for lot in tender.lots), Decimal(0)) != tender.budget:
        lines.append(_line(uow, "R-TENDER-06", _l("各包预算之和须等于采购预算"), "budget"))
    fees = [project.evaluation_fee for lot in tender.lots for project in lot.projects]
    known = [fee for fee in fees if fee is not None]
    if fees and len(known) == len(fees) and tender.budget > sum(known, Decimal(0)):
        words = _l("采购预算超过项目安排的评价经费 %(amount)s 元", amount=f"{sum(known, Decimal(0)):,.2f}")
        lines.append(_line(uow, "R-TENDER-06", words, "budget"))
    elif len(known) < len(fees):
        lines.append(RuleLine("R-TENDER-06", "warn", _l("有项目尚未登记评价经费，无法核对采购预算"), "budget"))
    if tender.ceiling is not None and not Decimal(0) < tender.ceiling <= tender.budget:
        lines.append(_line(uow, "R-TENDER-02", _l("最高限价须大于零且不高于采购预算"), "ceiling"))
    blocked = any(line.level == "block" for line in lines)
    return lines if blocked else [*lines, _ok("R-TENDER-06", _l("采购预算公开，且在评价经费之内"))]


def _deposit(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    percent = uow.house.rules.number("R-TENDER-08", "max", on=uow.today)
    most = tender.budget * percent / 100
    if tender.deposit > most:
        words = _l("投标保证金不得超过预算的 %(percent)s%%，即 %(amount)s 元", percent=percent, amount=f"{most:,.2f}")
        return [_line(uow, "R-TENDER-08", words, "deposit")]
    return [_ok("R-TENDER-08", _l("投标保证金在限额之内") if tender.deposit else _l("不收取投标保证金"))]


def _points(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Criteria with bands, 100 points in all, a lawful weight of the price (R-EVAL-01…03, R-PRICE-02, R-PRICE-03)."""
    if found := _evaluation(uow, tender):
        return found
    titles = {f"criteria/{one.id}": one.title for one in tender.criteria}
    lines = []
    for fault in check_scheme(
        scheme_of(tender), procedure=rules_of(tender).procedure, qualifications=tender.qualifications
    ):
        refusal = refusal_of(fault)
        title = titles.get(fault.path)
        words = _l("“%(title)s”：%(reason)s", title=title, reason=refusal.reason) if title else refusal.reason
        field = "price_weight" if fault.path == "price_weight" else "criteria"
        lines.append(_line(uow, fault.code, words, field))
    if tender.method is Method.FRAMEWORK:
        lines.append(_ok("R-EVAL-02", _l("质量因素已细化量化，价格不计分，以最高限制单价为限")))
        return lines
    usual = uow.house.rules.number("R-PRICE-02", "services_usual_max", on=uow.today)
    weights = price_weights(uow, tender)
    rule_id = weights[2] if weights else "R-PRICE-02"
    if not any(line.rule_id == rule_id for line in lines):
        words = _l("价格分权重 %(weight)s%%，符合服务项目要求", weight=_figure(tender.price_weight))
        high = _l("价格分权重 %(weight)s%%，高于服务项目通常的 %(usual)s%%", weight=tender.price_weight, usual=usual)
        lines.append(
            _ok(rule_id, words) if tender.price_weight <= usual else RuleLine(rule_id, "warn", high, "price_weight")
        )
    if not any(line.rule_id.startswith("R-EVAL") for line in lines):
        lines.append(_ok("R-EVAL-02", _l("评审因素已细化量化，分值区间完整")))
    return lines


def _evaluation(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """The method of evaluation fits the method of purchase; by price alone nothing is scored (R-EVAL-01)."""
    lawful = rules_of(tender).evaluations
    if tender.evaluation not in lawful:
        names = "、".join(str(one.label) for one in lawful)
        words = _l("%(method)s应当采用%(names)s", method=tender.method.label, names=names)
        return [_line(uow, "R-EVAL-01", words, "evaluation")]
    if tender.evaluation is Evaluation.COMPREHENSIVE:
        return []
    if any(one.kind is not CriterionKind.SUBSTANTIVE for one in tender.criteria):
        words = _l("按价格评审的，只能列实质性要求，不能列评分因素")
        return [_line(uow, "R-EVAL-01", words, "criteria")]
    if tender.method is Method.FRAMEWORK:
        return [_ok("R-EVAL-01", _l("只列实质性要求，按响应报价排序"))]
    return [_ok("R-EVAL-01", _l("满足全部实质性要求且报价最低的为%(winner)s", winner=words_of(tender).winner))]


def _keys(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """At least three keyholders of the purchaser's side, each with a registered key, two or more needed (R-KEY-01)."""
    holders, field = tender.keyholders, "keyholders"
    lines = []
    if len(holders) < FEWEST_KEYHOLDERS:
        words = _l("至少指定 %(fewest)s 名开标密钥持有人，现有 %(now)s 名", fewest=FEWEST_KEYHOLDERS, now=len(holders))
        lines.append(_line(uow, "R-KEY-01", words, field))
    if not FEWEST_NEEDED <= tender.keyholders_needed <= max(len(holders), FEWEST_NEEDED):
        lines.append(_line(uow, "R-KEY-01", _l("开标至少需两名持有人，且不超过持有人总数"), "keyholders_needed"))
    lines += [
        _line(uow, "R-KEY-01", _l("%(name)s 不是采购人一方的密钥持有人", name=one.user.name), field)
        for one in holders
        if not _on_purchaser_side(one)
    ]
    waiting = "、".join(one.user.name for one in holders if not one.public_key)
    if waiting:
        lines.append(_line(uow, "R-KEY-01", _l("尚未登记开标公钥：%(names)s", names=waiting), field))
    return lines or [_ok("R-KEY-01", _l("密钥持有人已登记公钥，开标须 %(needed)s 人", needed=tender.keyholders_needed))]


def _on_purchaser_side(holder: Keyholder) -> bool:
    held = {one.role for one in holder.user.memberships if one.ended_at is None}
    return Role.KEYHOLDER in held and Role.PROCUREMENT_SUPERVISOR not in held and Role.OBSERVER not in held


def _review(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """What follows for the review: size of the committee, low-price triggers."""
    rule, group = committee_rule_of(uow, tender), words_of(tender).group
    book, on = uow.house.rules, uow.today
    mean, limit = (book.number("R-ALP-01", name, on=on) for name in ("mean", "ceiling"))
    return [
        _ok(rule.rule_id, _l("%(group)s须 %(fewest)s 人以上单数，专家不少于三分之二", group=group, fewest=rule.fewest)),
        _ok("R-ALP-01", _l("低于均价或次低价 %(mean)s%%、限价 %(ceiling)s%% 的报价须审查", mean=mean, ceiling=limit)),
    ]


def _figure(value: Decimal) -> str:
    return format(value.normalize(), "f")
