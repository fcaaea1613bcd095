"""The analysis of quality over a library of national size: 1,000 agencies beside 100,000, each page as it is asked for.

    python -m bench.analysis [AGENCIES ENGAGEMENTS]

Beside `bench.national`'s agencies and grades of three years, every engagement here has a checked report with three
findings, every fifth a question letter, every second five ratings. Printed for each page: the median time at both
sizes, its statements (which must be equal), and by how much the process grew. The peer is what the database alone needs
to count the same findings by class and the same grades by year.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg

import bench.library as lists
from bench.library import Measured, library, measure, signed_in
from core.database import db
from tests.fixtures.database import TestServer, libpq

HOME = "/grading/analysis"
PAGES = (
    ("overview", HOME),
    ("grades and drift", f"{HOME}/grades"),
    ("agencies over the years", f"{HOME}/trajectories"),
    ("classes of findings", f"{HOME}/findings"),
    ("one agency's classes", f"{HOME}/findings?agency={{agency}}"),
    ("time to answer and correct", f"{HOME}/letters"),
    ("agreement of raters", f"{HOME}/raters"),
    ("a table as CSV", f"{HOME}/findings/agencies.csv"),
    ("graded agencies behind a number", f"{HOME}/rows/agencies?year=2025&grade=A"),
    ("reports behind a number", f"{HOME}/rows/reports?code=survey"),
    ("letters behind a number", f"{HOME}/rows/letters?only=late"),
)
MEMORY = 300
"""By how many megabytes the process may grow from the small library to the large one."""
CODES = "score-sum money-sum survey execution-rate fact-conflict target-score vague-problem missing-section"
STEPS = (
    """INSERT INTO app_user (id, revision, email, name, name_en, telephone, language, created_at, is_active)
    SELECT md5('rater-' || n)::uuid, 1, 'rater' || n || '@bench.example', '评分人' || n, '', '', 'zh', now(), true
    FROM generate_series(1, 300) AS n""",
    """INSERT INTO document (id, owner_kind, owner_id, purpose, version, name, media_type, sha256, size, added_at)
    VALUES (md5('document')::uuid, 'submission', md5('document')::uuid, 'report', 1, 'a.pdf', 'application/pdf',
        repeat('0', 64), 1, now())""",
    """INSERT INTO submission (id, revision, engagement_id, version, document_id, delivered_at, state, checked_at,
        title, note)
    SELECT md5('report-' || id)::uuid, 1, id, 1, md5('document')::uuid, at, 'disposed', at, '报告', ''
    FROM engagement, LATERAL (SELECT timestamptz '2023-01-10'
        + abs(hashtext(number) %% 1000) * interval '1 day') AS d (at)""",
    """INSERT INTO report_finding (id, revision, submission_id, position, code, severity, probability, message,
        evidence, signals, state, disposed_at, reason, unchanged)
    SELECT md5('finding-' || place || id)::uuid, 1, id, place,
        (string_to_array(%(codes)s, ' '))[1 + abs(hashtext(id::text || place)) %% 8], 'error', 0.9, '{}', '[]', '{}',
        CASE WHEN abs(hashtext(place || id::text)) %% 4 = 0 THEN 'dismissed' ELSE 'upheld' END, delivered_at, 'x', false
    FROM submission, generate_series(1, 3) AS place""",
    """INSERT INTO question_letter (id, revision, submission_id, number, words, due_on, state, sent_at, answered_at)
    SELECT md5('letter-' || id)::uuid, 1, id, 'letter ' || id, '', (sent + interval '7 day')::date,
        CASE WHEN dice %% 9 = 0 THEN 'sent' ELSE 'answered' END, sent,
        CASE WHEN dice %% 9 <> 0 THEN sent + (1 + dice %% 12) * interval '1 day' END
    FROM submission, LATERAL (SELECT delivered_at + interval '3 day', abs(hashtext('l' || id))) AS d (sent, dice)
    WHERE dice %% 5 = 0""",
    """INSERT INTO question_item (id, revision, letter_id, finding_id, position, stance, answer)
    SELECT md5('item-' || l.id)::uuid, 1, l.id, f.id, 1, CASE WHEN l.answered_at IS NOT NULL THEN 'agrees' END, ''
    FROM question_letter l JOIN report_finding f ON f.submission_id = l.submission_id AND f.position = 1""",
    """INSERT INTO task_score (id, engagement_id, agency_id, amount, sector, year, score, parts, difficulty, urgent,
        decided_at)
    SELECT md5('task-' || e.id)::uuid, e.id, e.agency_id, e.amount, p.sector, extract(year FROM s.delivered_at), 80,
        '{}', 'usual', false, s.delivered_at
    FROM engagement e JOIN project p ON p.id = e.project_id JOIN submission s ON s.engagement_id = e.id
    WHERE hashtext('t' || e.id) %% 2 = 0""",
    "INSERT INTO measure (key) VALUES ('report') ON CONFLICT DO NOTHING",
    """INSERT INTO task_rating (task, measure, kind, position, value, rater_id)
    SELECT t.seq, m.id, k.kind, k.position,
        6000 + abs(hashtext(t.id::text)) %% 3500 + abs(hashtext(k.n || t.id::text)) %% 500,
        md5('rater-' || 1 + abs(hashtext(t.id::text || k.n)) %% 300)::uuid
    FROM task_score t, measure m,
        (VALUES (1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 3, 1), (5, 3, 2)) AS k (n, kind, position)
    WHERE m.key = 'report'""",
    "ANALYZE",
)
PEERS = (
    """SELECT f.code, count(*) FROM submission s JOIN report_finding f ON f.submission_id = s.id
    WHERE f.state IN ('upheld') GROUP BY f.code""",
    "SELECT year, grade, count(*), avg(score) FROM agency_grade GROUP BY year, grade",
)


def deepen(owner: psycopg.Connection) -> None:
    """Give the engagements their reports, findings, letters and ratings."""
    for step in STEPS:
        psycopg.ClientCursor(owner).execute(step, {"codes": CODES})
        owner.commit()


def grown() -> float:
    """Return the most memory this process has needed so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_all(server: TestServer, agencies: int, engagements: int) -> tuple[dict[str, Measured], float]:
    """Measure every page of a library of this size, and the database's own sums over it."""
    with library(server, agencies, engagements) as app:
        owner_url = server.url(db.engine.url.database or "")
        with psycopg.connect(libpq(owner_url)) as owner:
            began = time.monotonic()
            deepen(owner)
            print(f"{engagements:,} reports deepened in {time.monotonic() - began:.0f} s", flush=True)
            peer = []
            for _round in range(3):
                began = time.perf_counter()
                for query in PEERS:
                    owner.execute(query).fetchall()
                peer.append(time.perf_counter() - began)
            row = owner.execute("SELECT id FROM agency ORDER BY id LIMIT 1").fetchone()
            assert row is not None
        browser = signed_in(app)
        found = {title: measure(app, browser, path.format(agency=row[0])) for title, path in PAGES}
        return found, statistics.median(peer)


def main() -> int:
    """Measure and print; 0 when statements are equal and the memory stays."""
    lists.ROUNDS = 1
    sizes = [int(one) for one in sys.argv[1:]] or [100_000, 1_000_000]
    server = TestServer()
    try:
        small, _peer = measure_all(server, sizes[0] // 100, sizes[1] // 100)
        before = grown()
        large, peer = measure_all(server, sizes[0], sizes[1])
        after = grown()
    finally:
        server.stop()
    print(f"the database's own sums over the large library: {peer * 1000:.0f} ms")
    print(f"{'page':34}{'small':>11}{'large':>12}{'of the sums':>14}{'statements':>14}")
    kept = after - before <= MEMORY
    for title, _path in PAGES:
        one, other = small[title], large[title]
        kept = kept and one.statements == other.statements
        print(
            f"{title:34}{one.seconds * 1000:8.0f} ms{other.seconds * 1000:9.0f} ms{other.seconds / peer:13.1f}×"
            f"{one.statements:7} = {other.statements:<4}"
        )
    print(f"memory of the process: {before:.0f} MB, with the large library {after:.0f} MB (at most {MEMORY} MB more)")
    print(f"aim: as many statements, memory kept: {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
