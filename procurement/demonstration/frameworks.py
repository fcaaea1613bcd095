"""The demonstration's framework agreement: called, shortlisted, in force, and one evaluation called off in each way."""

from __future__ import annotations

import contextlib
import io
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from werkzeug.datastructures import FileStorage

from core.clock import SHANGHAI
from core.documents.accept import documents_of
from core.identity.models import Organisation, User
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.demonstration.bids import PlainFile, open_sealed, submit_sealed
from procurement.demonstration.evaluation import sign_all
from procurement.demonstration.stories import REASONS, Story
from procurement.demonstration.tenders import (
    APPROVER,
    HOLDERS,
    OFFICER,
    PAGE,
    Purchase,
    World,
    acting,
)
from procurement.models import CallOff, Framework, FrameworkMember, Tender
from procurement.queries.frameworks import call_off_of, members_of
from procurement.queries.tenders import free_projects
from procurement.sealing import KeyPair
from procurement.services.award_procedure import register_result_notice
from procurement.services.call_off_award import confirm, propose_lowest
from procurement.services.call_off_turns import answer_turn, offer_turn
from procurement.services.call_offs import CallOffEntry, choose, draft_call_off, set_prices
from procurement.services.concluding import conclude
from procurement.services.drafting import change_tender, set_keyholders
from procurement.services.framework_admission import admit
from procurement.services.framework_drafting import (
    USUAL_EXIT_RULES,
    TermsEntry,
    TypeEntry,
    draft_framework,
    set_framework,
)
from procurement.services.frameworks import file_agreements, inform_users, sign_agreement
from procurement.services.keys import register_key
from procurement.services.preparation import PreparationEntry, prepare
from procurement.services.publishing import publish_tender, submit_tender
from procurement.services.requirements import Respondent, record_survey
from procurement.states import Method, RespondentKind, SurveyMeans
from projects.models import Project

TITLE = "区级部门预算绩效评价服务框架协议"
CEILING = Decimal(120_000)
SHARES = ("0.86", "0.92", "0.79", "0.95", "0.89")
ASKED = (
    *((name, RespondentKind.USER) for name in ("区教育局", "区民政局", "区卫生健康委")),
    *((name, RespondentKind.MARKET) for name in ("明德会计师事务所", "启衡资产评估公司", "省社会科学院")),
)
STORY = Story(-48, len(SHARES), "awarded", Method.FRAMEWORK)
NUMBER = 60
"""Far from the other stories: it decides which bidders and experts come."""


def populate_frameworks(world: World, experts: Sequence[User], keys: Sequence[KeyPair]) -> None:
    """Act out a framework in force with three call-offs made and a turn that waits for its answer."""
    call = Call(world, experts, keys)
    call.act()
    second = SecondStage(world, call.framework, keys)
    second.direct(days=20)
    second.in_turn(days=14)
    second.by_prices(days=9)
    second.waiting(days=1)


