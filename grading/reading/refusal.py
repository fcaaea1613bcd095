"""Why a file is no readable report, in one clear sentence."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read as a report.

    `reason` is a short stable word for tests and statistics, `zh` and `en` are the sentence for the user.
    """

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(zh)
        self.reason = reason
        self.zh = zh
        self.en = en


REFUSALS: dict[str, tuple[str, str]] = {
    "missing": ("找不到该文件。", "The file does not exist."),
    "empty": ("文件是空的，没有内容可读。", "The file is empty; there is nothing to read."),
    "kind": (
        "文件内容既不是 DOCX 也不是 PDF，请上传 DOCX 或带文字的 PDF。",
        "By its content the file is neither DOCX nor PDF; please deliver a DOCX or a PDF with text.",
    ),
    "old": (
        "这是旧格式文件（.doc 或 .wps），请另存为 DOCX 或 PDF 后再提交。",
        "This is an old format (.doc or .wps); please save it as DOCX or PDF and deliver it again.",
    ),
    "encrypted": (
        "文件有打开密码，请去掉密码后再提交。",
        "The file is protected by a password; please remove it and deliver the file again.",
    ),
    "scanned": (
        "PDF 里只有图像、没有文字（可能是扫描件），请提交由文字处理软件导出的 PDF 或 DOCX。",
        "The PDF holds pictures and no text; please deliver a PDF exported from a word processor, or a DOCX.",
    ),
    "corrupt": (
        "文件已损坏，无法打开，请重新导出后再提交。",
        "The file is damaged and cannot be opened; please export it anew and deliver it again.",
    ),
    "no-text": ("文件能打开，但其中没有任何文字。", "The file opens but holds no text at all."),
    "bomb": (
        "文件解压后过大，超出安全限度，不予读取。",
        "Unpacked, the file would be larger than is safe; it was not read.",
    ),
    "entities": (
        "文件内部含有不允许的 XML 文档类型声明或实体，不予读取。",
        "The file holds an XML document type or entities, which are not allowed; it was not read.",
    ),
    "approved": (
        "经审定的指标体系读不出来：需要 XLSX 文件，表头含“三级指标”“权重”“目标值”等列。",
        "The approved indicators cannot be read: an XLSX sheet with the columns 三级指标, 权重, 目标值 is needed.",
    ),
    "pages": ("文件页数超出上限，不予读取。", "The file has more pages than the limit; it was not read."),
    "time": ("读取文件超时，已停止。", "Reading the file took too long and was stopped."),
    "memory": (
        "读取文件所需内存超出限度，已停止。",
        "Reading the file needed more memory than is allowed and was stopped.",
    ),
}


def refusal(reason: str) -> Unreadable:
    """The refusal for `reason`, a key of `REFUSALS`."""
    zh, en = REFUSALS[reason]
    return Unreadable(reason, zh, en)
