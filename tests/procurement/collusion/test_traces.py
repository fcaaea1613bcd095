"""Metadata, people, accounts and origins: what tells one maker from another, and what says nothing (R-COLL-02)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procurement.collusion import Folder, Known, Paper, Passage
from procurement.collusion.metadata import file_hits, metadata_hits
from procurement.collusion.origins import line_of, origin_hits
from procurement.collusion.people import mixed_hits, people_hits
from procurement.states import Sign, SignForm, SignWeight

NAMES = {"a": "上海恒信绩效评价咨询有限公司", "b": "上海博睿管理咨询有限公司", "c": "江苏立信会计师事务所"}
CODES = {"a": "91310112MA1GB0A001", "b": "91310112MA1GB0B002", "c": "91320100MA1GB0C003"}


def folder(key, *lines, heading="", properties=(), **values):
    passages = tuple(Passage(line, 3, number, heading) for number, line in enumerate(lines, 1))
    paper = Paper(f"doc-{key}", "服务方案.pdf", f"{key * 64}"[:64], 50_000, passages, tuple(properties))
    return Folder(**{"bid": key, "bidder": NAMES[key], "uscc": CODES[key], "papers": (paper,), **values})


def signs(found):
    return [(one.sign, one.bids) for one in found]


class TestMetadata:
    @pytest.mark.parametrize("name", ["author", "last-editor"])
    def test_one_author_or_editor_of_two_bids_is_shown_r_coll_01(self, name):
        found = list(
            metadata_hits([folder("a", properties=[("author", "王静")]), folder("b", properties=[(name, "王 静")])])
        )
        assert signs(found) == [(Sign.AUTHOR, ("a", "b"))]
        assert (found[0].weight, found[0].sign.form) == (SignWeight.HIGH, SignForm.WRITTEN)
        assert [place.document for place in found[0].groups[0]] == ["doc-a", "doc-b"]

    @pytest.mark.parametrize("value", ["Administrator", "微软用户", "HP", "", "12345", "Windows 用户", "python-docx"])
    def test_what_programs_write_by_themselves_says_nothing_r_coll_02(self, value):
        both = [folder(key, properties=[("author", value)]) for key in "ab"]
        assert list(metadata_hits(both)) == []

    @pytest.mark.parametrize("name", ["document-id", "revision-root", "serial", "camera-serial"])
    def test_one_serial_or_source_is_shown(self, name):
        both = [folder(key, properties=[(name, "00A31F7C")]) for key in "ab"]
        assert signs(metadata_hits(both)) == [(Sign.SERIAL, ("a", "b"))]

    def test_forms_that_the_purchaser_gave_out_say_nothing_r_coll_02(self):
        both = [folder(key, properties=[("revision-root", "00A31F7C"), ("author", "采购科")]) for key in "ab"]
        issued = [("revision-root", "00A31F7C"), ("author", "采购科")]
        assert list(metadata_hits(both, issued)) == []

    def test_one_bids_own_files_are_not_compared_with_each_other(self):
        one = folder("a", properties=[("author", "王静"), ("last-editor", "王静")])
        assert list(metadata_hits([one, folder("b")])) == []

    def test_a_brochure_that_two_hold_weighs_little_and_a_blank_form_nothing_r_coll_02(self):
        both = [folder(key, properties=[("picture", "f" * 64)]) for key in "ab"]
        assert [(one.sign, one.weight) for one in file_hits(both)] == [(Sign.FILE, SignWeight.LOW)]
        blank = Paper("d", "空白格式.docx", "e" * 64, 900)
        assert list(file_hits([replace(one, papers=(blank,)) for one in both])) == []


class TestPeople:
    def test_one_leader_of_two_bids_is_shown_with_page_and_paragraph_r_coll_01(self):
        (hit,) = people_hits([folder("a", "项目负责人：李建国"), folder("b", "前言", "主评人:李建国，高级会计师")], "")
        assert (hit.sign, hit.value, hit.sign.form) == (Sign.PERSON, "李建国", SignForm.PEOPLE)
        assert [(place.page, place.number) for place in hit.groups[0]] == [(3, 1), (3, 2)]

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("联系电话：138 1234 5678", "手机13812345678"),
            ("电话（021）55667788", "021-55667788"),
            ("邮箱 Li.JG@hx-pj.cn", "li.jg@hx-pj.cn"),
            ("身份证号310112198001011234", "被授权人310112198001011234"),
        ],
    )
    def test_one_telephone_mail_or_identity_is_shown(self, left, right):
        (hit,) = people_hits([folder("a", left), folder("b", right)], "")
        assert (hit.sign, hit.weight) == (Sign.CONTACT, SignWeight.HIGH)
        assert "198001011234" not in str(hit.groups) + hit.value

    def test_one_payer_is_shown_shortened_r_coll_01(self):
        both = [folder("a", "退款账号：6222 0210 0109 8765 432"), folder("b", "开户账户6222021001098765432")]
        (hit,) = people_hits(both, "")
        assert (hit.sign, hit.value, hit.sign.form) == (Sign.PAYER, "6222****5432", SignForm.PAID)
        same = [folder(key, payment="ZF20261102-0088") for key in "ab"]
        assert signs(people_hits(same, "")) == [(Sign.PAYER, ("a", "b"))]

    def test_an_account_or_payer_stated_with_the_deposit_is_compared_r_coll_01(self):
        same = [folder(key, account="6222 0210 0109 8765 432") for key in "ab"]
        assert [(one.sign, one.value) for one in people_hits(same, "")] == [(Sign.PAYER, "6222****5432")]
        rival = [folder("a", payer=NAMES["b"]), folder("b"), folder("c", payer=NAMES["c"])]
        assert signs(people_hits(rival, "")) == [(Sign.PAYER, ("a", "b"))]

    @pytest.mark.parametrize(
        "line",
        [
            "业绩合同：区民政局，联系人：王建平，电话021-55667788",
            "委托方联系人：王建平 13812345678",
            "曾任项目经理：王建平",
        ],
    )
    def test_clients_and_managers_of_past_contracts_say_nothing_r_coll_02(self, line):
        assert list(people_hits([folder("a", line), folder("b", line)], "")) == []

    def test_what_stands_under_the_heading_of_references_says_nothing_r_coll_02(self):
        both = [folder(key, "项目负责人：王建平 13812345678", heading="三、类似业绩一览") for key in "ab"]
        assert list(people_hits(both, "")) == []

    def test_the_purchasers_own_contact_says_nothing_r_coll_02(self):
        both = [folder(key, "联系人：周明远，电话021-55550101") for key in "ab"]
        assert list(people_hits(both, "联系人：周明远 电话 021-55550101")) == []

    def test_one_head_in_the_library_is_shown(self):
        both = [folder(key, people=(Known("沈嘉禾", "机构库法定代表人"),)) for key in "ab"]
        assert signs(people_hits(both, "")) == [(Sign.PERSON, ("a", "b"))]


class TestMixed:
    def test_a_rivals_name_or_code_in_a_bid_is_shown_r_coll_01(self):
        for words in ("综上，上海博睿管理咨询有限公司能够胜任", "统一社会信用代码：91310112MA1GB0B002"):
            (hit,) = mixed_hits([folder("a", words), folder("b"), folder("c")], "")
            assert (hit.sign, hit.bids, hit.sign.form) == (Sign.MIXED, ("a", "b"), SignForm.MIXED)

    def test_partners_references_and_the_tender_may_name_it_r_coll_02(self):
        words = "上海博睿管理咨询有限公司"
        partner = folder("a", words, members=((NAMES["b"], CODES["b"]),))
        assert list(mixed_hits([partner, folder("b")], "")) == []
        assert list(mixed_hits([folder("a", f"与{words}签订的合同"), folder("b")], "")) == []
        assert list(mixed_hits([folder("a", words), folder("b")], f"上年度由{words}承担")) == []


class TestOrigins:
    def test_one_account_browser_or_address_is_shown_r_coll_01(self):
        same = {"submitter": "u1", "device": "d1", "address": "101.80.12.9"}
        found = list(origin_hits([folder("a", **same), folder("b", **same), folder("c")]))
        assert {one.sign for one in found} == {Sign.SUBMITTER, Sign.DEVICE, Sign.ADDRESS}
        assert {one.bids for one in found} == {("a", "b")}
        assert all(one.sign.form is SignForm.HANDLED for one in found)

    @pytest.mark.parametrize(
        "address", ["127.0.0.1", "10.2.3.4", "192.168.1.9", "100.64.0.3", "::1", "fe80::1", "", "x"]
    )
    def test_inner_addresses_say_nothing_r_coll_02(self, address):
        assert line_of(address) == ""
        assert list(origin_hits([folder(key, address=address) for key in "ab"])) == []

    def test_the_last_half_of_a_long_address_changes_with_the_day(self):
        assert line_of("240e:388:6a10:1::5") == line_of("240e:388:6a10:1:99::1") != line_of("240e:388:6a10:2::5")