class Call(Purchase):
    """The call, from its draft to the agreements; opening and committee are those of every purchase."""

    framework: Framework

    def __init__(self, world: World, experts: Sequence[User], keys: Sequence[KeyPair]) -> None:
        super().__init__(world, 0, STORY, experts, keys)
        self.number = NUMBER

    def act(self) -> None:
        """Go from the draft to a framework in force."""
        self._draft()
        with acting(self.world, OFFICER, self._before(days=24, hours=2)) as uow:
            submit_tender(uow, self.tender)
        with acting(self.world, APPROVER, self._before(days=24)) as uow:
            publish_tender(uow, self.tender)
        self._bid()
        self._open()
        self._judge()
        self._score(everybody=True)
        with acting(self.world, OFFICER, self._after(hours=30)) as uow:
            conclude(uow, self.tender)
        sign_all(lambda who, at: acting(self.world, who, at), self.tender, self._after(hours=31))
        with acting(self.world, OFFICER, self._after(hours=50)) as uow:
            self.framework = admit(uow, self.tender)
        self._sign()

    def _draft(self) -> None:
        notice = self._before(days=24).astimezone(SHANGHAI).date()
        with acting(self.world, OFFICER, self._before(days=27)) as uow:
            self.tender = draft_framework(uow, title=TITLE, budget=Decimal(960_000))
            set_framework(
                uow,
                self.tender,
                TermsEntry(
                    months=24,
                    elimination=Decimal(20),
                    most_admitted=None,
                    ways=(Method.CALL_OFF_ROTATION, Method.CALL_OFF_PRICES),
                    top_up_foreseen=True,
                    exit_rules=USUAL_EXIT_RULES,
                    plan_filing=f"澄财采备〔{notice.year}〕8号",
                    types=(TypeEntry("项目支出绩效评价", CEILING),),
                ),
            )
            change_tender(
                uow,
                self.tender,
                notice_on=notice,
                documents_until=work_calendar(uow).add_working_days(notice, 7).date,
                deadline=self.deadline,
                opening_place="区行政中心三楼开标室（线上同步）",
                documents_place="在本平台免费下载",
                contact_name="周明远",
                contact_telephone="021-55550101",
                contract_draft="第一条 服务内容与成果；第二条 服务期限；第三条 合同价款与分期支付；第四条 违约责任。",
                service_until=self.deadline.astimezone(SHANGHAI).date() + timedelta(days=730),
            )
            record_survey(
                uow,
                self.tender,
                surveyed_on=notice - timedelta(days=10),
                means=SurveyMeans.QUESTIONNAIRE,
                respondents=[Respondent(name, kind) for name, kind in ASKED],
                findings="各部门每年有十余项小额评价需求，市场供应充分，单项价格在八万至十一万元之间。",
            )
            prepare(uow, self.tender, PreparationEntry(method_reason=REASONS[Method.FRAMEWORK]))
            set_keyholders(uow, self.tender, [self.world.users[key] for key in HOLDERS], 2)
        for name, key in zip(HOLDERS, self.keys, strict=True):
            with acting(self.world, name, self._before(days=25)) as uow:
                register_key(uow, self.tender, key.recipient)

    def _bid(self) -> None:
        for place, share in enumerate(SHARES):
            manager, agency = self.world.managers[place], self.world.agencies[place]
            with acting(self.world, manager, self._before(hours=26 - 4 * place)) as uow:
                submit_sealed(
                    uow,
                    self.tender.lots[0],
                    agency.organisation,
                    price=CEILING * Decimal(share),
                    files=[PlainFile("服务方案.pdf", "technical", PAGE)],
                    terms="每项评价的固定单价",
                )

    def _sign(self) -> None:
        with acting(self.world, OFFICER, self._after(hours=6 * 24)) as uow:
            for member in members_of(uow, self.framework):
                (agreement,) = documents_of(uow, member, "agreement-text")
                with uow.house.store.open(agreement.sha256) as file:
                    copy = FileStorage(io.BytesIO(file.read()), filename=f"签字盖章页-{member.supplier.name}.pdf")
                sign_agreement(uow, self.framework, member.supplier, uow.today, copy)
        with acting(self.world, OFFICER, self._after(hours=8 * 24)) as uow:
            inform_users(uow, self.framework, uow.today)
            file_agreements(uow, self.framework, uow.today, f"澄采框备〔{uow.today.year}〕2号")


