"""`flask export-ocds`: everything that was published as open data, as files."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import click
from flask.cli import with_appcontext

from core.house import current_house
from core.unit_of_work import system_work
from procurement.open_data import records_json, releases_json
from procurement.queries.open_data import every_process


@click.command("export-ocds", short_help="导出开放数据 / export open data (OCDS 1.1.5)")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="FILE.json / FILE.zip")
@click.option("--tender", "number", help="只导出该编号的项目 / only the purchase with this number")
@click.option(
    "--form", type=click.Choice(["records", "releases"]), default="records", show_default=True, help="of a .json"
)
@with_appcontext
def export_ocds_command(*, out: Path, number: str | None, form: str) -> None:
    """Write what was published.

    OUT.json becomes a record package (or, with `--form releases`, a release package). OUT.zip holds both: records.json
    and one release package for each purchase. Exit status 2 when there is no such purchase.
    """
    house = current_house()
    settings = house.settings
    with system_work(house) as uow:
        processes = every_process(uow, number)
        if number is not None and not processes:
            click.echo(f"✗ 没有已发布的采购项目 {number} / no published purchase {number}", err=True)
            sys.exit(2)
        base = settings.public_address.rstrip("/")
        records = records_json(processes, f"{base}/ocds/records.json", settings, uow.now)
        every = [row for rows in processes for row in rows]
        if out.suffix == ".zip":
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("records.json", records)
                for rows in processes:
                    uri = f"{base}/ocds/{rows[0].ocid}/releases.json"
                    archive.writestr(f"releases/{rows[0].ocid}.json", releases_json(rows, uri, settings, uow.now))
        elif form == "releases":
            out.write_bytes(releases_json(every, f"{base}/ocds/releases.json", settings, uow.now))
        else:
            out.write_bytes(records)
    click.echo(json.dumps({"file": str(out), "processes": len(processes), "releases": len(every)}, ensure_ascii=False))
