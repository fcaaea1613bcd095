from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale
from flask_wtf import FlaskForm
from jinja2 import meta
from markupsafe import Markup
from wtforms import DecimalField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from core.errors import Refusal
from core.http.forms import FormError
from core.http.lists import Filter, Listing
from core.settings import ROOT
from core.states import State
from core.workflow import Option
from web import addresses, formats, icons

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
TEMPLATES = sorted(
    path for folder in ("layouts", "components", "errors") for path in (ROOT / "templates" / folder).glob("*.html")
)


class Stage(State):
    OPEN = "open", "公告中", "active"


class DraftForm(FlaskForm):
    name = StringField("项目名称", [DataRequired()], description="与批复一致")
    budget = DecimalField("预算")
    way = RadioField("方式", choices=[SelectChoice("a", "甲"), SelectChoice("b", "乙")])


@pytest.fixture
def app():
    app = Flask("components", root_path=str(ROOT))
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False, BABEL_DEFAULT_LOCALE="zh")
    Babel(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    app.jinja_env.globals["asset"] = lambda path: f"/static/{path}"
    formats.register(app, now=lambda: NOW)
    icons.register(app)
    addresses.register(app)
    return app


@pytest.fixture
def render(app):
    def rendered(component: str, body: str, **values: object) -> str:
        macro = re.match(r"\{%-? *call(?:\([^)]*\))? (\w+)|\{\{ (\w+)", body)
        name = macro[1] or macro[2]
        with app.test_request_context("/tenders?q=a&state=open"):
            return render_template_string(f'{{% from "components/{component}.html" import {name} %}}{body}', **values)

    return rendered


def option(name: str, verb: str, *refusals: Refusal, reason: bool = False) -> Option:
    return Option(SimpleNamespace(name=name, verb=verb, confirm="", needs_reason=reason), refusals)


@pytest.mark.parametrize(
    ("value", "zh"),
    [
        (Decimal(1280000), "128.00 万元"),
        (Decimal("1280050.5"), "1,280,050.50 元"),
        (Decimal("999999999999.99"), "999,999,999,999.99 元"),
        (Decimal(9999), "9,999.00 元"),
        (None, "—"),
    ],
)
def test_money_uses_wan_only_where_no_digit_is_lost(app, value, zh):
    with app.test_request_context():
        assert formats.money(value) == zh


def test_money_in_english_is_always_yuan(app):
    with app.test_request_context(), force_locale("en"):
        assert formats.money(Decimal(1280000)) == "CNY 1,280,000.00"


def test_a_constant_in_a_template_is_shown_in_each_readers_language(app):
    with app.test_request_context():
        template = app.jinja_env.from_string("{{ 1280000 | money }}")
        assert template.render() == "128.00 万元"
        with force_locale("en"):
            assert template.render() == "CNY 1,280,000.00"


def test_a_day_names_its_weekday_in_each_language(app):
    with app.test_request_context():
        assert formats.day(date(2026, 11, 23)) == "2026年11月23日 周一"
        with force_locale("en"):
            assert formats.day(date(2026, 11, 23)) == "Mon 23 Nov 2026"


def test_a_day_that_a_bid_states_is_shown_as_one_and_other_words_as_they_stand(app):
    with app.test_request_context():
        assert formats.day("2027-05-25") == "2027年5月25日 周二"
        assert formats.day("合同签订后六个月") == "合同签订后六个月"
        assert formats.day("") == formats.day(None) == "—"


def test_names_are_listed_as_each_language_lists_them(app):
    with app.test_request_context():
        assert formats.listed(["甲", "乙"]) == "甲、乙"
        with force_locale("en"):
            assert formats.listed(["A", "B"]) == "A, B"


def test_an_instant_is_shown_in_shanghai(app):
    with app.test_request_context():
        assert formats.moment(datetime(2026, 11, 23, 17, 30, tzinfo=UTC)) == "2026年11月24日 周二 01:30"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW + timedelta(days=20), "还有20天"),
        (NOW + timedelta(hours=47), "还有47小时"),
        (NOW - timedelta(minutes=5), "已过5分钟"),
        (NOW + timedelta(seconds=30), "不到1分钟后"),
        (NOW, "刚刚"),
        (date(2026, 11, 23), "今天"),
        (date(2026, 11, 20), "已过3天"),
    ],
)
def test_relative_time_counts_what_people_count(app, value, words):
    with app.test_request_context():
        assert formats.relative(value, NOW) == words


def test_a_file_size_uses_the_largest_unit_above_one():
    assert [formats.file_size(n) for n in (900, 2048, 314572800)] == ["900 B", "2.0 KB", "300.0 MB"]


def test_a_hash_reads_in_groups_of_four():
    assert formats.four_groups("9f86d08188") == "9f86 d081 88"


def test_an_icon_is_hidden_from_screen_readers_and_has_no_inline_style():
    drawing = icons.icon("circle-check")
    assert isinstance(drawing, Markup)
    assert 'aria-hidden="true"' in drawing
    assert "style=" not in drawing


