"""The archive of one purchase: its parts in the order of the law, and what a reader must know (R-ARCH-01/02)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.archives.package import MANIFEST, SUMS, ArchiveFile, manifest_for
from core.i18n import Text, _l

KIND = "archive"

PARTS: tuple[tuple[str, Text], ...] = (
    ("01-采购活动记录", _l("采购活动记录")),
    ("02-采购预算", _l("采购预算")),
    ("03-采购文件", _l("采购文件（公告、招标文件、澄清和修改）")),
    ("04-投标文件", _l("投标文件")),
    ("05-评审标准", _l("评审标准")),
    ("06-评审报告", _l("开标记录和评审报告")),
    ("07-定标文件", _l("定标文件、公告和通知书")),
    ("08-合同文本", _l("合同文本")),
    ("09-验收证明", _l("验收证明和付款")),
    ("10-质疑答复", _l("询问、质疑及答复")),
    ("11-投诉处理决定", _l("投诉处理决定")),
    ("12-审计日志", _l("审计日志摘录")),
    ("13-数据", _l("全部业务数据")),
)
"""What 法 42 asks an archive to hold, in the order of the law, with the audit extract and the rows behind it."""


def manifest_of(files: Sequence[ArchiveFile], facts: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of a purchase's archive."""
    return manifest_for(KIND, PARTS, files, facts)


def readme(facts: dict[str, Any], files: Sequence[ArchiveFile]) -> str:
    """Return what a reader in fifteen years must know, in Chinese."""
    counts = {folder: sum(one.part == folder for one in files) for folder, _title in PARTS}
    listed = "\n".join(
        f"  {folder}　{title}：{f'{counts[folder]} 个文件' if counts[folder] else '本项目没有此类文件'}"
        for folder, title in PARTS
    )
    return (
        "采购档案说明\n"
        "============\n\n"
        f"采购编号：{facts['number']}\n采购项目：{facts['title']}\n采购人：{facts['purchaser']}\n"
        f"导出时间：{facts['made_at']}（协调世界时）\n"
        f"保存期限：至少保存至 {facts['keep_until']}（《政府采购法》第四十二条，R-ARCH-01）\n\n"
        f"一、内容（R-ARCH-02）\n{listed}\n\n"
        "二、核验\n"
        f"  1. {MANIFEST} 列出每个文件的 SHA-256 校验值，其 digest 是整份清单的校验值，已在导出时记入审计日志。\n"
        "  2. 有本系统的，运行：flask verify archive 本文件.zip\n"
        "     退出状态 0 表示完整，1 表示有文件缺失、增加或者被改动（逐一指出），2 表示不是采购档案。\n"
        f"  3. 没有本系统的，解压后运行：sha256sum -c {SUMS}\n"
        "  4. 评审与中标记录（07-定标文件 下的 award-*.json）可以用 flask verify award 单独重新计算。\n\n"
        "三、注意\n"
        "  本档案含投标人的商业秘密和评审人员的个人信息，未经批准不得对外提供。\n"
        "  投诉处理材料由采购监督部门保管，采购人导出的档案不含此部分（R-SEC-01）。\n"
    )
