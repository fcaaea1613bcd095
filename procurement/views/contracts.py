"""Contracts: the list, one contract with its clocks, drafting, checking, signing, and what is noted afterwards."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.documents.accept import documents_of
from core.errors import Refused
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import Text, _, _l
from core.identity.models import Organisation
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.contract_basis import HOUSE_STANDARDS
from procurement.contracting.clause_titles import clause_title
from procurement.contracting.clauses import differences
from procurement.forms.contracts import (
    INSTALMENTS,
    BondForm,
    ContractForm,
    FilingForm,
    PublicationForm,
    ReviewForm,
    SignForm,
    TerminationForm,
)
from procurement.models import Award, Contract
from procurement.permissions import ContractPermission, TenderPermission
from procurement.queries.award_procedure import contract_clocks
from procurement.queries.contracts import contracts_matching, load_award, load_contract, paid
from procurement.services.contracts import (
    approve_contract,
    change_contract,
    draft_contract,
    engagements_of,
    file_contract,
    note_bond,
    publish_contract,
    send_contract_back,
    sign_contract,
    signing_refusals,
    terminate_contract,
)
from procurement.states import AcceptanceState, ContractState, StandardKind
from procurement.suspensions import suspensions
from procurement.workflow import CONTRACT

contracts = Blueprint("contracts", __name__, url_prefix="/contracts")
C = ContractState
STEPS = (C.DRAFT, C.IN_REVIEW, C.READY, C.SIGNED, C.ACCEPTED, C.COMPLETED)
FILTERS = (Filter("state", _l("状态"), [(one.value, one.label) for one in ContractState]),)


@contracts.get("")
@requires(ContractPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the contracts the reader may see."""
    page = listing(
        uow,
        contracts_matching(uow.actor, text=asked("q"), state=asked("state")),
        sortable={
            "number": Contract.number,
            "title": Contract.title,
            "agency": Organisation.name,
            "amount": Contract.amount,
            "signed": Contract.signed_on,
            "drafted": Contract.drafted_at,
        },
        default="-drafted",
        filters=FILTERS,
    )
    return render_template(
        "procurement/contract/index.html",
        page=page,
        paid={one.id: paid(one) for one in page.rows},
        crumbs=[(_("合同"), None)],
    )


@contracts.post("/for/<uuid:award_id>")
@requires(ContractPermission.DRAFT, load_award, see=ContractPermission.BROWSE)
def draft(uow: UnitOfWork, award: Award) -> ResponseReturnValue:
    """Draft the contract of an award and lead to its open entries."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    contract = draft_contract(uow, award)
    location = url_for("contracts.edit", contract_id=contract.id)
    form.mark_used(uow, location)
    flash(_("已按采购文件和投标文件生成合同草稿，请补充付款安排后提交复核。"), "success")
    return redirect(location)


@contracts.get("/<uuid:contract_id>")
@requires(ContractPermission.READ, load_contract, see=ContractPermission.READ)
def show(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Show a contract: where it stands, what is due, its words, its money, its acceptance."""
    return _page(uow, contract)


