"""A season of reviews: opened, scored, computed, decided by hand, explained, published and invited."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text

from core.errors import Refused
from core.identity.roles import Role
from experts.models import Review, Season, SeasonChoice
from experts.queries.season import loads_in, plan_of
from experts.seats import panel_of, seats_of
from experts.services.invitations import decline_seat
from experts.services.season_publishing import publish_season, seat_review
from experts.services.season_runs import compute, compute_season
from experts.services.seasons import Slots, decide_pair, open_season, reviews_to_assign, set_season, take_back
from experts.services.ties import note_tie
from experts.states import Category, ConflictKind, ReviewState, SeasonState, SeatedState, SeatState, Verdict
from experts.workflow import REVIEW
from tests.factories.experts import as_user, make_expert, submitted_engagement
from tests.factories.identity import make_user

KINDS = (Category.PERFORMANCE, Category.INDUSTRY, Category.FINANCE, Category.SCHOLAR)


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


class Fall:
    """A pool, reviews whose indicators wait, and the season over them."""

    def __init__(self, uow, *, reviews: int = 3, pool: int = 28) -> None:
        self.uow = uow
        self.pool = [make_expert(uow, categories=(KINDS[number % 4],)) for number in range(pool)]
        self.quality = make_user(uow, Role.QUALITY_OFFICER)
        self.engagements = [submitted_engagement(uow)[0] for _number in range(reviews)]
        self.season = open_season(
            self.officer,
            title="下半年指标评审",
            basis="局长办公会纪要第 12 期",
            review_ids=[],
            system_ids=[one.system_id for one in self.engagements],
            slots=self.slots(),
        )

    def slots(self, **changes) -> Slots:
        return Slots(
            **{
                "first_at": self.uow.now + timedelta(days=5),
                "minutes": 240,
                "place": "三楼会议室",
                "fee": Decimal(800),
                "answer_by": self.uow.now + timedelta(days=2),
                "reserves": 4,
                **changes,
            }
        )

    @property
    def officer(self):
        return as_user(self.uow, self.quality)

    def ask(self, **changes) -> None:
        set_season(self.officer, self.season, {**self.season.options, **changes}, {})

    def compute(self):
        return compute(self.officer, self.season)

    @property
    def parts(self):
        return plan_of(self.uow, self.season)


@pytest.fixture
def fall(uow):
    return Fall(uow)


class TestOpening:
    def test_it_convenes_the_waiting_reviews_one_after_the_other(self, uow, fall):
        met = [part.review.meets_at for part in fall.season.parts]
        assert [two - one for one, two in itertools.pairwise(met)] == [timedelta(hours=4)] * 2
        assert not reviews_to_assign(uow), "an open season holds them"
        assert fall.season.parts[0].demand == {"performance": 2, "trade": 1, "finance": 1, "scholar": 1}

    def test_two_officers_take_the_same_review_only_once(self, uow, fall):
        other = as_user(uow, make_user(uow, Role.QUALITY_OFFICER))
        with pytest.raises(Refused) as refused:
            open_season(other, title="又一批", basis="同上", review_ids=[fall.season.parts[0].review_id])
        assert rules_of(refused) == {"R-EXP.season"}
        with pytest.raises(Refused) as refused:
            open_season(
                other,
                title="又一批",
                basis="同上",
                review_ids=[],
                system_ids=[fall.engagements[0].system_id],
                slots=fall.slots(),
            )
        assert rules_of(refused) == {"R-IND-01"}

    def test_why_nobody_is_drawn_must_be_said_r_exp_09(self, uow, fall):
        with pytest.raises(Refused) as refused:
            open_season(fall.officer, title="x", basis=" ", review_ids=[])
        assert rules_of(refused) == {"R-EXP-09", "R-EXP.season"}


class TestComputing:
    def test_every_seat_is_filled_by_its_kind_and_the_result_is_proved(self, uow, fall):
        result = fall.compute().result
        assert fall.season.state is SeasonState.PROPOSED
        for part in fall.parts:
            seated = [one for one in part.seats if not one.is_reserve]
            assert sorted(one.kind for one in seated) == ["finance", "performance", "performance", "scholar", "trade"]
            assert all(one.chance <= Decimal("0.5") for one in seated), "by lottery: no pair above half (R-EXP.season)"
            assert sum(one.is_reserve for one in part.seats) == 4
        assert result["bound"] >= result["objective"]
        assert result["gap"] < 1e-6
        assert max(one.seats for one in loads_in(fall.parts)) <= fall.season.options["load_max"]

    def test_the_seed_is_fixed_before_and_the_same_conditions_give_the_same_plan(self, fall):
        first, second = fall.compute(), fall.compute()
        assert first.result["digest"] == second.result["digest"]
        assert (second.number, second.options["seed"]) == (2, fall.season.seed)

    def test_without_chance_the_total_is_no_less_and_fairness_lifts_the_worst(self, fall):
        by_lottery = fall.compute().result
        fall.ask(pair_percent=None)
        best = fall.compute().result
        fall.ask(pair_percent=None, fairness=True)
        fair = fall.compute().result
        assert best["objective"] >= by_lottery["objective"] - 1e-6
        assert fair["worst"] >= best["worst"] - 1e-6
        assert fair["bound"] >= fair["objective"]

    def test_a_tie_bars_the_pair_and_an_absent_one_is_never_seated(self, uow, fall):
        tied, agency = fall.pool[0], fall.engagements[0].agency
        note_tie(fall.officer, tied, agency, kind=ConflictKind.PAST_WORK, reason="合作课题")
        fall.ask(pair_percent=None)
        fall.compute()
        assert tied.id not in {one.expert_id for one in fall.parts[0].seats}

    def test_what_a_hand_decided_stays_and_what_it_took_back_is_computed_again(self, uow, fall):
        fall.ask(pair_percent=None)
        fall.compute()
        part = fall.parts[0]
        seated = {one.expert_id for one in part.seats if not one.is_reserve}
        out = next(one for one in part.seats if one.kind == "performance" and not one.is_reserve).expert
        other = next(one for one in fall.pool if one.id not in seated and one.category_labels == [Category.PERFORMANCE])
        with pytest.raises(Refused) as refused:
            decide_pair(fall.officer, part, other, Verdict.SEAT, "  ")
        assert rules_of(refused) == {"R-EXP.season"}
        decide_pair(fall.officer, part, other, Verdict.SEAT, "熟悉该项目历史")
        decide_pair(fall.officer, part, out, Verdict.BAR, "当日授课")
        fall.compute()
        again = {one.expert_id for one in fall.parts[0].seats if not one.is_reserve}
        assert other.id in again
        assert out.id not in again
        assert len(again) == 5
        choice = uow.session.scalars(select(SeasonChoice).where(SeasonChoice.verdict == Verdict.BAR)).one()
        take_back(fall.officer, choice)
        fall.compute()
        assert other.id in {one.expert_id for one in fall.parts[0].seats if not one.is_reserve}

    def test_conditions_that_break_a_rule_are_refused_together(self, fall):
        part = fall.season.parts[0]
        with pytest.raises(Refused) as refused:
            set_season(
                fall.officer,
                fall.season,
                {"load_max": 99, "load_min": 0, "fairness": True, "together": None, "pair_percent": 80},
                {str(part.id): {"performance": 1, "trade": 1, "finance": 1, "scholar": 1}},
            )
        assert rules_of(refused) == {"R-EXP.season", "R-IND.seats", "R-IND.panel", None}
        assert part.demand["performance"] == 2, "nothing was changed"

    def test_what_cannot_be_is_explained_by_name_with_the_least_relaxation(self, uow):
        fall = Fall(uow, reviews=3, pool=8)
        fall.ask(pair_percent=None, load_max=1)
        run = fall.compute()
        assert fall.season.state is SeasonState.PREPARING
        assert run.result is None
        assert run.cause["kind"] in ("group", "together")
        assert run.cause["raise_load"] == 2
        assert run.cause["missing"] > 0

    def test_a_large_season_is_computed_by_a_job_once(self, uow, fall, monkeypatch):
        monkeypatch.setattr("experts.services.season_runs.AT_ONCE", 1)
        assert fall.compute() is None
        assert fall.season.state is SeasonState.COMPUTING
        queued = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'experts.compute-season'"
        assert uow.session.execute(text(queued)).scalar_one() == 1
        for _twice in range(2):
            compute_season.run(uow, season_id=str(fall.season.id), user_id=str(fall.quality.id))
        assert fall.season.state is SeasonState.PROPOSED
        assert len(fall.season.runs) == 1

    def test_a_review_called_off_meanwhile_stops_the_season(self, fall):
        REVIEW.fire(fall.officer, fall.season.parts[0].review, "cancel", reason="项目终止")
        with pytest.raises(Refused):
            fall.compute()


class TestPublishing:
    def published(self, uow, **options) -> Fall:
        fall = Fall(uow)
        if options:
            fall.ask(**options)
        fall.compute()
        publish_season(fall.officer, fall.season, "首次试行，按匹配度分配" if options else "")
        return fall

    def work_off(self, uow, fall) -> None:
        for part in fall.season.parts:
            seat_review.run(uow, part_id=str(part.id))

    def test_each_review_is_seated_and_invited_by_a_job_of_its_own_once(self, uow):
        fall = self.published(uow)
        queued = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'experts.seat-review'"
        assert uow.session.execute(text(queued)).scalar_one() == 3
        for _twice in range(2):
            self.work_off(uow, fall)
        for part in fall.parts:
            assert part.outcome is SeatedState.SEATED
            assert part.review.state is ReviewState.INVITING
            panel = panel_of(uow, part.review)
            assert [seat.state for seat in panel] == [SeatState.INVITED] * 5
            assert len(seats_of(uow, part.review)) == 9

    def test_a_worker_killed_after_the_first_review_leaves_the_rest_to_be_done(self, uow, monkeypatch):
        fall = self.published(uow)
        first, *rest = fall.season.parts
        seat_review.run(uow, part_id=str(first.id))
        savepoint = uow.session.begin_nested()
        with monkeypatch.context() as patch:
            patch.setattr("experts.services.season_publishing.invite", lambda *_a, **_k: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                seat_review.run(uow, part_id=str(rest[0].id))
        savepoint.rollback()
        uow.session.expire_all()
        assert rest[0].review.state is ReviewState.CONVENED
        self.work_off(uow, fall)
        assert [part.outcome for part in fall.parts] == [SeatedState.SEATED] * 3
        assert len(panel_of(uow, first.review)) == 5

    def test_a_decline_is_followed_by_a_reserve_of_the_same_kind(self, uow):
        fall = self.published(uow)
        self.work_off(uow, fall)
        review = fall.parts[0].review
        seat = next(one for one in panel_of(uow, review) if one.category is Category.PERFORMANCE)
        decline_seat(as_user(uow, seat.expert.user), seat, "出差")
        panel = panel_of(uow, review)
        assert len(panel) == 5
        assert sum(one.category is Category.PERFORMANCE for one in panel) == 2

    def test_a_plan_without_chance_needs_its_reason_r_exp_09(self, uow, fall):
        fall.ask(pair_percent=None)
        fall.compute()
        with pytest.raises(Refused) as refused:
            publish_season(fall.officer, fall.season)
        assert rules_of(refused) == {"R-EXP-09"}
        publish_season(fall.officer, fall.season, "首次试行，按匹配度分配")
        assert fall.season.chosen_reason
        with pytest.raises(Refused):
            publish_season(fall.officer, fall.season, "再来")

    def test_a_review_cancelled_after_publication_is_skipped_and_told(self, uow):
        fall = self.published(uow)
        review = uow.session.get(Review, fall.season.parts[0].review_id)
        REVIEW.fire(fall.officer, review, "cancel", reason="项目终止")
        uow.session.flush()
        self.work_off(uow, fall)
        assert fall.parts[0].outcome is SeatedState.SKIPPED
        assert not seats_of(uow, review)


class TestPages:
    def test_an_officer_opens_computes_adjusts_and_publishes_in_the_browser(self, uow, client_as):
        for number in range(24):
            make_expert(uow, categories=(KINDS[number % 4],))
        engagements = [submitted_engagement(uow)[0] for _number in range(2)]
        browser = client_as(make_user(uow, Role.QUALITY_OFFICER))
        form = browser.page("/seasons/new").select_one("form.form-column")
        local = (uow.now + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
        data = {
            "title": "秋季",
            "basis": "局务会议定",
            "systems": [str(one.system_id) for one in engagements],
            "first_at": local,
            "answer_by": (uow.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
            "minutes": "240",
            "place": "线上",
            "fee": "800",
            "reserves": "3",
            "once": form.select_one("[name=once]")["value"],
        }
        assert browser.post("/seasons/new", data={**data, "basis": ""}).status_code == 422
        opened = browser.post("/seasons/new", data=data)
        page = opened.headers["Location"]
        assert browser.post("/seasons/new", data=data).headers["Location"] == page, "pressed twice is once"
        assert uow.session.scalar(select(Season.state)) is SeasonState.PREPARING
        form = browser.page(page).select_one("form#compute")
        data = {one["name"]: one.get("value", "") for one in form.select("input") if one.get("type") != "checkbox"}
        bad = {**data, "how-load_max": "77"}
        assert browser.post(f"{page}/compute", data=bad).status_code == 422
        assert browser.post(f"{page}/compute", data=data).status_code == 302
        shown = browser.page(page)
        assert "与已证明上界的差距" in shown.get_text()
        scores = shown.select_one("td a[href*='/reviews/']")["href"]
        words = browser.page(scores).get_text()
        assert "专长用词" in words
        assert "入席" in words
        chosen = browser.page(scores).select("form#decide select[name=decide-expert_id] option")[3]["value"]
        decided = browser.post(
            scores + "/decide",
            data={"decide-expert_id": chosen, "decide-verdict": "seat", "decide-reason": "熟悉情况"},
        )
        assert decided.status_code == 302
        assert "熟悉情况" in browser.page(scores).get_text()
        book = load_workbook(io.BytesIO(browser.get(f"{page}/plan.xlsx").data))
        assert book.active.max_row == 1 + 2 * (5 + 3)
        assert browser.post(f"{page}/publish", data={}).status_code == 302
        assert uow.session.scalar(select(Season.state)) is SeasonState.PUBLISHED
        assert browser.get("/seasons").status_code == 200

    @pytest.mark.parametrize("role", [Role.PROCUREMENT_SUPERVISOR, Role.PROCUREMENT_OFFICER, Role.EXPERT])
    def test_names_are_for_the_officer_and_the_observer_alone(self, uow, fall, client_as, role):
        fall.compute()
        page = f"/seasons/{fall.season.id}"
        assert client_as(make_user(uow, role)).get(page).status_code in (403, 404)
        watching = client_as(make_user(uow, Role.OBSERVER))
        assert watching.get(page).status_code == 200
        assert watching.post(f"{page}/compute", data={}).status_code == 403

    def test_the_page_asks_no_more_for_more_reviews(self, uow, client_as, count_queries):
        counts = []
        for reviews in (1, 3):
            fall = Fall(uow, reviews=reviews)
            fall.compute()
            browser = client_as(fall.quality)
            browser.get(f"/seasons/{fall.season.id}")
            with count_queries() as statements:
                browser.get(f"/seasons/{fall.season.id}")
            counts.append(len(statements))
        assert counts[1] <= counts[0] + 6
