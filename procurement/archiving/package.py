"""The archive's file: a ZIP with a manifest of SHA-256 hashes and a README, written as a stream (R-ARCH-01, R-ARCH-02).

The manifest is known before the first byte leaves, because every stored file is kept under its own hash: so its digest
can be noted in the audit log, and a file that changed on the disk stops the export instead of leaving the house.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from core.clock import SHANGHAI
from core.i18n import Text, _l
from core.records import digest, written

CHUNK = 1024 * 1024
MANIFEST, README, SUMS = "manifest.json", "说明.txt", "SHA256SUMS.txt"
KIND, VERSION = "archive", 1

PARTS: tuple[tuple[str, Text], ...] = (
    ("01-采购活动记录", _l("采购活动记录")),
    ("02-采购预算", _l("采购预算")),
    ("03-采购文件", _l("采购文件（公告、招标文件、澄清和修改）")),
    ("04-投标文件", _l("投标文件")),
    ("05-评审标准", _l("评审标准")),
    ("06-评审报告", _l("开标记录和评审报告")),
    ("07-定标文件", _l("定标文件、公告和通知书")),
    ("08-合同文本", _l("合同文本")),
    ("09-验收证明", _l("验收证明和付款")),
    ("10-质疑答复", _l("询问、质疑及答复")),
    ("11-投诉处理决定", _l("投诉处理决定")),
    ("12-审计日志", _l("审计日志摘录")),
    ("13-数据", _l("全部业务数据")),
)
"""What 法 42 asks an archive to hold, in the order of the law, with the audit extract and the rows behind it."""


@dataclass(frozen=True)
class ArchiveFile:
    """One file of the archive: either bytes made for it, or content of the store named by its hash."""

    part: str
    name: str
    title: str
    sha256: str
    size: int
    data: bytes | None = None

    @property
    def path(self) -> str:
        """Where it stands in the ZIP."""
        return f"{self.part}/{self.name}"


def made(part: str, name: str, title: str, data: bytes) -> ArchiveFile:
    """Return a file made for the archive."""
    return ArchiveFile(part, name, title, hashlib.sha256(data).hexdigest(), len(data), data)


def unique(files: Iterable[ArchiveFile]) -> list[ArchiveFile]:
    """Return the files in order of their place, no name twice in a folder."""
    taken: set[str] = set()
    found = []
    for one in sorted(files, key=lambda file: (file.part, file.name, file.sha256)):
        name, count = one.name, 1
        while f"{one.part}/{name}" in taken:
            count += 1
            stem, dot, ending = one.name.rpartition(".")
            name = f"{stem}（{count}）{dot}{ending}" if dot else f"{one.name}（{count}）"
        taken.add(f"{one.part}/{name}")
        found.append(ArchiveFile(one.part, name, one.title, one.sha256, one.size, one.data))
    return found


def manifest_of(files: Sequence[ArchiveFile], facts: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest: what the purchase is, every file with its hash, and the digest over all of it."""
    content = {
        "kind": KIND,
        "version": VERSION,
        **facts,
        "parts": [{"folder": folder, "title": str(title)} for folder, title in PARTS],
        "files": [{"path": one.path, "title": one.title, "sha256": one.sha256, "size": one.size} for one in files],
    }
    return {**content, "digest": digest(content)}


def readme(facts: dict[str, Any], files: Sequence[ArchiveFile]) -> str:
    """Return what a reader in fifteen years must know, in Chinese."""
    counts = {folder: sum(one.part == folder for one in files) for folder, _title in PARTS}
    listed = "\n".join(
        f"  {folder}　{title}：{f'{counts[folder]} 个文件' if counts[folder] else '本项目没有此类文件'}"
        for folder, title in PARTS
    )
    return (
        "采购档案说明\n"
        "============\n\n"
        f"采购编号：{facts['number']}\n采购项目：{facts['title']}\n采购人：{facts['purchaser']}\n"
        f"导出时间：{facts['made_at']}（协调世界时）\n"
        f"保存期限：至少保存至 {facts['keep_until']}（《政府采购法》第四十二条，R-ARCH-01）\n\n"
        f"一、内容（R-ARCH-02）\n{listed}\n\n"
        "二、核验\n"
        f"  1. {MANIFEST} 列出每个文件的 SHA-256 校验值，其 digest 是整份清单的校验值，已在导出时记入审计日志。\n"
        "  2. 有本系统的，运行：flask verify archive 本文件.zip\n"
        "     退出状态 0 表示完整，1 表示有文件缺失、增加或者被改动（逐一指出），2 表示不是采购档案。\n"
        f"  3. 没有本系统的，解压后运行：sha256sum -c {SUMS}\n"
        "  4. 评审与中标记录（07-定标文件 下的 award-*.json）可以用 flask verify award 单独重新计算。\n\n"
        "三、注意\n"
        "  本档案含投标人的商业秘密和评审人员的个人信息，未经批准不得对外提供。\n"
        "  投诉处理材料由采购监督部门保管，采购人导出的档案不含此部分（R-SEC-01）。\n"
    )


def sums(files: Sequence[ArchiveFile]) -> bytes:
    """Return the hashes as `sha256sum -c` reads them."""
    return "".join(f"{one.sha256}  {one.path}\n" for one in files).encode()


class Damaged(Exception):
    """Content of the store that no longer has the hash it is kept under; the export stops at it."""


def stream(
    files: Sequence[ArchiveFile],
    manifest: dict[str, Any],
    words: str,
    at: datetime,
    opened: Callable[[str], BinaryIO],
) -> Iterator[bytes]:
    """Yield the ZIP piece by piece; never more than a piece is in memory. Raises `Damaged`."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # a write-only file
        for one in files:
            yield from _member(archive, sink, one, at, opened)
        extras = ((SUMS, sums(files)), (README, words.encode()), (MANIFEST, written(manifest)))
        for name, data in extras:
            archive.writestr(_info(name, at), data)
            yield sink.take()
    yield sink.take()


def _member(
    archive: zipfile.ZipFile, sink: _Sink, one: ArchiveFile, at: datetime, opened: Callable[[str], BinaryIO]
) -> Iterator[bytes]:
    seen = hashlib.sha256()
    source: BinaryIO = io.BytesIO(one.data) if one.data is not None else opened(one.sha256)
    with source, archive.open(_info(one.path, at), "w", force_zip64=one.size > 2**31) as target:
        while piece := source.read(CHUNK):
            seen.update(piece)
            target.write(piece)
            yield sink.take()
    if seen.hexdigest() != one.sha256:
        raise Damaged(one.path)
    yield sink.take()


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(SHANGHAI)
    info = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o440 << 16
    return info


class _Sink:
    """A file that can only be written to and gives away what was written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """Return and forget what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
