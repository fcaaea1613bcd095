"""Who keeps, files, reads and gives back an evaluation's archive (R-AGENCY-13, R-AGENCY-14)."""

from __future__ import annotations

from agencies import permissions as agencies
from agencies.permissions import of_its_agency
from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, PolicyMap, predicate
from grading.models import EvaluationArchive
from grading.permissions.report import bureau, quality


class ArchivePermission(Permission):
    """What one may do with the archive of an evaluation. The subject of the first two is the engagement."""

    READ = "evaluation-archive:read", _l("查看和导出评价档案")
    KEEP = "evaluation-archive:keep", _l("整理评价档案")
    FILE = "evaluation-archive:file", _l("提交归档")
    RETURN = "evaluation-archive:return", _l("退回评价档案补充")


@predicate(_l("是承担评价的机构的人员"))
def of_the_keeping_agency(actor: Actor, archive: EvaluationArchive) -> bool:
    """The actor works for the agency whose archive it is."""
    return agencies.of_its_agency.holds(actor, archive.engagement)


ARCHIVE_POLICY: PolicyMap = {
    ArchivePermission.READ: ((bureau,), (of_its_agency,)),
    ArchivePermission.KEEP: ((of_its_agency,),),
    ArchivePermission.FILE: ((of_the_keeping_agency,),),
    ArchivePermission.RETURN: ((quality,),),
}
