"""Texts said in the words of the case they are about; what people typed is never touched."""

from __future__ import annotations

from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import _, _l, _p
from core.wording import Wording, said, spoken, wording_named

WORDING = Wording("test", {"公开招标": "公开招标", "投标人": "供应商", "投标": "响应文件", "开标": "开启"})


@given(st.text(alphabet="公开招标投人已"))
def test_longest_words_first_and_what_is_left_alone_stays(text):
    done = WORDING.said(text)
    assert "投标" not in done
    assert done.count("公开招标") >= text.count("公开招标")
    assert WORDING.said(done) == done


def test_values_are_put_in_after_the_words(app):
    with app.app_context(), force_locale("zh"), spoken(WORDING):
        assert _("已于 %(time)s 退还", time="开标") == "已于 开标 退还"
        assert _("投标人") == _p("list", "投标人") == "供应商"
        with spoken(None):
            assert _("投标人") == "投标人"


def test_other_languages_and_other_cases_keep_their_words(app):
    lazy = said(_l("投标人"), WORDING)
    with app.app_context(), force_locale("zh"):
        assert (str(lazy), str(_l("投标人"))) == ("供应商", "投标人")
    with app.app_context(), force_locale("en"), spoken(WORDING):
        assert _("投标人") == str(lazy) == "Bidder"
    assert wording_named("no-such") is None