class SecondStage:
    """Evaluations called off from the framework, each in its own way."""

    def __init__(self, world: World, framework: Framework, keys: Sequence[KeyPair]) -> None:
        self.world, self.framework, self.keys = world, framework, keys
        self.taken: set[uuid.UUID] = set()

    def direct(self, *, days: int) -> None:
        """One chosen for its quality, with the reason, and confirmed."""
        call_off = self._begin(Method.CALL_OFF_DIRECT, days)
        with acting(self.world, OFFICER, self._at(days, 2)) as uow:
            member = self._members(uow)[1]
            reason = "近三年同类项目评价质量评分在入围供应商中最高，主评人熟悉该领域，协议价格居中。"
            choose(uow, call_off.tender, member, member.price - Decimal(1200), reason)
        self._confirm(call_off, days - 1)

    def in_turn(self, *, days: int) -> None:
        """One given by turn, accepted and confirmed."""
        call_off = self._offered(days)
        with acting(self.world, self._person(call_off), self._at(days, 20)) as uow:
            answer_turn(uow, call_off, accepts=True)
        self._confirm(call_off, days - 2)

    def by_prices(self, *, days: int) -> None:
        """One priced anew by everybody admitted, opened by two keyholders; the lowest is confirmed."""
        call_off = self._begin(Method.CALL_OFF_PRICES, days)
        tender = call_off.tender
        with acting(self.world, OFFICER, self._at(days, 1)) as uow:
            task = "九周内完成，问卷样本不少于三百份，抽查不少于五个街镇。"
            set_prices(uow, tender, deadline=self._at(days - 4), task=task)
            submit_tender(uow, tender)
        with acting(self.world, APPROVER, self._at(days, 3)) as uow:
            publish_tender(uow, tender)
        invited = {one.supplier_id for one in tender.invitations}
        with acting(self.world, OFFICER, self._at(days, 3)) as uow:
            members = [one for one in self._members(uow) if one.supplier_id in invited]
        for place, member in enumerate(members[:3]):
            with acting(self.world, self._manager(member.supplier), self._at(days - 2, place)) as uow:
                price = member.price - Decimal(2600 + 1700 * place)
                submit_sealed(uow, tender.lots[0], member.supplier, price=price, terms="按竞价通知")
        with contextlib.ExitStack() as stack:
            officer = stack.enter_context(acting(self.world, OFFICER, self._at(days - 4, 1)))
            turns = [
                (stack.enter_context(acting(self.world, name, self._at(days - 4, 1))), self.keys[place])
                for place, name in enumerate(HOLDERS[:2])
            ]
            open_sealed(officer, tender, turns)
        with acting(self.world, OFFICER, self._at(days - 4, 3)) as uow:
            propose_lowest(uow, tender)
        self._confirm(call_off, days - 5)

    def waiting(self, *, days: int) -> None:
        """One offered by turn whose supplier has not answered yet."""
        self._offered(days)

    def _offered(self, days: int) -> CallOff:
        call_off = self._begin(Method.CALL_OFF_ROTATION, days)
        with acting(self.world, OFFICER, self._at(days, 1)) as uow:
            offer_turn(uow, call_off.tender)
        return call_off

    def _begin(self, way: Method, days: int) -> CallOff:
        with acting(self.world, OFFICER, self._at(days)) as uow:
            due = uow.today + timedelta(days=75)
            entry = CallOffEntry(self.framework.tender.lots[0], self._project(uow), way, due)
            tender: Tender = draft_call_off(uow, self.framework, entry)
            found = call_off_of(uow, tender)
        if found is None:
            raise LookupError(tender.number)
        return found

    def _project(self, uow: UnitOfWork) -> Project:
        """A project nobody is buying, whose fee covers the unit price."""
        free = (one for one in free_projects(uow) if one.id not in self.taken)
        found = next(one for one in free if (one.evaluation_fee or 0) >= CEILING)
        self.taken.add(found.id)
        return found

    def _confirm(self, call_off: CallOff, days: float) -> None:
        with acting(self.world, APPROVER, self._at(days)) as uow:
            confirm(uow, call_off.tender, call_off)
        with acting(self.world, OFFICER, self._at(days, 20)) as uow:
            url = f"https://www.example.gov.cn/zfcg/{call_off.tender.number}"
            register_result_notice(uow, call_off.tender, url, uow.now)

    def _person(self, call_off: CallOff) -> User:
        with acting(self.world, OFFICER, self.world.now) as uow:
            member = uow.get(FrameworkMember, call_off.member_id)
        if member is None:
            raise LookupError(call_off.id)
        return self._manager(member.supplier)

    def _manager(self, supplier: Organisation) -> User:
        pairs = zip(self.world.agencies, self.world.managers, strict=True)
        return next(person for agency, person in pairs if agency.organisation_id == supplier.id)

    def _members(self, uow: UnitOfWork) -> list[FrameworkMember]:
        return members_of(uow, self.framework)

    def _at(self, days: float, hours: float = 0) -> datetime:
        return self.world.now - timedelta(days=days) + timedelta(hours=hours)
