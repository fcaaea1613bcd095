"""Signs of collusion from the opening to the report: searched once, shown, found about, never rejecting alone."""

from __future__ import annotations

import io
import random
import re

import pytest
from sqlalchemy import select, text

from core.documents.models import Document
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.collusion import Place
from procurement.demonstration.bid_papers import composed, copied, word_file
from procurement.models import BidOrigin, CollusionFinding, CollusionSearch, CollusionSignal, IrregularityReport
from procurement.queries.collusion import collusion_of, collusion_signals
from procurement.queries.standings import seats_of, standings_of
from procurement.services.bid_origins import keep_origin
from procurement.services.collusion import FindingEntry, limits_of, record_finding, search
from procurement.services.evaluation_report import report_parts, report_warnings
from procurement.states import Outcome, Sign, SignExcuse, SignVerdict, SignWeight, TenderState
from procurement.supervision_signals import signals
from procurement.tasks.collusion import collusion_tasks
from procurement.views.bid_origin import MARK, note_origin
from tests.factories.awards import acting, bids_of, conforming, opened_by_rows, under_evaluation
from tests.factories.bids import open_for_bids, opened_tender, tender_with_bids
from tests.factories.identity import make_user

RIGGED = FindingEntry(SignVerdict.RIGGED, "技术方案第二章连同错别字一致，澄清未能说明来源")
EXPLAINED = FindingEntry(SignVerdict.EXPLAINED, "均引自采购文件附件的空白格式", SignExcuse.BLANKS)


def give_file(uow, bid, data, name="服务方案.docx"):
    """Let an opened bid hold this file."""
    sha256, size = uow.house.store.put(io.BytesIO(data))
    document = Document(
        owner_kind="bid",
        owner_id=bid.id,
        purpose="bid-technical",
        name=name,
        media_type="application/octet-stream",
        sha256=sha256,
        size=size,
        added_by_id=bid.submitted_by_id,
        added_at=uow.now,
    )
    uow.add(document)
    uow.session.flush()


def copied_tender(uow):
    """An opened tender with three bids, the second written off from the first by the same author."""
    tender = opened_by_rows(uow, prices=("160213.40", "150877.15", "171340.90"))
    first, second, third = bids_of(uow, tender)
    source = composed(random.Random(1), paragraphs=12)
    give_file(uow, first, word_file(source, properties={"author": "王静"}))
    give_file(uow, second, word_file(copied(random.Random(2), source), properties={"last_modified_by": "王静"}))
    give_file(uow, third, word_file(composed(random.Random(3), paragraphs=12), properties={"author": "Administrator"}))
    return tender