@pytest.mark.parametrize("name", ["no-such-icon", "../../package", ""])
def test_an_unknown_icon_is_refused(name):
    with pytest.raises(icons.UnknownIcon):
        icons.icon(name)


def test_here_keeps_the_page_and_changes_one_value(app):
    with app.test_request_context("/tenders?q=%E8%AF%84&page=3"):
        assert addresses.here(page=None, lang="en") == "/tenders?q=%E8%AF%84&lang=en"


def test_a_state_shows_icon_and_word(render):
    html = render("badge", "{{ badge(state) }}", state=Stage.OPEN)
    assert "tag-active" in html
    assert "<svg" in html
    assert "公告中" in html


def test_a_field_keeps_what_was_typed_and_ties_hint_and_error_to_the_input(app, render):
    with app.test_request_context(method="POST", data={"name": "<b>旧城</b>"}):
        form = DraftForm()
        form.name.errors = [FormError("公告期不足", "R-TENDER-03")]
    html = render("field", "{{ field(item) }}", item=form.name)
    assert 'value="&lt;b&gt;旧城&lt;/b&gt;"' in html
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert "R-TENDER-03" in html


def test_a_group_of_choices_is_a_fieldset_with_its_legend(app, render):
    with app.test_request_context():
        form = DraftForm()
    html = render("field", "{{ field(item) }}", item=form.way)
    assert "<fieldset" in html
    assert html.count('type="radio"') == 2


def test_the_error_summary_links_to_each_field_and_is_absent_without_errors(app, render):
    with app.test_request_context():
        form = DraftForm()
    assert "error-summary" not in render("form_errors", "{{ form_errors(form) }}", form=form)
    form.name.errors = ["请填写"]
    form.form_errors = [FormError("超过批复", "R-TENDER-01")]
    html = render("form_errors", "{{ form_errors(form) }}", form=form)
    assert 'href="#name"' in html
    assert "R-TENDER-01" in html


def test_actions_show_one_primary_the_rest_in_a_menu_and_the_barred_with_reason(render):
    offered = [
        option("publish", "发布公告"),
        option("return", "退回", reason=True),
        option("open", "开标", Refusal("未到时间", "R-OPEN-01")),
    ]
    html = render("actions", "{{ actions(options, '/t/1') }}", options=offered)
    assert html.count("btn-primary") == 1
    assert 'action="/t/1/do/publish"' in html
    assert 'name="reason"' in html
    assert "/do/open" not in html
    assert 'aria-disabled="true" aria-describedby="why-not-open"' in html
    assert "R-OPEN-01" in html
    assert html.count('value="token"') == 2


def listing(rows: int, **changes: object) -> Listing[int]:
    values = {"rows": list(range(rows)), "total": rows, "page": 2, "pages": 12, "text": "", "sort": "name", **changes}
    return Listing(**values)


TABLE = "{% call(row) data_table(listing, [{'title': '名称', 'sort': 'name'}], '清单', empty_title='空') %}<td>{{ row }}</td>{% endcall %}"


def test_a_table_marks_its_order_and_keeps_filters_in_its_links(render):
    shown = listing(3, filters=[Filter("state", "状态", [("open", "公告中")])], values={"state": "open"})
    html = render("data_table", TABLE, listing=shown)
    assert 'aria-sort="ascending"' in html
    assert "state=open&amp;page=3" in html
    assert '<option value="open" selected>' in html
    assert html.count("<tr>") == 4


def test_an_empty_table_tells_apart_nothing_yet_and_nothing_found(render):
    assert "空" in render("data_table", TABLE, listing=listing(0, pages=1))
    assert "没有符合条件的记录" in render("data_table", TABLE, listing=listing(0, pages=1, text="某"))


def test_a_passed_deadline_is_marked_late_unless_done(render):
    past = NOW - timedelta(hours=5)
    assert "is-late" in render("deadline", "{{ deadline(at) }}", at=past)
    assert "is-late" not in render("deadline", "{{ deadline(at, done=True) }}", at=past)


def test_a_bar_stays_within_its_ground(render):
    assert 'width="100.00"' in render("bar", "{{ bar(3, 2) }}")
    assert 'width="0.00"' in render("bar", "{{ bar(-1, 2) }}")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_template_parses_and_has_no_inline_style_or_script(app, path):
    source = path.read_text(encoding="utf-8")
    tree = app.jinja_env.parse(source)
    assert all((ROOT / "templates" / name).exists() for name in meta.find_referenced_templates(tree) if name)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", source)


@pytest.mark.parametrize("code", ["400", "403", "404", "409", "413", "429", "500", "expired"])
def test_error_pages_say_what_happened_and_offer_a_next_step(app, code):
    with app.test_request_context("/x"):
        html = render_template_string(
            f'{{% extends "errors/{code}.html" %}}', language="zh", bureau_name="澄湖区财政局", typed=[("名称", "<i>")]
        )
    assert html.count("<h1>") == 1
    assert "btn btn-primary" in html
    assert "<i>" not in html