@contracts.route("/<uuid:contract_id>/edit", methods=["GET", "POST"])
@requires(ContractPermission.EDIT, load_contract, see=ContractPermission.READ)
def edit(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Change what the tender and the bid have left open."""
    if contract.state is not C.DRAFT:
        return redirect(_location(contract))
    form = ContractForm(obj=contract)
    if not form.is_submitted():
        _fill(form, contract)
    if form.validate_on_submit():
        form.check_revision(contract)
        try:
            change_contract(
                uow,
                contract,
                service_from=form.service_from.data,  # type: ignore[arg-type]  # required by the form
                bond_amount=form.bond_amount.data or 0,  # type: ignore[arg-type]  # Decimal or nothing
                is_public_service=bool(form.is_public_service.data),
                instalments=form.instalments(),
                free=form.free(),
                added_standards=form.standards(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存合同草稿。"), "success")
            return redirect(_location(contract))
    page = render_template(
        "procurement/contract/edit.html",
        form=form,
        contract=contract,
        numbers=range(1, INSTALMENTS + 1),
        free=[form[f"clause_{one['key']}"] for one in contract.clauses if not one["fixed"]],
        crumbs=crumbs_of(contract, _("填写合同")),
    )
    return page, 422 if form.is_submitted() else 200


@contracts.post("/<uuid:contract_id>/review")
@requires(ContractPermission.REVIEW, load_contract, see=ContractPermission.READ)
def review(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Pass the check or send the contract back."""
    form = ReviewForm()

    def deed() -> None:
        if form.verdict.data == "approve":
            approve_contract(uow, contract)
        else:
            send_contract_back(uow, contract, form.text("reason"))

    done = acted(
        uow, form, deed, _location(contract), lambda: _("已办理复核。现在的状态：%(state)s", state=contract.state.label)
    )
    return done or (_page(uow, contract, review_form=form), 422)


@contracts.route("/<uuid:contract_id>/signature", methods=["GET", "POST"])
@requires(ContractPermission.SIGN, load_contract, see=ContractPermission.READ)
def sign(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Note the signing with the signed copy."""
    form = SignForm()
    if contract.state is not C.READY and not (form.is_submitted() and form.earlier_use(uow)):
        return redirect(_location(contract))
    if not form.is_submitted():
        form.signed_on.data = uow.today

    def deed() -> None:
        sign_contract(uow, contract, form.signed_on.data, form.file.data, form.text("late_reason"))  # type: ignore[arg-type]  # required by the form

    if done := acted(uow, form, deed, _location(contract), _("已登记签订。请按期公告合同并将副本备案。")):
        return done
    page = render_template(
        "procurement/contract/sign.html",
        form=form,
        contract=contract,
        refusals=signing_refusals(uow, contract),
        suspensions=suspensions(uow, contract.tender),
        clock=next(iter(contract_clocks(uow, contract.award, contract)), None),
        crumbs=crumbs_of(contract, _("登记签订")),
    )
    return page, 422 if form.is_submitted() else 200


@contracts.get("/<uuid:contract_id>/keeping")
@requires(ContractPermission.KEEP, load_contract, see=ContractPermission.READ)
def keeping(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Note publication, filing and bond."""
    return _keeping(uow, contract)


@contracts.post("/<uuid:contract_id>/publication")
@requires(ContractPermission.KEEP, load_contract, see=ContractPermission.READ)
def publication(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Note where the contract was published."""
    form = PublicationForm()

    def deed() -> None:
        publish_contract(uow, contract, form.text("url"), form.at.data.replace(tzinfo=SHANGHAI))  # type: ignore[union-attr]  # required by the form

    done = acted(uow, form, deed, _location(contract), _("已登记合同公告，公告页面已向社会公开。"))
    return done or (_keeping(uow, contract, publication_form=form), 422)


@contracts.post("/<uuid:contract_id>/filing")
@requires(ContractPermission.KEEP, load_contract, see=ContractPermission.READ)
def filing(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Note that the copy was filed."""
    form = FilingForm()

    def deed() -> None:
        file_contract(uow, contract, form.filed_on.data, form.text("filing_number"))  # type: ignore[arg-type]  # required by the form

    done = acted(uow, form, deed, _location(contract), _("已登记合同备案。"))
    return done or (_keeping(uow, contract, filing_form=form), 422)


@contracts.post("/<uuid:contract_id>/bond")
@requires(ContractPermission.KEEP, load_contract, see=ContractPermission.READ)
def bond(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Note that the bond came in or went back."""
    form = BondForm()

    def deed() -> None:
        note_bond(uow, contract, received_on=form.received_on.data, returned_on=form.returned_on.data)

    done = acted(uow, form, deed, _location(contract), _("已登记履约保证金。"))
    return done or (_keeping(uow, contract, bond_form=form), 422)


@contracts.route("/<uuid:contract_id>/termination", methods=["GET", "POST"])
@requires(ContractPermission.TERMINATE, load_contract, see=ContractPermission.READ)
def terminate(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """End a signed contract before its time."""
    form = TerminationForm()
    said = _("合同已解除，对应的评价委托已终止。")
    if done := acted(
        uow, form, lambda: terminate_contract(uow, contract, form.text("reason")), _location(contract), said
    ):
        return done
    page = render_template(
        "procurement/contract/terminate.html", form=form, contract=contract, crumbs=crumbs_of(contract, _("解除合同"))
    )
    return page, 422 if form.is_submitted() else 200


def crumbs_of(contract: Contract, here: str) -> list[tuple[str, str | None]]:
    """Return the way to a page below a contract."""
    return [
        (_("合同"), url_for("contracts.index")),
        (contract.number, url_for("contracts.show", contract_id=contract.id)),
        (here, None),
    ]


def _page(uow: UnitOfWork, contract: Contract, **forms: Any) -> str:
    def may(permission: ContractPermission) -> bool:
        return policy.allows(uow.actor, permission, contract)

    reviewing = contract.state is C.IN_REVIEW and may(ContractPermission.REVIEW)
    standing = [one for one in contract.acceptances if one.state is not AcceptanceState.FAILED]
    return render_template(
        "procurement/contract/show.html",
        contract=contract,
        steps=_steps(contract),
        clocks=contract_clocks(uow, contract.award, contract),
        now=uow.now,
        suspensions=suspensions(uow, contract.tender),
        differences=differences(contract.clauses),
        clause_title=clause_title,
        paid=paid(contract),
        engagements=engagements_of(uow, contract),
        options=CONTRACT.options(uow, contract),
        review_form=forms.get("review_form") or (ReviewForm(formdata=None) if reviewing else None),
        signing=signing_refusals(uow, contract) if contract.state is C.READY else [],
        may_edit=contract.state is C.DRAFT and may(ContractPermission.EDIT),
        may_sign=contract.state is C.READY and may(ContractPermission.SIGN),
        may_keep=contract.signed_on is not None and may(ContractPermission.KEEP),
        may_terminate=contract.state is C.SIGNED and may(ContractPermission.TERMINATE),
        may_replace=contract.state in (C.DRAFT, C.IN_REVIEW, C.READY) and may(ContractPermission.REPLACE),
        may_accept=contract.state is C.SIGNED and not standing and may(ContractPermission.ACCEPT),
        accept_form=Form(formdata=None),
        sees_tender=policy.allows(uow.actor, TenderPermission.READ, contract.tender),
        documents=[
            {"name": one.name, "size": one.size, "at": one.added_at, "url": _download(one.id)}
            for purpose in ("contract-text", "contract-signed")
            for one in documents_of(uow, contract, purpose)
        ],
        sheets={
            one.id: [_download(sheet.id) for sheet in documents_of(uow, one, "acceptance-sheet")]
            for one in contract.acceptances
        },
        entries=timeline(uow, contract),
        crumbs=[(_("合同"), url_for("contracts.index")), (contract.number, None)],
    )


def _keeping(uow: UnitOfWork, contract: Contract, **forms: Any) -> str:
    at = contract.published_at.astimezone(SHANGHAI) if contract.published_at else None
    return render_template(
        "procurement/contract/keeping.html",
        contract=contract,
        clocks=contract_clocks(uow, contract.award, contract),
        now=uow.now,
        publication_form=forms.get("publication_form")
        or PublicationForm(formdata=None, data={"url": contract.publication_url, "at": at}),
        filing_form=forms.get("filing_form") or FilingForm(formdata=None, obj=contract),
        bond_form=forms.get("bond_form")
        or BondForm(
            formdata=None,
            data={"received_on": contract.bond_received_on, "returned_on": contract.bond_returned_on},
        ),
        crumbs=crumbs_of(contract, _("公告、备案和保证金")),
    )


def _steps(contract: Contract) -> list[dict[str, Text]]:
    """Return the process line; a contract that ended early keeps the steps it had reached."""
    if contract.state in STEPS:
        reached = STEPS.index(contract.state)
    else:
        reached = STEPS.index(C.SIGNED) if contract.signed_on else 0
    is_over = contract.state is C.COMPLETED
    return [
        {
            "title": one.label,
            "state": "done" if place < reached or is_over else "present" if place == reached else "ahead",
        }
        for place, one in enumerate(STEPS)
    ]


def _fill(form: ContractForm, contract: Contract) -> None:
    """Show what the draft holds now."""
    for number, one in enumerate(contract.instalments, start=1):
        form[f"condition_{number}"].data, form[f"amount_{number}"].data = one.condition, one.amount
        form[f"due_{number}"].data = one.due_on
    for clause in contract.clauses:
        if not clause["fixed"]:
            form[f"clause_{clause['key']}"].data = clause["text"]
    usual = {text for _kind, text in HOUSE_STANDARDS}
    added = [
        str(one["text"])
        for one in contract.standards
        if one["kind"] == StandardKind.SERVICE.value and one["text"] not in usual
    ]
    form.more_standards.data = "\n".join(added)


def _download(document_id: object) -> str:
    return url_for("documents.download", document_id=document_id)


def _location(contract: Contract) -> str:
    return url_for("contracts.show", contract_id=contract.id)


add_transitions(
    contracts,
    CONTRACT,
    load_contract,
    prefix="/<uuid:contract_id>",
    see=ContractPermission.READ,
    location=_location,
)
