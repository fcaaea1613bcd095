"""The eleven indicators on histories made by hand, and as they are kept and shown to supervision."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.red_flags import CODES, Contest, Offer, Thresholds, contests_of, red_flags
from procurement.red_flags.outliers import fences, quantile
from procurement.services.red_flags import opened_offers
from procurement.states import Indicator, Method
from tests.factories.awards import awarded_tender

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LIMITS = Thresholds(
    {
        "R003": {"days": Fraction(15)},
        "R024": {"fence": Fraction(3, 2), "processes_min": Fraction(8)},
        "R025": {"fence": Fraction(3, 2), "percentile": Fraction(75), "processes_min": Fraction(8)},
        "R035": {"disqualified_min": Fraction(1)},
        "R038": {"fence": Fraction(3, 2), "bids_min": Fraction(2), "processes_min": Fraction(2)},
        "R048": {"fence": Fraction(3, 2), "processes_min": Fraction(20)},
        "R058": {"fence": Fraction(3, 2), "processes_min": Fraction(8)},
    },
    {"竞争性磋商": 10},
)


def offer(name, price=None, status="valid", hours=-2):
    received = START + timedelta(days=20, hours=hours)
    return Offer((name,), status, None if price is None else Decimal(price), received)


def contest(key, *offers, winner=None, **values):
    made = {
        "method": "open",
        "buyer": "bureau",
        "entity": "bureau",
        "opened": START,
        "closes": START + timedelta(days=20),
        "offers": offers,
        "winners": ((winner,),) if winner else (),
    }
    return Contest(key, "lot-1", **{**made, **values})


def flagged(contests, code, limits=LIMITS):
    return [one for one in red_flags(contests, limits) if one.code == code]


def usual(count, gap="1.10"):
    """So many ordinary purchases: a at 100, b above it by about a tenth, never the same twice."""
    return [
        contest(f"p{n}", offer("a", "100"), offer("b", str(Decimal(100) * Decimal(gap) + n)), winner="a")
        for n in range(count)
    ]


class TestOneContest:
    def test_r003_fewer_days_than_the_methods_threshold(self):
        """R-FLAG.R003."""
        short = contest("s", closes=START + timedelta(days=14, hours=23))
        (found,) = flagged([short, contest("l", closes=START + timedelta(days=15))], "R003")
        assert (found.process, found.value, found.facts["least"]) == ("s", 14, "15")
        talks = replace(short, method_name="竞争性磋商", closes=START + timedelta(days=10))
        assert flagged([talks], "R003") == []
        assert flagged([replace(short, closes=None), replace(short, method="limited")], "R003") == []
        assert flagged([replace(short, closes=START - timedelta(days=1))], "R003") == []

    def test_r018_one_bid_in_a_competition(self):
        """R-FLAG.R018."""
        assert [one.process for one in flagged([contest("s", offer("a"))], "R018")] == ["s"]
        assert [one.process for one in flagged([contest("n", bidders=1)], "R018")] == ["n"]
        direct = contest("d", offer("a"), method="direct")
        withdrawn = contest("w", offer("a"), offer("b"), offer("c", status="withdrawn"))
        assert flagged([direct, withdrawn, contest("none")], "R018") == []

    def test_r028_the_very_same_price(self):
        """R-FLAG.R028."""
        (found,) = flagged([contest("s", offer("a", "5"), offer("b", "5.00"), offer("c", "6"))], "R028")
        assert found.organisations == ("a", "b")
        assert flagged([contest("o", offer("a", "5"), offer("a", "5"))], "R028") == []

    def test_r030_the_winner_came_late(self):
        """R-FLAG.R030."""
        late = contest("s", offer("a", "5", hours=1), offer("b", "6"), winner="a")
        other = contest("o", offer("a", "5"), offer("b", "6", hours=1), winner="a")
        assert [(one.process, one.organisations) for one in flagged([late, other], "R030")] == [("s", ("a",))]

    def test_r035_all_but_the_winner_fell(self):
        """R-FLAG.R035."""
        fell = contest("s", offer("a"), offer("b", status="disqualified"), winner="a")
        two = contest("o", offer("a"), offer("b"), offer("c", status="disqualified"), winner="a")
        alone = contest("n", offer("a"), winner="a")
        waiting = replace(fell, process="w", final=False)
        assert [(one.process, one.value) for one in flagged([fell, two, alone, waiting], "R035")] == [("s", 1)]

    def test_r036_the_lowest_fell(self):
        """R-FLAG.R036."""
        fell = contest("s", offer("a", "9"), offer("b", "5", status="disqualified"), winner="a", price_only=True)
        higher = contest("o", offer("a", "5"), offer("b", "9", status="disqualified"), winner="a")
        equal = contest("e", offer("a", "5"), offer("b", "5", status="disqualified"), winner="a")
        (found,) = flagged([fell, higher, equal], "R036")
        assert (found.process, found.facts["price_only"]) == ("s", "1")
        assert flagged([replace(fell, winners=())], "R036") == []


class TestHistory:
    def test_r024_a_next_price_that_hardly_lies_above(self):
        """R-FLAG.R024."""
        close = contest("s", offer("a", "100"), offer("b", "100.10"), winner="a")
        (found,) = flagged([*usual(12, "1.30"), close], "R024")
        assert (found.process, found.organisations) == ("s", ("a", "b"))

    def test_r058_a_winner_far_below(self):
        """R-FLAG.R058."""
        deep = contest("s", offer("a", "100"), offer("b", "260"), winner="a")
        (found,) = flagged([*usual(12), deep], "R058")
        assert (found.process, found.organisations, found.value) == ("s", ("a",), Fraction(8, 5))

    def test_r024_and_r058_need_a_history_and_a_winner_who_was_lowest(self):
        """R-FLAG.R024, R-FLAG.R058."""
        deep = contest("s", offer("a", "100"), offer("b", "260"), winner="a")
        assert flagged([*usual(6), deep], "R058") == []
        dear = contest("s", offer("a", "260"), offer("b", "100"), winner="a")
        joint = replace(deep, process="j", winners=(("a", "b"),))
        assert flagged([*usual(12), dear, joint], "R058") == []

    def test_r025_who_bids_most_and_hardly_wins(self):
        """R-FLAG.R025."""
        many = [contest(f"p{n}", offer("loser"), offer(f"w{n % 5}"), winner=f"w{n % 5}") for n in range(20)]
        (found,) = flagged(many, "R025")
        assert (found.organisation, found.role, found.value) == ("loser", "tenderer", 0)
        assert (found.facts["bids"], found.facts["won"], len(found.contests)) == ("20", "0", 20)

    def test_r038_a_buyer_and_a_bidder_with_many_fallen_bids(self):
        """R-FLAG.R038."""
        dice = random.Random(1)

        def fallen():
            return "disqualified" if dice.random() < 0.2 else "valid"

        good = [
            contest(
                f"g{n}",
                offer(f"x{n % 7}", status=fallen()),
                offer(f"y{n % 5}", status=fallen()),
                buyer=f"u{n % 6}",
                entity=f"u{n % 6}",
            )
            for n in range(240)
        ]
        bad = [contest(f"b{n}", offer("z", status="disqualified"), buyer="bad", entity="bad") for n in range(3)]
        found = flagged([*good, *bad], "R038")
        assert {(one.role, one.organisation) for one in found} == {
            ("buyer", "bad"),
            ("entity", "bad"),
            ("tenderer", "z"),
        }
        assert {(one.value, len(one.contests)) for one in found} == {(Fraction(1), 3)}
        once = flagged([*good, bad[0]], "R038")
        assert {"bad", "z"} & {one.organisation for one in once} == set()

    def test_r038_is_silent_where_nearly_nobody_falls(self):
        """R-FLAG.R038."""
        good = [contest(f"g{n}", offer(f"x{n % 7}"), buyer=f"u{n % 6}", entity="e") for n in range(40)]
        assert flagged([*good, *[contest(f"b{n}", offer("z", status="disqualified")) for n in range(2)]], "R038") == []

    def test_the_only_buyer_is_no_outlier_of_itself(self):
        """R-FLAG.R038."""
        fallen = [contest(f"b{n}", offer("x", status="disqualified"), offer(f"y{n}")) for n in range(4)]
        assert {one.role for one in flagged(fallen, "R038")} <= {"tenderer"}

    def test_r048_who_wins_in_too_many_sectors(self):
        """R-FLAG.R048."""

        def wins(name, sectors):
            return [
                contest(f"{name}{n}", offer(name), winner=name, sectors=(sectors[n % len(sectors)],)) for n in range(20)
            ]

        plain = [one for n in range(8) for one in wins(f"s{n}", ["edu", "med"][: 1 + n % 2])]
        (found,) = flagged([*plain, *wins("all", [f"k{n}" for n in range(12)])], "R048")
        assert (found.organisation, found.value) == ("all", 12)
        assert flagged(wins("few", [f"k{n}" for n in range(12)])[:19], "R048") == []


class TestProperties:
    @given(st.integers(0, 2**32 - 1), st.integers(2, 9))
    def test_order_and_currency_change_nothing(self, seed, factor):
        dice = random.Random(seed)
        contests = []
        for n in range(14):
            offers = [
                offer(
                    dice.choice("abcdef"), str(dice.randint(90, 140)), dice.choice(["valid", "valid", "disqualified"])
                )
                for _one in range(dice.randint(1, 5))
            ]
            valid = [one.tenderers[0] for one in offers if one.status == "valid"]
            contests.append(contest(f"p{n:02d}", *offers, winner=dice.choice(valid) if valid else None))
        shuffled = contests[:]
        dice.shuffle(shuffled)
        scaled = [
            replace(one, offers=tuple(replace(x, price=x.price * factor) for x in one.offers)) for one in shuffled
        ]
        before = [(one.code, one.process, one.organisation, one.role, one.value) for one in red_flags(contests, LIMITS)]
        after = [(one.code, one.process, one.organisation, one.role, one.value) for one in red_flags(scaled, LIMITS)]
        assert before == after

    @given(st.lists(st.fractions(0, 100, max_denominator=50), min_size=1, max_size=40))
    def test_fences_lie_around_the_quartiles(self, values):
        low, first, third, high = fences(values, Fraction(3, 2))
        assert low <= first <= third <= high
        assert min(values) <= first
        assert third <= max(values)

    def test_the_quantile_is_the_median_unbiased_one(self):
        values = [Fraction(one) for one in (1, 2, 3, 4)]
        assert quantile(values, Fraction(1, 4)) == Fraction(17, 12)
        assert quantile(values, Fraction(1, 2)) == Fraction(5, 2)
        assert (quantile(values, Fraction(0)), quantile(values, Fraction(1))) == (1, 4)
        with pytest.raises(ValueError, match="no values"):
            quantile([], Fraction(1, 2))

    def test_no_history_has_no_flags(self):
        assert red_flags([], LIMITS) == []
        assert tuple(Indicator) == CODES


class TestFromOcds:
    RELEASE: ClassVar = {
        "ocid": "ocds-x",
        "buyer": {"id": "B"},
        "tender": {
            "procurementMethod": "open",
            "awardCriteria": "priceOnly",
            "procuringEntity": {"id": "P"},
            "tenderPeriod": {"startDate": "2026-03-01T08:00:00Z", "endDate": "2026-03-10T08:00:00+08:00"},
            "lots": [{"id": "lot-1"}, {"id": "lot-2"}],
        },
        "bids": {
            "statistics": [{"measure": "bids", "relatedLot": "lot-2", "value": 1}],
            "details": [
                {"status": "valid", "tenderers": [{"id": "a"}], "value": {"amount": 1.5}, "relatedLots": ["lot-1"]},
                {"status": "disqualified", "tenderers": [{"id": "b"}], "relatedLots": ["lot-2"]},
            ],
        },
        "awards": [
            {"status": "active", "suppliers": [{"id": "a"}], "relatedLots": ["lot-1"]},
            {"status": "pending", "suppliers": [{"id": "b"}], "relatedLots": ["lot-2"]},
        ],
    }

    def test_each_lot_is_a_contest_of_its_own(self):
        first, second = contests_of(self.RELEASE, {"lot-1": ["edu"]})
        assert (first.only_winner, first.final, first.sectors, first.price_only) == ("a", True, ("edu",), True)
        assert [one.price for one in first.offers] == [Decimal("1.5")]
        assert (second.winners, second.final, second.bidders) == ((), False, 1)
        assert second.closes == datetime(2026, 3, 10, tzinfo=UTC)

    @pytest.mark.parametrize("broken", [{}, {"tender": {"tenderPeriod": {"endDate": "soon"}}}, {"awards": [{}]}])
    def test_what_is_missing_is_unknown(self, broken):
        (found,) = contests_of(broken)
        assert found.winners == ()
        assert red_flags([found], LIMITS) == []

    def test_bids_that_the_result_does_not_name_fell_but_only_once_there_is_one(self):
        first, _second = contests_of(self.RELEASE)
        known = replace(first, offers=tuple(replace(one, key="k1") for one in first.offers))
        both = known.with_fallen([Offer(("a",), "pending", key="k1"), Offer(("c",), "pending", Decimal(1), key="k2")])
        assert [(one.tenderers, one.status) for one in both.offers] == [(("a",), "valid"), (("c",), "disqualified")]
        assert [one.code for one in red_flags([both], LIMITS)] == ["R003", "R035", "R036"]
        assert replace(known, decided=False).with_fallen([Offer(("c",), "pending", key="k2")]).offers == known.offers

    def test_a_purchase_called_off_is_none(self):
        assert contests_of({"tender": {"status": "cancelled"}}) == []


def test_whoever_is_not_chosen_where_nobody_judges_did_not_fall(uow):
    tender = awarded_tender(uow)
    assert opened_offers(uow)
    tender.method = Method.BELOW_LIMIT
    uow.session.flush()
    assert opened_offers(uow) == {}
