"""The audit log: grows with each unit of work, cannot be changed, and tells when somebody did it all the same."""

from __future__ import annotations

import json

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from core.audit.cli import audit_cli
from core.audit.heads import head_statement_of, sign_head
from core.audit.models import AuditEntry, PersonKey
from core.audit.timeline import timeline
from core.audit.verify import verify_chain
from core.house import current_house
from core.identity.roles import Role
from core.ports import AuditTag, registry
from core.unit_of_work import system_work
from tests.factories.identity import make_user
from tests.fixtures.database import libpq


@pytest.fixture
def log(durable_app):
    """A unit of work on a log with a few real entries."""
    uow = system_work(current_house())
    user = make_user(uow, Role.EXPERT)
    for number in range(5):
        uow.record("test.deed", user, detail={"number": number}, personal={user.id: {"name": user.name}})
        uow.commit()
    return uow


@pytest.fixture
def tamper(durable_app):
    """Runs a statement as the owner, with the guards switched off: what an intruder with the database could do."""

    def run(statement: str) -> None:
        with psycopg.connect(libpq(durable_app.config["OWNER_URL"]), autocommit=True) as owner:
            owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            owner.execute(statement)
            owner.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")

    return run


def codes(uow, **arguments):
    uow.session.expire_all()
    return [fault.code for fault in verify_chain(uow.session, **arguments)[1]]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET tag = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_head SET seq = 1",
        "DELETE FROM audit_head",
    ],
)
def test_the_application_cannot_change_the_log(log, statement):
    with pytest.raises(ProgrammingError, match=r"append-only|permission denied"):
        log.session.execute(text(statement))
    log.rollback()


def test_even_the_owner_is_refused(log, durable_app):
    with (
        psycopg.connect(libpq(durable_app.config["OWNER_URL"]), autocommit=True) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        owner.execute("UPDATE audit_entry SET tag = 'x'")


def test_an_untouched_log_is_good(log):
    sign_head.run(log)
    log.commit()
    assert codes(log, anchor=head_statement_of(log)) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE audit_entry SET tag = 'other' WHERE seq = 3", "hash"),
        ("UPDATE audit_entry SET body = '{}' WHERE seq = 3", "hash"),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE seq = 3", "hash"),
        ("UPDATE audit_entry SET actor_id = gen_random_uuid() WHERE seq = 3", "hash"),
        ("DELETE FROM audit_entry WHERE seq = 3", "gap"),
        ("DELETE FROM audit_entry WHERE seq >= 4", "cut"),
    ],
)
def test_tampering_is_found(log, tamper, statement, code):
    anchor = head_statement_of(log)
    log.rollback()
    tamper(statement)
    assert code in codes(log, anchor=anchor)


def test_a_rewritten_whole_is_found_by_the_anchor(log, tamper, durable_app):
    anchor = head_statement_of(log)
    log.rollback()
    tamper("DELETE FROM audit_entry")
    for number in range(5):
        log.record("test.other", None, detail={"number": number})
        log.commit()
    assert codes(log) == []
    assert codes(log, anchor=anchor) == ["rewritten"]


def test_forgetting_a_person_leaves_the_chain_whole(log):
    log.session.query(PersonKey).delete()
    log.commit()
    assert codes(log) == []


def test_personal_values_are_not_in_the_log_in_clear(log):
    raw = json.dumps([[one.body, one.personal] for one in log.session.query(AuditEntry)], ensure_ascii=False)
    assert "测试人员" not in raw


def test_a_rolled_back_unit_of_work_leaves_no_entry(log):
    before = log.session.query(AuditEntry).count()
    log.record("test.deed", None)
    log.rollback()
    assert log.session.query(AuditEntry).count() == before


def test_verify_names_the_fault_and_exits_1(log, tamper, durable_app, tmp_path):
    runner = durable_app.test_cli_runner()
    assert runner.invoke(audit_cli, ["verify", "--json"]).exit_code == 0
    log.rollback()
    tamper("UPDATE audit_entry SET tag = 'other' WHERE seq = 2")
    result = runner.invoke(audit_cli, ["verify", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["faults"][0]["seq"] == 2
    broken = tmp_path / "anchor.json"
    broken.write_text("{}")
    assert runner.invoke(audit_cli, ["verify", "--anchor", str(broken)]).exit_code == 2


def test_a_timeline_shows_what_its_reader_may_see(uow, uow_as):
    subject, reader = make_user(uow, Role.EXPERT), make_user(uow, Role.ADMINISTRATOR)
    registry.explain(
        AuditTag("test.open", "公开的事"),
        AuditTag("test.secret", "保密的事", visible=lambda actor, _subject: actor.is_system),
    )
    for tag in ("test.open", "test.secret", "test.unexplained"):
        uow.record(tag, subject)
    uow.commit()
    assert [entry.title for entry in timeline(uow, subject)] == ["保密的事", "公开的事"]
    assert [entry.title for entry in timeline(uow_as(reader), subject)] == ["公开的事"]
