"""Validating with `libcoveocds` and no network: the standard and its extensions come from tests/fixtures/ocds."""

from __future__ import annotations

import io
import tempfile
import warnings
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
from requests.adapters import HTTPAdapter

STANDARD = Path(__file__).resolve().parents[1] / "fixtures" / "ocds"
FINDINGS = (
    "validation_errors",
    "deprecated_fields",
    "additional_closed_codelist_values",
    "additional_open_codelist_values",
    "additional_checks",
    "additional_fields",
    "all_additional_fields",
    "json_deref_error",
    "conformance_errors",
)


def _answer(_adapter, request, **_options):
    """Answer for the standard's site and the extensions' repositories with the files kept here, and for nobody else."""
    answer = requests.Response()
    answer.request, answer.url, answer.status_code, answer.reason = request, request.url, 200, "OK"
    if "open-contracting-extensions/" in request.url:
        name = request.url.split("open-contracting-extensions/")[1].split("/")[0]
        content = zipped(STANDARD / "extensions" / name, "extension/")
    elif request.url.startswith("https://standard.open-contracting.org/schema/1__1__5/"):
        content = (STANDARD / "schema" / request.url.rpartition("/")[2]).read_bytes()
    else:
        raise AssertionError(f"the validator asks for {request.url}")
    answer._content = content
    answer.raw = io.BytesIO(content)
    return answer


@cache
def zipped(folder: Path, root: str) -> bytes:
    """A folder as an archive whose first entry is its root, as GitHub makes them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(root, "")
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, root + path.relative_to(folder).as_posix())
    return target.getvalue()


def findings(package: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that libcoveocds has to say against a package: errors, warnings, fields it does not know."""
    with warnings.catch_warnings(), patch.object(HTTPAdapter, "send", _answer):
        warnings.simplefilter("ignore")
        import ocdsextensionregistry.extension_version
        import ocdsextensionregistry.util
        from libcoveocds.api import ocds_json_output
        from libcoveocds.config import LibCoveOCDSConfig

        plain = requests.Session()  # the library's own one keeps what it fetched, beyond this test
        with (
            patch.object(ocdsextensionregistry.util, "session", plain),
            patch.object(ocdsextensionregistry.extension_version, "session", plain),
        ):
            config = LibCoveOCDSConfig({"context": "api", "standard_zip": zipped(STANDARD, "standard/")})
            with tempfile.TemporaryDirectory() as folder:  # it writes the extended schema somewhere
                said = ocds_json_output(folder, json_data=dict(package), lib_cove_ocds_config=config)
    found = {name: said[name] for name in FINDINGS if said.get(name)}
    extensions = said["extensions"]
    if extensions["invalid_extension"] or not extensions["is_extended_schema"]:
        found["extensions"] = extensions
    return found
