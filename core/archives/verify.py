"""`flask verify archive FILE`: whether an exported archive is whole, from the file alone."""

from __future__ import annotations

import hashlib
import importlib
import json
import zipfile
from pathlib import Path
from typing import Any

from core.archives.package import CHUNK, MANIFEST, README, SUMS, VERSION
from core.record_files import Unreadable
from core.records import Fault, digest

KINDS: dict[str, str | None] = {
    "archive": "procurement.archiving.awards:faults_of_awards",
    "engagement-archive": None,
}
"""Kinds of archives, each with what is verified beside its files: module and function, imported when used."""
LARGEST_MANIFEST = 64 * 1024 * 1024


def verify_archive(path: Path, expected: str | None = None) -> tuple[list[Fault], dict[str, str]]:
    """Return every fault of an archive and what it states of itself; raises `Unreadable` when it is no archive.

    Checked: the manifest's own digest (and that it is the `expected` one), every file's size and hash, files that are
    missing or were added, and what its kind has verified beside.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            faults = [*_faults_of_manifest(manifest, expected), *_faults_of_files(archive, manifest)]
            faults += _further(archive, manifest)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("文件不是可以读取的档案。", "The file is no archive that can be read.") from error
    names = ("number", "title", "made_at", "keep_until", "digest")
    stated = {name: str(manifest[name]) for name in names if name in manifest}
    return faults, {**stated, "files": str(len(manifest["files"]))}


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > LARGEST_MANIFEST:
            raise Unreadable("档案的清单过大。", "The archive's manifest is too large.")
        found: Any = json.loads(archive.read(info))
    except (KeyError, ValueError) as error:
        raise Unreadable("档案没有可以读取的清单。", "The archive has no manifest that can be read.") from error
    files = found.get("files") if isinstance(found, dict) else None
    listed = isinstance(files, list) and all(
        isinstance(one, dict) and isinstance(one.get("path"), str) and isinstance(one.get("sha256"), str)
        for one in files
    )
    if not listed or found.get("kind") not in KINDS or found.get("version") != VERSION:
        raise Unreadable("文件不是第 1 版的档案。", "The file is not a version 1 archive.")
    return dict(found)


def _faults_of_manifest(manifest: dict[str, Any], expected: str | None) -> list[Fault]:
    content = {name: value for name, value in manifest.items() if name != "digest"}
    found = []
    if digest(content) != manifest.get("digest"):
        found.append(Fault("manifest", "/digest", "清单被改动过。", "The manifest was changed."))
    if expected is not None and manifest.get("digest") != expected.lower():
        words = ("与已记录的清单校验值不符。", "This is not the digest that was noted at the export.")
        found.append(Fault("published", "/digest", *words))
    return found


def _faults_of_files(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> list[Fault]:
    names = archive.namelist()
    wanted = {str(one["path"]): one for one in manifest["files"]}
    found = [
        Fault("twice", f"/{name}", "同名文件出现两次。", "A file of this name stands twice.")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    found += [
        Fault("extra", f"/{name}", "清单中没有这个文件。", "The manifest does not name this file.")
        for name in sorted(set(names) - set(wanted) - {MANIFEST, README, SUMS})
    ]
    for path, one in wanted.items():
        if path not in names:
            found.append(Fault("missing", f"/{path}", "缺少这个文件。", "This file is missing."))
            continue
        seen, size = _hash(archive, path)
        if size != one.get("size") or seen != one["sha256"]:
            found.append(
                Fault("changed", f"/{path}", "文件内容与清单不符。", "The content is not what the manifest says.")
            )
    return found


def _hash(archive: zipfile.ZipFile, path: str) -> tuple[str, int]:
    seen, size = hashlib.sha256(), 0
    try:
        with archive.open(path) as member:
            while piece := member.read(CHUNK):
                seen.update(piece)
                size += len(piece)
    except (zipfile.BadZipFile, EOFError, ValueError):
        return "", -1
    return seen.hexdigest(), size


def _further(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> list[Fault]:
    named = KINDS[str(manifest["kind"])]
    if named is None:
        return []
    module, name = named.split(":")
    found: list[Fault] = getattr(importlib.import_module(module), name)(archive, manifest)
    return found
