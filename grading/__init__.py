"""What is delivered, and how good it is.

This package takes in evaluation reports, checks whether each agrees with itself, with its approved indicator system and
with the rules, has quality staff dispose of the findings and score the report, and grades the agencies from that.
`reading`, `facts` and `checks` are pure: they need neither a database nor an application, so that the command
``flask check-report`` and the benchmarks can use them alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Add the package's permissions, pages, jobs, tasks, search and navigation to the application."""
    from agencies.ports import add_engagement_sections, explain_grades_at
    from core.events import subscribe
    from core.permissions import policy
    from core.ports import registry
    from core.workflow import TransitionFired
    from grading import announcements, jobs, search, sections, tasks
    from grading.events import BatchMade, ReportDelivered, TrainingAsked
    from grading.permissions import GRADING_POLICY
    from grading.services.disposal import tell_parties
    from grading.views import (
        check_batches,
        cycles,
        entries,
        findings,
        grades,
        report_pages,
        report_questions,
        report_versions,
        rules,
        scores,
        submissions,
        triage_models,
        what_if,
    )

    policy.extend(GRADING_POLICY)
    subscribe(ReportDelivered, jobs.enqueue_check)
    subscribe(BatchMade, jobs.enqueue_batch)
    subscribe(TrainingAsked, jobs.enqueue_training)
    subscribe(TransitionFired, tell_parties)
    add_engagement_sections(sections.report_sections)
    explain_grades_at(grades.address_of)
    registry.tasks(tasks.report_tasks)
    registry.figures(tasks.report_figures)
    registry.search(search.find_reports)
    registry.owns_documents("submission", submissions.may_read_document)
    registry.owns_documents("check_batch", check_batches.may_read_file)
    registry.owns_documents("question_letter", report_questions.may_read_letter)
    registry.navigate(*announcements.navigation())
    registry.explain(*announcements.audit_tags())
    app.register_blueprint(submissions.submissions)
    app.register_blueprint(findings.findings)
    app.register_blueprint(report_pages.report_pages)
    app.register_blueprint(report_questions.report_questions)
    app.register_blueprint(report_versions.report_versions)
    app.register_blueprint(triage_models.triage_models)
    app.register_blueprint(check_batches.check_batches)
    app.register_blueprint(scores.scores)
    app.register_blueprint(cycles.cycles)
    app.register_blueprint(rules.grading_rules)
    app.register_blueprint(entries.entries)
    app.register_blueprint(what_if.trials)
    app.register_blueprint(grades.grades)
