"""Official documents as PDF, in the Chinese layout (GB/T 9704), with embedded typefaces and the record's hash.

    build_pdf(OfficialDocument(kind="notice", issuer=…, number=…, title=…, body=[Paragraph(…), Table(…)], …)) -> bytes

Import the names from `core.pdf.document` and `core.pdf.layout`; ReportLab is loaded only by the latter.
"""

from core.pdf.document import Block, Figure, Heading, OfficialDocument, PageBreak, Paragraph, Table

__all__ = ["Block", "Figure", "Heading", "OfficialDocument", "PageBreak", "Paragraph", "Table"]
