"""Entries of a record without a database: kept, checked, shown: R-AGENCY-03, R-AGENCY-04, R-AGENCY-07."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.checklist import DECLARATIONS, Held, Holding, Numbers, broken, checklist
from agencies.lead_check import LeadFacts, Limits, verdict
from agencies.record_entries import changed_keys, entries_from, refusals, shown
from agencies.record_parts import MOST_ROWS, PARTS, REQUIRED_SYSTEMS, Seen, name_of
from agencies.states import Answer, RecordPart

TODAY = date(2026, 11, 26)
LEADS = PARTS[RecordPart.LEADS]
PROJECTS = PARTS[RecordPart.PROJECTS]
DONE = {
    "name": "养老服务补贴绩效评价",
    "principal": "临浦区民政局",
    "role": "leading",
    "begun_on": date(2025, 3, 1),
    "finished_on": date(2025, 8, 1),
    "amount": Decimal("158000.50"),
    "result": "通过评审\n多数建议被采纳",
}


def wrong(part, entries, **more) -> dict[str | None, str]:
    return {one.field: str(one.reason) for one in refusals(PARTS[part], entries, TODAY, **more)}


class TestEntries:
    def test_what_is_kept_is_plain_and_reads_back(self):
        kept = entries_from(PROJECTS, {**DONE, "stranger": "x", "name": " 养老 服务\t补贴 "})
        assert json.loads(json.dumps(kept)) == kept
        assert (kept["begun_on"], kept["amount"], kept["name"]) == ("2025-03-01", "158000.50", "养老 服务 补贴")
        assert "stranger" not in kept
        read = {one.key: one.value for one in shown(PROJECTS, kept, everything=True)}
        assert (read["begun_on"], read["amount"]) == (date(2025, 3, 1), Decimal("158000.50"))
        assert "amount" not in {one.key for one in shown(PROJECTS, kept, everything=False)}

    @given(st.dictionaries(st.sampled_from([one.key for one in LEADS.entries]), st.text(max_size=6) | st.none()))
    def test_whatever_is_typed_is_refused_in_words_or_kept(self, typed):
        rows = {"certificates", "work", "evaluation"}
        kept = entries_from(LEADS, {key: value for key, value in typed.items() if key not in rows})
        found = refusals(LEADS, kept, TODAY)
        assert all(str(one.reason) and one.rule_id == "R-LEAD-01" for one in found)
        assert {one.field for one in found} >= {"name"} if not (kept["name"] or "").strip() else True

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"finished_on": "2025-02-28"}, "finished_on"),
            ({"begun_on": "2026-11-27", "finished_on": None}, "begun_on"),
            ({"begun_on": "2026-02-30"}, "begun_on"),
            ({"amount": "-1"}, "amount"),
            ({"amount": "NaN"}, "amount"),
            ({"amount": "9" * 30}, "amount"),
            ({"role": "dancing"}, "role"),
            ({"principal": ""}, "principal"),
            ({"result": "长" * 2001}, "result"),
        ],
    )
    def test_what_is_wrong_is_at_its_field(self, changes, field):
        kept = {**entries_from(PROJECTS, DONE), **changes}
        assert field in wrong(RecordPart.PROJECTS, kept)
        assert wrong(RecordPart.PROJECTS, entries_from(PROJECTS, DONE)) == {}

    def test_rows_are_named_by_their_place(self):
        row = {"employer": "某所", "begins_on": "2020-01-01", "ends_on": "2019-01-01"}
        found = wrong(RecordPart.LEADS, {"work": [{**row, "ends_on": None}, row]})
        assert "第2行" in found["work"]
        many = wrong(RecordPart.LEADS, {"work": [{**row, "ends_on": None}] * (MOST_ROWS + 1)})
        assert str(MOST_ROWS) in many["work"]

    def test_a_team_is_led_by_a_lead_of_the_same_record_r_agency_07(self):
        team = {"name": "一队", "lead": "a", "members": "甲，调研"}
        assert "lead" in wrong(RecordPart.TEAMS, team)
        assert wrong(RecordPart.TEAMS, team, leads=["a"]) == {}
        assert refusals(PARTS[RecordPart.TEAMS], team, TODAY)[0].rule_id == "R-AGENCY-07"

    def test_an_empty_value_is_no_change(self):
        assert changed_keys(PROJECTS, {"result": ""}, {"result": None}) == []
        assert changed_keys(PROJECTS, {"name": "甲"}, {"name": "乙"}) == ["name"]

    def test_every_item_has_a_name_and_no_declaration_is_public(self):
        assert name_of(RecordPart.CREDIT, {"authority": "某局", "number": "1号"}) == "某局 1号"
        assert name_of(RecordPart.OTHER, {}) == "—"
        assert not PARTS[RecordPart.CREDIT].may_be_public
        assert {one.seen for one in PARTS[RecordPart.CREDIT].entries} == {Seen.FEW}

    def test_the_eight_parts_of_the_notice_and_the_teams_are_there_r_agency_03(self, house):
        items = house.rules.whole("R-AGENCY-03", "items", on=TODAY)
        assert list(PARTS) == list(RecordPart)
        assert len(PARTS) == items + 1


class TestTheChecklist:
    NUMBERS = Numbers(look_back_years=3, leads_min=1)

    def holding(self, **parts) -> Holding:
        able = verdict(LeadFacts(), Limits(0, 0, 5), TODAY)
        return Holding(
            {RecordPart(key): value for key, value in parts.items()}, {"甲": able}, frozenset({"is_true"}), 2
        )

    def test_every_missing_internal_rule_is_named_r_agency_04(self):
        held = self.holding(systems=[Held("保密", {"kind": "confidentiality"}, frozenset({"text"}))])
        lines = checklist(held, self.NUMBERS, TODAY)
        missing = [str(one.reason) for one in broken(lines) if one.part is RecordPart.SYSTEMS]
        assert len(missing) == len(REQUIRED_SYSTEMS) - 1
        assert not any("保密管理" in one for one in missing)

    def test_a_paper_that_is_missing_keeps_the_record_out(self):
        held = self.holding(basics=[Held("某所", {"evaluators": 3, "equipment": "软件"}, frozenset())])
        (line,) = [one for one in broken(checklist(held, self.NUMBERS, TODAY)) if one.part is RecordPart.BASICS]
        assert "营业执照" in str(line.reason)

    @pytest.mark.parametrize(
        ("kind", "day", "answer"),
        [
            ("violation", "2023-11-26", Answer.BROKEN),
            ("violation", "2023-11-25", None),
            ("prohibited", "2026-01-01", Answer.DOUBTFUL),
            ("dishonesty", "2026-01-01", Answer.DOUBTFUL),
            ("penalty", "2026-01-01", None),
        ],
    )
    def test_bad_entries_bar_or_ask_for_three_years(self, kind, day, answer):
        entry = Held("某局", {"kind": kind, "happened_on": day}, frozenset({"decision"}))
        lines = checklist(self.holding(credit=[entry]), self.NUMBERS, TODAY)
        told = [one.answer for one in lines if one.part is RecordPart.CREDIT and "某局" in str(one.reason)]
        assert told == ([answer] if answer else [])
        assert any("2条有效的不良记录" in str(one.reason) for one in lines)

    def test_each_declaration_is_asked_for_with_its_rule(self):
        lines = checklist(self.holding(), self.NUMBERS, TODAY)
        assert len([one for one in broken(lines) if one.part is None]) == len(DECLARATIONS) - 1
        rules = {"R-AGENCY-01", "R-AGENCY-02", "R-AGENCY-04", "R-AGENCY-05"}
        assert rules <= {one.rule_id for one in broken(lines)}
