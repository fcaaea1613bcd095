"""The demonstration's purchases: a tender in every state, acted out through the services with real sealed bids."""

from __future__ import annotations

import contextlib
import functools
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from sqlalchemy.orm import Session

from agencies.models import Agency
from core.clock import SHANGHAI, Clock, IdSource, read_clock, shanghai
from core.house import House
from core.identity.actor import SYSTEM, actor_for
from core.identity.models import Membership, Organisation, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.demonstration import evaluation
from procurement.demonstration.agents import deposit_for, entrust
from procurement.demonstration.bids import PlainFile, demonstration_keys, open_sealed, submit_sealed
from procurement.demonstration.entries import entries_of
from procurement.demonstration.pool_draw import pool_is_filled, populate_pool_draws, record_duty, seat_from_pool
from procurement.demonstration.signed_bids import SHORT_OF_PAPERS, SIGNED, signed_files
from procurement.demonstration.stories import OTHERS, OTHERS_FROM, REASONS, STORIES, Story
from procurement.drafting.scheme import scheme_of
from procurement.models import CommitteeSeat, Tender
from procurement.queries.standings import seats_of, standings_of
from procurement.scoring import Criterion, CriterionKind
from procurement.sealing import KeyPair
from procurement.services.awarding import award
from procurement.services.committee import MemberEntry, seat_members, start_evaluation
from procurement.services.concluding import conclude
from procurement.services.drafting import draft_tender, set_keyholders
from procurement.services.invitations import Candidates, draw_suppliers, lock_candidates
from procurement.services.keys import register_key
from procurement.services.preparation import PreparationEntry, prepare
from procurement.services.publishing import publish_tender, submit_tender
from procurement.services.rounds import call_final, change_requirement, record_round, talking_with
from procurement.services.scoring_sheets import ScoreEntry, declare, lock_sheet, save_scores
from procurement.states import InvitationSource, Method, Outcome, SeatCategory
from procurement.workflow import TENDER
from projects.models import Project

OFFICER, APPROVER = "zhou.mingyuan", "lin.guoqiang"
HOLDERS = ("tao.jianhua", "shen.lihua", "qian.zhiwei")
POOL = (
    ("韩立群", "Han Liqun", "东湖大学公共管理学院"),
    ("宋知远", "Song Zhiyuan", "省财政科学研究院"),
    ("冯雪梅", "Feng Xuemei", "明德会计师事务所"),
    ("罗世杰", "Luo Shijie", "省社会科学院"),
    ("梁思齐", "Liang Siqi", "启衡资产评估公司"),
    ("苏文博", "Su Wenbo", "滨江职业技术学院"),
    ("邵丽君", "Shao Lijun", "省标准化研究所"),
)
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj"
    b" 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj"
    b" 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


class World(Protocol):
    """What of the demonstration's world this room uses."""

    session: Session
    house: House
    ids: IdSource
    random: random.Random
    now: datetime
    users: dict[str, User]
    organisations: dict[str, Organisation]
    projects: list[Project]
    agencies: list[Agency]
    managers: list[User]


def populate(uow: UnitOfWork, world: World) -> tuple[Sequence[User], Sequence[KeyPair]]:
    """Act out every story on a project of its own; each step commits at the moment it is said to have happened.

    Returns the experts of the pool and the keyholders' keys, for what is acted out later.
    """
    experts = _add_pool(world)
    keys = demonstration_keys(world.house)
    for number in range(len(STORIES)):
        Purchase(world, number, STORIES[number], experts, keys).act()
    for number, story in enumerate(OTHERS, OTHERS_FROM):
        Purchase(world, number, story, experts, keys).act()
    populate_pool_draws(functools.partial(acting, world), uow, OFFICER, world.now)
    return experts, keys


