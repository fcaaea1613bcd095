"""The two statements that compute a year: the task scores of a chunk, and every agency's year from them."""

from __future__ import annotations

from collections.abc import Mapping

from grading.computing.task_statement import packed, task_statement
from grading.computing.year_statement import loss_statement, year_statement
from grading.scale import GradeRules

HIGHEST = 10_000
"""The highest rating in hundredths."""


def scores_query(rules: GradeRules, measures: Mapping[str, int], tasks: str) -> str:
    """Return a query of `task`, `score` (hundredths, NULL where a rating is lacking) and `many` for chosen tasks.

    `tasks` is a condition on a column `task`, which takes `:year`, `:first`, `:last` or whatever else it names. Rule
    sets that count adjusted ratings take the severities of `:run` off those of measure `:adjusted`, except where all
    raters agreed in a moderation.
    """
    made = task_statement(rules, measures)
    value, severities = "r.value", ""
    if rules.counts == "adjusted":
        taken = "round(coalesce(s.severity, 0) * 100)::integer"
        value = f"least({HIGHEST}, greatest(0, r.value - {taken}))"
        severities = " LEFT JOIN cycle_rater s ON s.run_id = :run AND s.rater_id = r.rater_id AND r.measure = :adjusted"
    return f"""SELECT task, {made.score} AS score, {made.many} AS many
FROM (SELECT t.seq AS task, t.urgent, t.veto IS NOT NULL AS vetoed, p.*, {made.total} AS total
      FROM task_score t
      LEFT JOIN (SELECT task AS of_task, {made.pivot}
                 FROM (SELECT r.task, r.measure, r.position, {packed(value)} AS v
                       FROM task_rating r{severities} WHERE {tasks.format(task="r.task")}) r
                 GROUP BY task) p ON p.of_task = t.seq
      WHERE {tasks.format(task="t.seq")} AND t.year = :year OFFSET 0) x"""  # noqa: S608 - whole numbers and names of ours only


def chunk_statement(rules: GradeRules, measures: Mapping[str, int]) -> str:
    """Return the statement that keeps the scores of the tasks `:first` to `:last` as those of `:run`.

    It says how many tasks there are, those that `grading.scale` must compute, and one that lacks a rating.
    """
    return f"""WITH made AS MATERIALIZED ({scores_query(rules, measures, "{task} BETWEEN :first AND :last")}),
put AS (INSERT INTO cycle_task (task, run_id, score)
        SELECT task, :run, score FROM made WHERE score IS NOT NULL AND NOT many)
SELECT count(*), array_agg(task) FILTER (WHERE score IS NOT NULL AND many), min(task) FILTER (WHERE score IS NULL)
FROM made"""  # noqa: S608 - whole numbers and names of ours only


def years_query(rules: GradeRules, year: int, tasks: str) -> str:
    """Return a query of every agency's year (`agency_id` … `grade`) from a query of `task` and `score`."""
    made = year_statement(rules)
    kind, counts, cost = loss_statement(rules, year)
    return f"""SELECT *, {made.grade} AS grade
FROM (SELECT *, {made.mean} AS mean, {made.score} AS points
      FROM (SELECT a.id AS agency_id, o.name, coalesce(y.n, 0) AS n, y.p, y.q, coalesce(y.vetoed, false) AS vetoed,
                   coalesce(l.deducted, 0) AS deducted, coalesce(l.lost, 0) AS lost, coalesce(l.losses, '[]') AS losses
            FROM agency a
            JOIN organisation o ON o.id = a.organisation_id
            LEFT JOIN (SELECT agency_id, count(*) AS n, sum(score * weight) AS p, sum(weight) AS q,
                              bool_or(vetoed) AS vetoed
                       FROM (SELECT t.agency_id, c.score, t.veto IS NOT NULL AS vetoed, {made.weight} AS weight
                             FROM ({tasks}) c JOIN task_score t ON t.seq = c.task) w
                       GROUP BY agency_id) y ON y.agency_id = a.organisation_id
            LEFT JOIN (SELECT agency_id, sum({cost}) FILTER (WHERE {counts}) AS deducted,
                              count(*) FILTER (WHERE {counts}) AS lost,
                              jsonb_agg(jsonb_build_object('id', c.id, 'kind', {kind}, 'happened_on', c.happened_on,
                                  'expires_on', c.expires_on, 'reason', c.description)
                                  ORDER BY c.happened_on, c.id) AS losses
                       FROM (SELECT c.*, EXISTS (SELECT FROM credit_record b
                                                 WHERE b.agency_id = c.agency_id AND b.points > 0
                                                   AND b.happened_on < c.happened_on
                                                   AND c.happened_on <= b.expires_on) AS repeated
                             FROM credit_record c WHERE c.points > 0) c
                       GROUP BY agency_id) l ON l.agency_id = a.id
            OFFSET 0) x
      OFFSET 0) z"""  # noqa: S608 - whole numbers and names of ours only


def entries_statement(rules: GradeRules, year: int) -> str:
    """Return the statement that writes the entries of `:cycle` from the scores that `:run` kept.

    An entry's id follows from the cycle's secret `:salt`, so that a run done again gives the same addresses.
    """
    kept = "SELECT task, score FROM cycle_task WHERE run_id = :run AND task BETWEEN :first AND :last"
    return f"""INSERT INTO cycle_entry (id, revision, cycle_id, agency_id, name, grade, score, tasks, mean, deducted,
    losses, corrections)
SELECT md5(:salt || agency_id::text)::uuid, 1, :cycle, agency_id, name, grade,
       CASE WHEN grade <> '-' THEN points / 100.0 END, n, CASE WHEN n > 0 THEN mean / 100.0 END, deducted, losses, '[]'
FROM ({years_query(rules, year, kept)}) e
ON CONFLICT (cycle_id, agency_id) DO UPDATE SET revision = cycle_entry.revision + 1, name = excluded.name,
    grade = excluded.grade, score = excluded.score, tasks = excluded.tasks, mean = excluded.mean,
    deducted = excluded.deducted, losses = excluded.losses, kept = NULL"""  # noqa: S608 - whole numbers and names of ours only
