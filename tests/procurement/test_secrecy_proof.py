"""A proof on the running application: what is inside a bid is nowhere, not even in memory, before the opening.

Web server, worker and database run as `make run` starts them. Bids with planted words are sealed here, as in a bidder's
browser, and handed in through the pages; then the database, the store, the logs, the jobs' arguments and the memory of
every process of the house are searched. That the search finds what is there is shown by the envelope's hash.
"""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from core.identity.roles import Role
from procurement.demonstration.bids import PlainFile, sealed_envelope
from tests.factories.bids import open_for_bids
from tests.factories.identity import make_user
from tests.fixtures.served import Browser, served_application

PRICE, TERMS, CONTENT, NAME = "173942.17", "藏在条款里的话第七句", "藏在文件正文里的话第九句", "藏着的文件名"
pytestmark = [pytest.mark.proof, pytest.mark.enable_socket, pytest.mark.timeout(400)]


def processes_of(served) -> dict[int, str]:
    """Every process of the house: the web server's, the worker's and the database's, with what they are."""
    parents: dict[int, list[int]] = {}
    names = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text()
                names[int(folder.name)] = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
            except OSError:
                continue
            parents.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    roots = [served.process_of("web server"), served.process_of("worker")]
    data = str(served.supervisor.database.data)
    roots += [pid for pid, words in names.items() if data in words]
    found, waiting = {}, [*roots]
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found[pid] = names.get(pid, "")
            waiting += parents.get(pid, [])
    return found


def memory_holds(pid: int, needles: list[bytes]) -> set[bytes]:
    """Which of these octets stand in a process's memory."""
    found: set[bytes] = set()
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:  # noqa: PTH123 - not files
            for line in maps:
                area, rights = line.split()[:2]
                if "r" not in rights or "[v" in line:
                    continue
                start, end = (int(one, 16) for one in area.split("-"))
                try:
                    memory.seek(start)
                    held = memory.read(min(end - start, 256 * 1024 * 1024))
                except (OSError, ValueError, OverflowError):
                    continue
                found |= {needle for needle in needles if needle in held}
    except OSError:  # it has ended meanwhile
        pass
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="reading another process's memory needs root")
def test_planted_words_and_keys_are_nowhere_before_the_opening(tmp_path):
    log = tmp_path / "log"
    with served_application(tmp_path / "var", log=log) as served:
        with served.work() as uow:
            scene = open_for_bids(uow, closes_in=timedelta(days=3))
            bidder = make_user(uow, Role.AGENCY_MANAGER)
            organisation = bidder.memberships[0].organisation
            file = PlainFile(f"{NAME}.pdf", "technical", (b"%PDF-1.4\n" + CONTENT.encode()) * 20_000)
            envelope = sealed_envelope(scene.lot, organisation, price=Decimal(PRICE), files=[file], terms=TERMS)
            cookie, bidder_id = served.cookie_for(bidder, uow), str(organisation.id)
            path = f"/tenders/{scene.tender.id}/bid"
            secrets = [key.secret for key in scene.keys]
        sealed = tmp_path / "bid.sealed"
        sealed.write_bytes(envelope)
        browser = Browser(served.port, cookie)
        page = browser.read_page(path)
        stored = browser.upload(sealed)
        status, where = browser.submit(path, page, stored, bidder_id)
        assert status == 302, where
        assert browser.ask("GET", where)[0] == 200
        assert browser.ask("GET", f"{where}/receipt.pdf")[0] == 200
        browser.close()
        words = [PRICE, TERMS, CONTENT, NAME, *secrets]
        needles = [one.encode() for one in words] + [one.encode("utf-16-le") for one in (TERMS, CONTENT, NAME)]
        known = stored["sha256"].encode()

        with served.work() as uow:
            tables = uow.session.scalars(
                text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
            )
            dumped = "\n".join(
                row
                for table in tables.all()
                for row in uow.session.scalars(text(f'SELECT one::text FROM "{table}" AS one')).all()
            ).encode()
        assert known in dumped
        assert not [one for one in needles if one in dumped]

        files = [one for one in (tmp_path / "var").rglob("*") if one.is_file()] + [log]
        files += [one for one in Path(served.supervisor.database.data).rglob("*") if one.is_file()]
        for one in files:
            try:
                held = one.read_bytes()
            except FileNotFoundError:  # the database's own files come and go
                continue
            assert not [needle for needle in needles if needle in held], f"{one} holds what is sealed"

        house = processes_of(served)
        assert any("gunicorn" in name for name in house.values())
        assert any("jobs work" in name for name in house.values())
        assert any("postgres" in name for name in house.values())
        held = {pid: memory_holds(pid, [*needles, known]) for pid in house}
        assert any(known in found for found in held.values()), "the search finds what is there"
        assert not {house[pid]: found - {known} for pid, found in held.items() if found - {known}}