class Purchase:
    """One story being acted out."""

    def __init__(
        self, world: World, number: int, story: Story, experts: Sequence[User], keys: Sequence[KeyPair]
    ) -> None:
        self.world, self.number, self.experts, self.keys = world, number, experts, keys
        self.story, self.project = story, world.projects[number]
        self.deadline, self.at = self._deadline(), functools.partial(acting, world)
        self.tender: Tender

    def act(self) -> None:
        """Go as far as the story goes."""
        reached = self.story.until
        self._draft()
        if reached == "draft":
            return
        self._invite()
        with acting(self.world, OFFICER, self._before(days=24, hours=2)) as uow:
            submit_tender(uow, self.tender)
        if reached == "in-approval":
            return
        with acting(self.world, APPROVER, self._before(days=24)) as uow:
            publish_tender(uow, self.tender)
        if reached == "cancelled":
            with acting(self.world, APPROVER, self._before(days=20)) as uow:
                TENDER.fire(uow, self.tender, "cancel", reason="项目资金调整，采购任务取消")
            return
        self._bid()
        if reached in ("published", "due"):
            return
        self._open()
        if reached not in ("opened", "failed"):
            self._review(reached)

    def _review(self, reached: str) -> None:
        """Let the committee judge, then go on to rounds, an interruption, the result, or the award."""
        self._judge()
        if reached == "talking":
            self._talk()
            return
        self._score(everybody=reached not in ("scoring", "suspended"))
        if reached in ("suspended", "scoring"):
            self._interrupt()
            return
        with acting(self.world, OFFICER, self._after(hours=30)) as uow:
            conclude(uow, self.tender)
        evaluation.sign_all(self.at, self.tender, self._after(hours=31))
        if reached == "awarded":
            with acting(self.world, OFFICER, self._after(hours=54)) as uow:
                award(uow, self.tender, {})
            record_duty(self.at, OFFICER, self.tender, self._after(hours=56))

    def _interrupt(self) -> None:
        """Stop a review, or leave one under way with letters to bidders."""
        if self.story.until == "suspended":
            evaluation.stop_review(self.at, OFFICER, self.tender, self._after(hours=8))
        else:
            moments = (self._after(hours=7), self._after(hours=7.5), self.world.now)
            evaluation.ask_and_answer(self.at, self.tender, moments)

    def _invite(self) -> None:
        """Draw the suppliers of an invited tender, by the officer and the approver together."""
        if self.story.method is not Method.INVITED_TENDER:
            return
        found = [
            agency.organisation for agency in self.world.agencies if agency.organisation_id != self.project.unit_id
        ]
        with acting(self.world, OFFICER, self._before(days=25, hours=3)) as uow:
            lock_candidates(uow, self.tender, Candidates(InvitationSource.POOL, found[:6], 3))
        with acting(self.world, APPROVER, self._before(days=25, hours=2)) as uow:
            draw_suppliers(uow, self.tender)

    def _talk(self) -> None:
        """Hold a round with everybody, change a requirement for all, and call for final offers."""
        with acting(self.world, OFFICER, self._after(hours=6)) as uow:
            for bid in talking_with(uow, self.tender):
                record_round(uow, bid, "讨论问卷样本量、现场调研天数和主评人到场安排；供应商表示可以增加样本。")
            change_requirement(uow, self.tender, "满意度问卷样本量由三百份调整为五百份，报告提交时间不变。")
            call_final(uow, self.tender, self.world.now + timedelta(hours=30))

    def _deadline(self) -> datetime:
        """The working day nearest after the story's day, at 9:30."""
        day = (self.world.now + timedelta(days=self.story.due)).astimezone(SHANGHAI).date()
        calendar = work_calendar(UnitOfWork(self.world.session, SYSTEM, self.world.house))
        while not calendar.is_workday(day):
            day += timedelta(days=1 if self.story.due > 0 else -1)
        return shanghai(day, 9, 30)

    def _before(self, *, days: int = 0, hours: int = 0) -> datetime:
        moment = self.deadline - timedelta(days=days, hours=hours)
        return min(moment, self.world.now - timedelta(minutes=30 - min(hours * 10, 25)))

    def _after(self, *, hours: float) -> datetime:
        return min(self.deadline + timedelta(hours=hours), self.world.now)

    def _draft(self) -> None:
        notice = self._before(days=24).astimezone(SHANGHAI).date()
        with acting(self.world, OFFICER, self._before(days=26)) as uow:
            documents_until = work_calendar(uow).add_working_days(notice, 7).date
            entries = entries_of(self.project, notice, documents_until, self.deadline)
            entries |= deposit_for(self.number, self.project)
            self.tender = draft_tender(uow, [self.project], method=self.story.method, **entries)
            prepare(uow, self.tender, PreparationEntry(method_reason=REASONS[self.story.method]))
            entrust(uow, self.world, self.number, self.tender)
            set_keyholders(uow, self.tender, [self.world.users[key] for key in HOLDERS], 2)
        for name, key in zip(HOLDERS, self.keys, strict=True):
            with acting(self.world, name, self._before(days=25)) as uow:
                register_key(uow, self.tender, key.recipient)

    def _bid(self) -> None:
        count = len(self.world.agencies)
        for place in range(self.story.bidders):
            at = (self.number * 3 + place * 5) % count
            manager, agency = self.world.managers[at], self.world.agencies[at]
            share = Decimal(self.world.random.randint(820, 985)) / 1000
            price = (self.tender.budget * share).quantize(Decimal(100)) + Decimal("0.00")
            with acting(self.world, manager, self._before(hours=26 - 4 * place)) as uow:
                submit_sealed(
                    uow,
                    self.tender.lots[0],
                    agency.organisation,
                    price=price,
                    files=self._files(place),
                    terms="按采购文件约定分两期付款",
                )

    def _files(self, place: int) -> list[PlainFile]:
        known = [PlainFile("资格证明文件.pdf", "qualification", PAGE)]
        if self.number == SIGNED:
            return [*known, *signed_files(place)]
        return [*known, PlainFile("服务方案.pdf", "technical", PAGE)]

    def _open(self) -> None:
        with contextlib.ExitStack() as stack:
            officer = stack.enter_context(acting(self.world, OFFICER, self._after(hours=0.1)))
            turns = [
                (stack.enter_context(acting(self.world, name, self._after(hours=0.2 + 0.1 * place))), self.keys[place])
                for place, name in enumerate(HOLDERS[:2])
            ]
            said = functools.partial(
                evaluation.object_on_the_spot, self.at, OFFICER, self.tender, self._after(hours=0.45)
            )
            open_sealed(officer, self.tender, turns, said if self.story.until == "opened" else None)

    def _judge(self) -> None:
        with acting(self.world, OFFICER, self._after(hours=3)) as uow:
            evaluation.examine_all(uow, self.tender, without_lowest=self.number == SHORT_OF_PAPERS)
            own_pool = self.story.method is Method.QUOTATION and pool_is_filled(uow)
            if not own_pool:
                seat_members(uow, self.tender, self._draw())
        if own_pool:
            seat_from_pool(self.at, OFFICER, self.tender, self._after(hours=3))
        with acting(self.world, OFFICER, self._after(hours=3.8)) as uow:
            start_evaluation(uow, self.tender)
        seats = seats_of(uow, self.tender)
        for place, seat in enumerate(seats):
            with acting(self.world, seat.user, self._after(hours=4 + place / 10)) as member:
                declare(member, seat)
                evaluation.judge_conformity(member, seat, doubts=place == len(seats) - 1 and self.number % 2 == 0)

    def _score(self, *, everybody: bool) -> None:
        seats = seats_of(UnitOfWork(self.world.session, SYSTEM, self.world.house), self.tender)
        objective = self._objective_points(seats[0])
        for place, seat in enumerate(seats if everybody else [one for one in seats if not one.is_chair][:2]):
            with acting(self.world, seat.user, self._after(hours=6 + place / 10)) as member:
                save_scores(member, seat, self._points(member, objective))
                lock_sheet(member, seat)

    def _draw(self) -> list[MemberEntry]:
        start = self.number % len(POOL)
        chosen = [(start + place) % len(POOL) for place in range(5)]
        return [
            MemberEntry(
                name=POOL[at][0],
                email=self.experts[at].email,
                employer=POOL[at][2],
                category=SeatCategory.EXPERT,
                draw_number=f"省抽〔{self.deadline.year}〕{100 + self.number}-{place + 1}",
                drawn_at=min(self.deadline + timedelta(minutes=30), self._after(hours=2.5)),
                is_chair=place == 0,
            )
            for place, at in enumerate(chosen)
        ]

    def _objective_points(self, seat: CommitteeSeat) -> dict[tuple[uuid.UUID, str], Decimal]:
        with acting(self.world, seat.user, self._after(hours=5)) as uow:
            bids = [one.bid.id for one in standings_of(uow, self.tender).bids if one.outcome is Outcome.VALID]
        return {
            (bid, one.id): self.world.random.choice([band.maximum for band in one.bands][:2])
            for one in scheme_of(self.tender).scored
            for bid in bids
        }

    def _points(self, uow: UnitOfWork, objective: Mapping[tuple[uuid.UUID, str], Decimal]) -> list[ScoreEntry]:
        bids = [one.bid.id for one in standings_of(uow, self.tender).bids if one.outcome is Outcome.VALID]
        return [
            ScoreEntry(
                bid,
                uuid.UUID(one.id),
                objective[bid, one.id] if one.kind is CriterionKind.OBJECTIVE else self._judged(one, place),
            )
            for place, bid in enumerate(bids)
            for one in scheme_of(self.tender).scored
        ]

    def _judged(self, criterion: Criterion, place: int) -> Decimal:
        band = criterion.bands[min(place % 2, len(criterion.bands) - 1)]
        return Decimal(self.world.random.randint(int(band.minimum), int(band.maximum)))


