from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.spreadsheets import (
    Column,
    Limits,
    Message,
    Unreadable,
    amount_cell,
    date_cell,
    export_csv,
    export_xlsx,
    preview_table,
    safe_text,
    template_xlsx,
    whole_cell,
)

COLUMNS = (
    Column("name", "名称", "Name", limit=20, note=Message("机构全称", "full name")),
    Column("amount", "金额", "Amount", parse=amount_cell, kind="amount"),
    Column("day", "日期", "Date", parse=date_cell, required=False, kind="date"),
    Column("sector", "行业", "Sector", required=False, choices=("教育", "卫生")),
    Column("count", "数量", "Count", parse=whole_cell, required=False, kind="number"),
)
ROW = {"name": "=HYPERLINK(1)", "amount": Decimal("1234.50"), "day": date(2026, 11, 23), "sector": "教育", "count": 3}


def workbook(*rows, merge=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rezip(data, **changed):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for part, change in changed.items():
                content = change(content) if name.endswith(part + ".xml") else content
            new.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_exported_text_starts_a_formula(start):
    rows = [{**ROW, "name": start}]
    assert safe_text(start).startswith("'")
    cell = load_workbook(io.BytesIO(export_xlsx(COLUMNS, rows, title="表"))).active["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert list(csv.reader(io.StringIO(export_csv(COLUMNS, rows).decode("utf-8-sig"), newline="")))[1][0].startswith(
        "'"
    )


@given(st.text(max_size=20))
def test_whatever_is_written_never_begins_with_a_dangerous_sign(text):
    assert not safe_text(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_exported_reads_back_the_same(language):
    for data in (export_xlsx(COLUMNS, [ROW], title="表", language=language), export_csv(COLUMNS, [ROW], language)):
        preview = preview_table(data, COLUMNS)
        assert (preview.errors, preview.rows, preview.clean) == ([], [ROW], True)


def test_the_sheet_has_types_a_frozen_head_and_widths():
    sheet = load_workbook(io.BytesIO(export_xlsx(COLUMNS, [ROW], title="a/b"))).active
    assert (sheet.title, sheet.freeze_panes, sheet.column_dimensions["A"].width) == ("a_b", "A2", 18)
    assert (sheet["B2"].value, sheet["B2"].number_format) == (1234.5, "#,##0.00")
    assert sheet["C2"].is_date


def test_the_template_explains_its_heads_and_offers_choices():
    sheet = load_workbook(io.BytesIO(template_xlsx(COLUMNS, title="指标"))).active
    assert sheet["A1"].value == "名称 *"
    assert sheet["A1"].comment.text == "机构全称"
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"教育,卫生"']


def test_every_bad_cell_is_named_in_both_languages():
    data = workbook(
        ["名称", "金额", "日期", "行业"],
        ["甲", "许多", "2026-13-01", "航天"],
        [None, 5, None, None],
        ["长" * 21, 5, None, "教育"],
    )
    preview = preview_table(data, COLUMNS)
    assert [error.cell for error in preview.errors] == ["B2", "C2", "D2", "A3", "A4"]
    assert not preview.clean
    assert all(error.message.zh and error.message.en for error in preview.errors)
    assert preview.errors[0].value == "许多"


def test_missing_and_doubled_columns_are_named():
    assert [e.message.en for e in preview_table("名称\n甲\n".encode(), COLUMNS).errors] == [
        "The column “Amount” is missing."
    ]
    assert "appears twice" in preview_table("名称,名称,金额\n甲,乙,1\n".encode(), COLUMNS).errors[0].message.en


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_office_is_read(encoding, delimiter):
    data = f"名称{delimiter}金额\r\n评价机构㙍{delimiter}12.5万元\r\n".encode(encoding)
    assert preview_table(data, COLUMNS).rows[0]["amount"] == Decimal("125000.00")


def test_merged_cells_are_refused_by_name():
    preview = preview_table(workbook(["名称", "金额"], ["甲", 1], ["甲", 2], merge="A2:A3"), COLUMNS)
    assert [error.cell for error in preview.errors] == ["A2"]


def test_a_table_without_rows_is_not_clean():
    assert not preview_table(workbook(["名称", "金额"]), COLUMNS).clean


def bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 20_000_000)
    return target.getvalue()


def entities(content):
    return content.replace(b"<workbook ", b'<!DOCTYPE w [<!ENTITY a "b">]><workbook ', 1)


def plain_zip():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "b")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"x" * (11 * 1024 * 1024), "larger"),
        (bomb(), "unpacks"),
        (rezip(workbook(["名称"]), workbook=entities), "entities"),
        (b"PK\x03\x04rubbish", "damaged"),
        (rezip(workbook(["名称"]), sheet1=lambda _: b"<broken"), "damaged"),
        (plain_zip(), "not an XLSX"),
        (b"%PDF-1.7 lies", "neither"),
        (b"\x89PNG\x00\x00", "neither"),
        (b"\xff\xff\xff\xff", "neither"),
        (b"\xd0\xcf\x11\xe0old", "password"),
        (b'a,b\n"x', "malformed"),
        (b"a\n" * 5002, "more than"),
    ],
)
def test_a_file_that_is_no_table_says_why(data, word):
    with pytest.raises(Unreadable, match=word) as caught:
        preview_table(data, COLUMNS)
    assert caught.value.message.zh


def test_limits_are_the_callers():
    with pytest.raises(Unreadable):
        preview_table(b"a\n1\n2\n3\n", COLUMNS, Limits(rows=2))
