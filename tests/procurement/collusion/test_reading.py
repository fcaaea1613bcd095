"""Reading the files of opened bids: what stands in them, and hostile ones end only their own process."""

from __future__ import annotations

import io
import random
import zipfile
from decimal import Decimal

import pytest

from procurement.collusion.reading import Allowed, NotRead, read_paper
from procurement.demonstration.bid_papers import PaperText, composed, word_file


class TestReading:
    def read(self, tmp_path, data, **limits):
        path = tmp_path / "file"
        path.write_bytes(data)
        return read_paper(path, "d", "n", "s", Allowed(**limits) if limits else None)

    def test_word_gives_paragraphs_rows_headings_and_properties(self, tmp_path):
        content = PaperText(["一、项目理解", "正文一段。"], [("人员费用", Decimal(1200))], "李建国", "13812345678")
        paper = self.read(tmp_path, word_file(content, properties={"author": "王静"}))
        assert ("author", "王静") in paper.properties
        assert [one.text for one in paper.passages][-2:] == ["正文一段。", "1\t人员费用\t1,200.00"]
        assert paper.passages[-1].heading == "一、项目理解"

    def test_a_bomb_a_loop_and_foreign_entities_end_only_their_process(self, tmp_path):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
        for data in (target.getvalue(), b"PK\x03\x04nothing", b"%PDF-1.7\ngarbage", b"plain"):
            with pytest.raises(NotRead):
                self.read(tmp_path, data)
        with pytest.raises(NotRead) as refused:
            self.read(tmp_path, word_file(composed(random.Random(1))), megabytes=40)
        assert refused.value.reason in ("limits", "corrupt")
