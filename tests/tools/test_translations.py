"""The catalogues: what is found, what is said about faults, what the application gets."""

from __future__ import annotations

import gettext

import pytest

from tools import translations


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project with one text in code, one in a template, one with a number."""
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "CATALOGUES", tmp_path / "translations" / "en")
    monkeypatch.setattr(translations, "NOT_CHINESE", tmp_path / "translations" / "not_chinese.txt")
    for folder in ("translations/en", "core", "procurement", "templates/procurement", "templates/layouts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "procurement" / "states.py").write_text(
        'A = _l("已发布")\nB = ngettext("%(num)d 份投标", "%(num)d 份投标", n)\n'
    )
    (tmp_path / "templates" / "procurement" / "show.html").write_text("{{ _('截止 %(day)s', day=day) }}")
    (tmp_path / "templates" / "layouts" / "base.html").write_text("{{ _('退出登录') }}")
    return tmp_path


def translate(project, package, **texts):
    file = project / "translations" / "en" / f"{package}.po"
    said = file.read_text()
    for chinese, english in texts.items():
        said = said.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{english}"')
    said = said.replace('msgstr[0] ""', 'msgstr[0] "%(num)d bid"').replace('msgstr[1] ""', 'msgstr[1] "%(num)d bids"')
    file.write_text(said)


@pytest.fixture
def complete(project):
    for package in translations.PACKAGES:
        translations.update(package)
    translate(project, "procurement", **{"已发布": "Published", "截止 %(day)s": "Closes %(day)s"})
    translate(project, "web", 退出登录="Sign out")
    return project


def test_texts_go_to_the_catalogue_of_their_room(project):
    assert [key[0] for key in translations.extracted("procurement")] == ["已发布", "%(num)d 份投标", "截止 %(day)s"]
    assert [key[0] for key in translations.extracted("web")] == ["退出登录"]


def test_a_complete_catalogue_has_no_faults_and_is_what_the_application_reads(complete):
    assert list(translations.faults()) == []
    assert translations.compile_all() == 4
    english = gettext.translation("messages", complete / "translations", ["en"])
    assert english.gettext("已发布") == "Published"
    assert english.ngettext("%(num)d 份投标", "%(num)d 份投标", 2) == "%(num)d bids"
    chinese = gettext.translation("messages", complete / "translations", ["zh_Hans_CN"])
    assert chinese.gettext("已发布") == "已发布"


def test_updating_twice_changes_nothing(complete):
    file = complete / "translations" / "en" / "procurement.po"
    before = file.read_text()
    assert translations.update("procurement") == (0, 0)
    assert file.read_text() == before
    assert "POT-Creation-Date" not in before


def test_updating_adds_what_is_new_at_the_end_and_drops_what_is_gone(complete):
    (complete / "procurement" / "states.py").write_text('A = _l("已废标")\nB = _l("已发布")\n')
    assert translations.update("procurement") == (1, 1)
    assert [key[0] for key in translations.catalogue("procurement")] == ["已发布", "截止 %(day)s", "已废标"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("Published", ""), "has no translation"),
        (("Closes %(day)s", "Closes"), "do not have the same placeholders"),
        (("Closes %(day)s", "Closes %(date)s"), "do not have the same placeholders"),
        (("Published", "“Published”"), "write the plain English signs"),
        (("Closes %(day)s", "100% closed by %(day)s"), "cannot be filled in"),
        (('msgid "已发布"', '#, fuzzy\nmsgid "已发布"'), "is marked fuzzy"),
        (('msgid "已发布"', 'msgid "旧的"\nmsgstr "Old"\n\nmsgid "已发布"'), "is no longer used"),
        (('msgid "已发布"\nmsgstr "Published"\n', ""), "is not in procurement.po"),
    ],
)
def test_a_fault_is_said_in_words(complete, change, sentence):
    file = complete / "translations" / "en" / "procurement.po"
    before = file.read_text()
    assert change[0] in before
    file.write_text(before.replace(*change))
    found = list(translations.faults())
    assert len(found) == 1, found
    assert sentence in found[0]


def test_two_rooms_must_translate_the_same_text_alike(complete):
    (complete / "core" / "states.py").write_text('A = _l("已发布")\n')
    translations.update("core")
    translate(complete, "core", 已发布="Announced")
    assert list(translations.faults()) == [
        "procurement.po: “已发布” is “Published”, but “Announced” in core.po; let them be equal"
    ]
    assert translations.compile_all() == 4


def test_a_text_in_another_language_is_a_fault_unless_listed(complete):
    (complete / "core" / "states.py").write_text('A = _l("PDF")\n')
    translations.update("core")
    translate(complete, "core", PDF="PDF")
    assert "is not Chinese" in next(iter(translations.faults()))
    translations.NOT_CHINESE.write_text("PDF\n")
    assert list(translations.faults()) == []
