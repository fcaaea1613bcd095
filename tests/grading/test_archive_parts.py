"""Three folders, and what is missing of them (R-AGENCY-13)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grading.archive_parts import EXCUSABLE, FOLDERS, NEEDED, PARTS, lacking
from grading.states import Folder, PaperKind

kinds = st.sets(st.sampled_from(PaperKind))


def test_every_kind_has_a_folder_and_every_folder_a_kind():
    assert set(FOLDERS) == set(PaperKind)
    assert set(FOLDERS.values()) == set(Folder)
    assert [folder for folder, _title in PARTS] == sorted(one.value for one in Folder)


@given(kinds, kinds)
def test_what_is_there_or_excused_is_not_missing_and_nothing_else_is_excused(present, excused):
    found = lacking(present, excused)
    assert not set(found) & present
    assert {one for one in NEEDED if one not in present} - set(found) <= set(EXCUSABLE) & excused
    assert lacking(PaperKind) == []