def text_of(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def with_signs(uow, tender):
    """Two signs between the first two bids, as a search keeps them."""
    bids = bids_of(uow, tender)[:2]
    for sign, value, words in ((Sign.TEXT, "", "逐笔核对拨付凭证，当天录入"), (Sign.AUTHOR, "王静", "王静")):
        group = [Place(str(bid.id), words, "", "服务方案.docx", 4, 7).to_json() for bid in bids]
        facts = {"passages": "3", "letters": "420", "share": "12.5", "longest": "180"} if sign is Sign.TEXT else {}
        row = CollusionSignal(
            tender_id=tender.id,
            sign=sign,
            weight=SignWeight.HIGH,
            key=sign.value,
            value=value,
            groups=[group],
            facts=facts,
            found_at=uow.now,
        )
        uow.add(row).bids = bids
    unread = [{"bid": str(bids[0].id), "name": "扫描件.pdf", "reason": "no-text"}]
    uow.add(CollusionSearch(tender_id=tender.id, done_at=uow.now, files=6, unread=unread))
    uow.session.flush()
    return tender


@pytest.fixture
def searched(uow):
    return with_signs(uow, opened_by_rows(uow))


@pytest.fixture
def judging(uow):
    """A tender under evaluation in whose bids two signs were found."""
    return under_evaluation(uow, with_signs(uow, opened_by_rows(uow)))


def chair_of(uow, tender):
    seat = next(one for one in seats_of(uow, tender) if one.is_chair)
    return acting(uow, seat.user), seat


def sign_of(uow, tender, sign=Sign.TEXT):
    return next(one for one in collusion_of(uow, tender).signals if one.sign is sign)


class TestSearch:
    def test_opening_the_last_bid_enqueues_the_search_in_the_same_transaction(self, uow):
        scene = opened_tender(uow)
        jobs = text("SELECT args->>'tender_id' FROM procrastinate_jobs WHERE task_name = 'collusion.search'")
        assert uow.session.scalars(jobs).all() == [str(scene.tender.id)]

    def test_real_files_are_read_and_what_two_bids_share_is_kept_with_its_places_r_coll_01(self, uow):
        searched = copied_tender(uow)
        search(uow, searched)
        found = collusion_of(uow, searched)
        first, second, _third = bids_of(uow, searched)
        assert {one.sign for one in found.signals} == {Sign.TEXT, Sign.AUTHOR}
        assert all({bid.id for bid in one.bids} == {first.id, second.id} for one in found.signals)
        assert found.search.files == 3
        assert found.search.unread == []
        place = sign_of(uow, searched).groups[0][0]
        assert (place["name"], place["page"]) == ("服务方案.docx", None)
        assert place["number"] > 0

    def test_it_is_done_once_and_only_after_the_opening(self, uow, searched):
        before = uow.session.scalars(select(CollusionSignal.id)).all()
        search(uow, searched)
        assert uow.session.scalars(select(CollusionSignal.id)).all() == before
        assert len(uow.session.scalars(select(CollusionSearch)).all()) == 1
        from procurement.services.collusion import search_bids

        closed = open_for_bids(uow).tender
        search_bids.run(uow, tender_id=str(closed.id))
        assert uow.session.scalar(select(CollusionSearch).where(CollusionSearch.tender_id == closed.id)) is None

    def test_what_cannot_be_read_is_told_and_stops_nothing(self, uow):
        tender = opened_by_rows(uow)
        first, second, _third = bids_of(uow, tender)
        give_file(uow, first, b"%PDF-1.4 broken")
        give_file(uow, second, b"\xd0\xcf\x11\xe0 old")
        done = search(uow, tender)
        assert {(one["bid"], one["reason"]) for one in done.unread} == {
            (str(first.id), "corrupt"),
            (str(second.id), "encrypted"),
        }

    def test_the_numbers_come_from_the_bureaus_rules(self, uow):
        limits = limits_of(uow)
        assert (limits.text.shingle, limits.text.passage, limits.text.total, limits.text.high) == (12, 40, 150, 800)
        assert (limits.price.chance, limits.price.items, limits.price.ratio) == (0.005, 4, 0.001)


class TestFinding:
    def test_a_sign_rejects_nothing_by_itself_r_coll_02(self, uow, judging):
        assert {one.outcome for one in standings_of(uow, judging).bids} == {Outcome.PENDING}

    def test_rigged_makes_the_bids_invalid_with_a_written_report_r_coll_01(self, uow, judging):
        member, seat = chair_of(uow, judging)
        (row,) = record_finding(member, seat, [sign_of(uow, judging)], RIGGED)
        outcomes = [one.outcome for one in standings_of(uow, judging).bids]
        assert outcomes == [Outcome.COLLUSION, Outcome.COLLUSION, Outcome.PENDING]
        report = uow.get(IrregularityReport, row.report_id)
        assert "视为" not in report.facts.split("：")[0]
        assert RIGGED.reason in report.facts
        assert [str(one.reason) for one in standings_of(uow, judging).bids][:2] == [RIGGED.reason] * 2
        said = str(report_parts(uow, judging)[6])
        assert "视为串通投标" in said
        assert RIGGED.reason in said

    def test_it_counts_after_conformity_too_and_the_fallen_need_no_votes(self, uow):
        tender = with_signs(uow, opened_by_rows(uow))
        tender = conforming(uow, under_evaluation(uow, tender))
        member, seat = chair_of(uow, tender)
        record_finding(member, seat, [sign_of(uow, tender)], RIGGED)
        standings = standings_of(uow, tender)
        assert [one.outcome for one in standings.bids] == [Outcome.COLLUSION, Outcome.COLLUSION, Outcome.VALID]
        assert len(standings.candidates) == 1

    def test_explained_keeps_the_bids_with_its_reason_r_coll_02(self, uow, judging):
        member, seat = chair_of(uow, judging)
        (row,) = record_finding(member, seat, [sign_of(uow, judging)], EXPLAINED)
        assert row.report_id is None
        assert {one.outcome for one in standings_of(uow, judging).bids} == {Outcome.PENDING}
        assert EXPLAINED.reason in str(report_parts(uow, judging)[6])

    def test_what_is_refused(self, uow, judging):
        member, seat = chair_of(uow, judging)
        signal = sign_of(uow, judging)
        for entry, rule, field in (
            (FindingEntry(SignVerdict.RIGGED, " "), "R-COLL-01", "reason"),
            (FindingEntry(SignVerdict.EXPLAINED, "理由"), "R-COLL-02", "excuse"),
        ):
            with pytest.raises(Refused) as refused:
                record_finding(member, seat, [signal], entry)
            assert [(one.rule_id, one.field) for one in refused.value.refusals] == [(rule, field)]
        record_finding(member, seat, [signal], EXPLAINED)
        with pytest.raises(Refused):
            record_finding(member, seat, [signal], RIGGED)
        plain = next(one for one in seats_of(uow, judging) if not one.is_chair)
        with pytest.raises(Forbidden):
            record_finding(acting(uow, plain.user), plain, [sign_of(uow, judging, Sign.AUTHOR)], RIGGED)

    def test_one_finding_may_answer_all_signs_of_the_same_bids_with_one_report(self, uow, judging, client_as):
        _member, seat = chair_of(uow, judging)
        first, second = sign_of(uow, judging), sign_of(uow, judging, Sign.AUTHOR)
        path = f"/evaluations/{seat.id}/signs/{first.id}"
        browser = client_as(seat.user)
        assert str(second.id) in text_of(browser, path)
        data = {"verdict": "rigged", "reason": RIGGED.reason, "also": [str(second.id)]}
        assert browser.post(path, data=data).status_code == 302
        assert {one.finding.verdict for one in collusion_of(uow, judging).signals} == {SignVerdict.RIGGED}
        report = uow.session.scalars(select(IrregularityReport)).one()
        assert "文字异常一致" in report.facts
        assert "作者" in report.facts

    def test_signs_of_other_bids_are_not_found_about_together(self, uow, judging):
        other = sign_of(uow, judging, Sign.AUTHOR)
        other.bids = bids_of(uow, judging)[1:]
        uow.session.flush()
        with pytest.raises(Refused) as refused:
            record_finding(*chair_of(uow, judging), [sign_of(uow, judging), other], RIGGED)
        assert [one.field for one in refused.value.refusals] == ["also"]

    def test_another_tenders_sign_and_a_closed_review_are_refused(self, uow, judging):
        other = under_evaluation(uow)
        member, seat = chair_of(uow, other)
        with pytest.raises(Refused):
            record_finding(member, seat, [sign_of(uow, judging)], RIGGED)
        judging.state = TenderState.REVIEW_SUSPENDED
        uow.session.flush()
        with pytest.raises(Refused):
            record_finding(*chair_of(uow, judging), [sign_of(uow, judging)], RIGGED)

    def test_the_report_and_the_chairs_task_say_what_waits(self, app, uow, judging):
        member, seat = chair_of(uow, judging)
        with app.test_request_context():
            assert [str(one.title) for one in collusion_tasks(member)] == ["认定串通投标提示（2 项）"]
        assert any("串通" in str(one.reason) for one in report_warnings(uow, judging))
        for signal in collusion_of(uow, judging).signals:
            record_finding(member, seat, [signal], EXPLAINED)
        assert list(collusion_tasks(member)) == []
        assert not any("串通" in str(one.reason) for one in report_warnings(uow, judging))


class TestPages:
    def test_a_member_sees_both_passages_and_the_chair_records_once(self, uow, judging, client_as):
        _member, seat = chair_of(uow, judging)
        browser = client_as(seat.user)
        signal = sign_of(uow, judging)
        assert "串通投标提示 2 项" in text_of(browser, f"/evaluations/{seat.id}")
        index = text_of(browser, f"/evaluations/{seat.id}/signs")
        assert "文字异常一致" in index
        assert "扫描件.pdf" in index
        path = f"/evaluations/{seat.id}/signs/{signal.id}"
        page = text_of(browser, path)
        names = [bid.bidder.name for bid in signal.bids]
        assert all(name in page for name in names)
        assert signal.groups[0][0]["text"][:20] in page
        wrong = browser.post(path, data={"verdict": "explained", "excuse": "", "reason": "格式相同"})
        assert wrong.status_code == 422
        assert "请选择不构成串通的情形" in wrong.get_data(as_text=True)
        once = re.search(r'name="once"[^>]*value="([^"]+)"', text_of(browser, path))[1]
        form = {"verdict": "rigged", "reason": RIGGED.reason, "once": once}
        first, again = browser.post(path, data=form), browser.post(path, data=form)
        assert (first.status_code, again.status_code) == (302, 302)
        assert len(uow.session.scalars(select(CollusionFinding)).all()) == 1
        assert "记录认定" not in text_of(browser, path)

    def test_who_may_not(self, uow, judging, client_as):
        _chair, seat = chair_of(uow, judging)
        signal = sign_of(uow, judging)
        plain = next(one for one in seats_of(uow, judging) if not one.is_chair)
        member = client_as(plain.user)
        assert member.get(f"/evaluations/{plain.id}/signs/{signal.id}").status_code == 200
        post = member.post(f"/evaluations/{plain.id}/signs/{signal.id}", data={"verdict": "rigged", "reason": "x"})
        assert post.status_code == 403
        assert member.get(f"/evaluations/{seat.id}/signs").status_code == 404
        for role in (Role.PROCUREMENT_OFFICER, Role.AGENCY_MANAGER):
            other = client_as(make_user(uow, role))
            assert other.get(f"/supervision/collusion/{signal.id}").status_code == 404
            assert other.get(f"/evaluations/{seat.id}/signs").status_code == 404

    def test_members_who_have_not_declared_and_a_sealed_review_see_nothing_r_comm_06(self, uow, client_as):
        tender = under_evaluation(uow, with_signs(uow, opened_by_rows(uow)), declared=False)
        seat = seats_of(uow, tender)[0]
        assert client_as(seat.user).get(f"/evaluations/{seat.id}/signs").status_code == 403
        declared = under_evaluation(uow)
        seat = seats_of(uow, declared)[0]
        declared.state = TenderState.REVIEW_SUSPENDED
        uow.session.flush()
        assert client_as(seat.user).get(f"/evaluations/{seat.id}/signs").status_code == 404


class TestSupervision:
    def test_the_desk_lists_signs_with_evidence_and_a_case_grows_from_one(self, uow, searched, client_as):
        browser = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
        signal = sign_of(uow, searched)
        desk = text_of(browser, "/supervision")
        assert f"/supervision/collusion/{signal.id}" in desk
        page = text_of(browser, f"/supervision/collusion/{signal.id}")
        assert "/documents/" not in page
        assert "记录认定" not in page
        opened = browser.post(
            f"/supervision/cases/new?ref=collusion:{signal.id}",
            data={"title": "文字异常一致", "origin": "signal", "tender_id": str(searched.id), "words": "见证据"},
        )
        assert opened.status_code == 302

    def test_an_explained_sign_weighs_little_and_a_rigged_one_much(self, uow, judging):
        member, seat = chair_of(uow, judging)
        record_finding(member, seat, [sign_of(uow, judging, Sign.AUTHOR)], EXPLAINED)
        record_finding(member, seat, [sign_of(uow, judging)], RIGGED)
        weights = {str(one.title): one.weight for one in collusion_signals(uow)}
        assert weights == {"文字异常一致": "high", "文件属性中的作者或者最后修改人相同": "low"}

    def test_the_desk_costs_the_same_for_many_signs(self, uow, searched, count_queries):
        uow.session.expire_all()
        with count_queries() as few:
            list(collusion_signals(uow))
        for _more in range(2):
            with_signs(uow, opened_by_rows(uow))
        uow.session.expire_all()
        with count_queries() as many:
            assert len(list(collusion_signals(uow))) == 6
        assert len(many) == len(few)
        assert signals(uow)

    def test_nothing_is_known_before_the_opening_r_sec_03(self, uow, client_as):
        scene = tender_with_bids(uow)
        bid = scene.bids[0]
        keep_origin(uow, bid, address="101.80.12.9", device="mark")
        supervisor = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
        signal = uow.add(
            CollusionSignal(
                tender_id=scene.tender.id,
                sign=Sign.ADDRESS,
                weight=SignWeight.MEDIUM,
                key="x",
                value="101.80.12.9",
                groups=[],
                facts={},
                found_at=uow.now,
            )
        )
        uow.session.flush()
        assert supervisor.get(f"/supervision/collusion/{signal.id}").status_code == 404
        assert list(collusion_signals(uow)) == []


class TestOrigin:
    def test_the_address_and_a_hash_of_the_browsers_mark_are_kept(self, uow):
        scene = tender_with_bids(uow)
        kept = keep_origin(uow, scene.bids[0], address="101.80.12.9", device="mark")
        assert kept.address == "101.80.12.9"
        assert "mark" not in kept.device
        assert len(kept.device) == 64
        again = keep_origin(uow, scene.bids[1], address="", device="mark")
        assert again.device == kept.device
        assert keep_origin(uow, scene.bids[2], address="", device="").device == ""

    def test_a_browser_is_given_its_mark_with_the_first_bid_and_keeps_it(self, app, uow):
        scene = tender_with_bids(uow)
        given = []
        for bid, cookie in ((scene.bids[0], None), (scene.bids[1], "known")):
            headers = {"Cookie": f"{MARK}={given[0]}"} if cookie else {}
            with app.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": "101.80.12.9"}):
                note_origin(uow, bid)
                answer = app.process_response(app.make_response("ok"))
            given += re.findall(rf"{MARK}=([\w-]+);.*HttpOnly.*SameSite=Strict", str(answer.headers))
        uow.session.flush()
        first, second = (
            uow.session.scalar(select(BidOrigin).where(BidOrigin.bid_id == bid.id)) for bid in scene.bids[:2]
        )
        assert len(given) == 1
        assert first.device == second.device != ""
        assert first.address == "101.80.12.9"

    def test_bids_from_one_browser_and_line_are_shown_after_the_opening_r_coll_01(self, uow):
        tender = opened_by_rows(uow)
        first, second, _third = bids_of(uow, tender)
        for bid in (first, second):
            keep_origin(uow, bid, address="101.80.12.9", device="mark")
        search(uow, tender)
        assert {one.sign for one in collusion_of(uow, tender).signals} == {Sign.DEVICE, Sign.ADDRESS}
        assert uow.session.scalar(select(BidOrigin.address).where(BidOrigin.bid_id == first.id)) == "101.80.12.9"
