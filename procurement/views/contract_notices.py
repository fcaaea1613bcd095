"""Published contracts, with the published result of their acceptance, for everybody."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import public, requires
from core.http.lists import asked, listing
from core.i18n import _p
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from procurement.models import Contract
from procurement.permissions import ContractPermission
from procurement.queries.contracts import load_contract, published_contracts
from procurement.states import SupplementState

contract_notices = Blueprint("contract_notices", __name__, url_prefix="/contract-notices")


@contract_notices.get("")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the contracts that are published."""
    page = listing(
        uow,
        published_contracts(text=asked("q")),
        sortable={
            "published": Contract.published_at,
            "title": Contract.title,
            "agency": Organisation.name,
            "amount": Contract.amount,
        },
        default="-published",
    )
    return render_template("procurement/contract/notices.html", page=page, crumbs=[(_p("list", "合同公告"), None)])


@contract_notices.get("/<uuid:contract_id>")
@requires(ContractPermission.READ_PUBLIC, load_contract, see=ContractPermission.READ_PUBLIC)
def show(_uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Show a contract as the law publishes it, without what is a business secret."""
    return render_template(
        "procurement/contract/notice.html",
        contract=contract,
        supplements=[one for one in contract.supplements if one.state is SupplementState.APPROVED],
        acceptances=[one for one in contract.acceptances if one.published_at is not None],
        crumbs=[(_p("list", "合同公告"), url_for("contract_notices.index")), (contract.number, None)],
    )
