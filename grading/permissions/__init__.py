"""Who may do what in this room: one map a noun, put together here."""

from core.permissions import PolicyMap
from grading.permissions.analysis import ANALYSIS_POLICY, AnalysisPermission
from grading.permissions.archive import ARCHIVE_POLICY, ArchivePermission
from grading.permissions.comment import COMMENT_POLICY, CommentPermission
from grading.permissions.grade import (
    GRADE_POLICY,
    GradePermission,
    did_not_score,
    is_published,
    managers,
    not_its_reckoner,
    of_graded_agency,
    publishers,
    sees_own_entry,
)
from grading.permissions.moderation import MODERATION_POLICY, ModerationPermission
from grading.permissions.quality_report import QUALITY_REPORT_POLICY, QualityReportPermission
from grading.permissions.report import (
    REPORT_POLICY,
    CheckPermission,
    QuestionPermission,
    SubmissionPermission,
    asked_agency,
    bureau,
    is_in_disposal,
    of_its_agency,
    of_its_unit,
    own_sheet,
    parties,
    quality,
    raters,
    watchers,
)
from grading.permissions.report_review import REPORT_REVIEW_POLICY, ReportReviewPermission
from grading.permissions.rubric import RUBRIC_POLICY, RubricPermission

GRADING_POLICY: PolicyMap = {
    **REPORT_POLICY,
    **GRADE_POLICY,
    **ANALYSIS_POLICY,
    **RUBRIC_POLICY,
    **MODERATION_POLICY,
    **COMMENT_POLICY,
    **QUALITY_REPORT_POLICY,
    **REPORT_REVIEW_POLICY,
    **ARCHIVE_POLICY,
}
"""The room's map."""

__all__ = [
    "ANALYSIS_POLICY",
    "ARCHIVE_POLICY",
    "COMMENT_POLICY",
    "GRADE_POLICY",
    "GRADING_POLICY",
    "MODERATION_POLICY",
    "QUALITY_REPORT_POLICY",
    "REPORT_POLICY",
    "REPORT_REVIEW_POLICY",
    "RUBRIC_POLICY",
    "AnalysisPermission",
    "ArchivePermission",
    "CheckPermission",
    "CommentPermission",
    "GradePermission",
    "ModerationPermission",
    "QualityReportPermission",
    "QuestionPermission",
    "ReportReviewPermission",
    "RubricPermission",
    "SubmissionPermission",
    "asked_agency",
    "bureau",
    "did_not_score",
    "is_in_disposal",
    "is_published",
    "managers",
    "not_its_reckoner",
    "of_graded_agency",
    "of_its_agency",
    "of_its_unit",
    "own_sheet",
    "parties",
    "publishers",
    "quality",
    "raters",
    "sees_own_entry",
    "watchers",
]