@contextlib.contextmanager
def acting(world: World, who: User | str, moment: datetime) -> Iterator[UnitOfWork]:
    """Let a person act at a moment of the past; bids arrive by the database's clock, which is moved as far back."""
    user = world.users[who] if isinstance(who, str) else who
    actor = actor_for(world.session, user.id)
    if actor is None:
        raise LookupError(f"{user.email} is not active")
    moved = Clock(now=moment, offset=moment - read_clock(world.session).wall)
    with UnitOfWork(world.session, actor, world.house, clock=moved, ids=world.ids) as uow:
        yield uow


def _add_pool(world: World) -> list[User]:
    """Add people of the provincial pool, who sit on evaluation committees."""
    experts = []
    with acting(world, "admin", world.now - timedelta(days=300)) as uow:
        for number, (name, english, _employer) in enumerate(POOL, start=1):
            user = uow.add(
                User(
                    email=f"pool{number}@{world.users['admin'].email.partition('@')[2]}",
                    name=name,
                    name_en=english,
                    password_hash=None,
                    totp_secret=None,
                    totp_last_step=None,
                    created_at=uow.now,
                )
            )
            uow.session.flush()
            uow.add(
                Membership(
                    user_id=user.id,
                    organisation_id=world.organisations["experts"].id,
                    role=Role.EXPERT,
                    position=0,
                    ended_at=None,
                )
            )
            world.users[f"pool{number}"] = user
            experts.append(user)
    return experts
