"""Start-up, memory and growth of checking a report.

Growth: the same PDF once, twice, four and eight times over, read and checked warm; where cost is linear, the processor
time for a page stays. Memory: the most that one process held while it read and checked the whole file. Start-up: the
command on a one-page DOCX, its reading process included, less what reading and checking that page takes warm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grading.check_report import check_document
from grading.reading.worker import read_file

TIMES = (1, 2, 4, 8)
PAGES = 24
MEMORY = """
import resource, sys
from pathlib import Path
from grading.check_report import check_document
from grading.reading.worker import read_file
check_document(read_file(Path(sys.argv[1]), 600))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def start_up(folder: Path) -> None:
    """Print how long the command takes before it does anything of its own."""
    import docx

    path = folder / "page.docx"
    document = docx.Document()
    document.add_paragraph("某区2024年度示范项目绩效评价报告")
    document.add_paragraph("项目预算100.00万元，实际支出95.00万元，预算执行率95.00%。")
    document.save(str(path))
    check_document(read_file(path, 600))
    begun = time.perf_counter()
    check_document(read_file(path, 600))
    work = time.perf_counter() - begun
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "grading.cli", str(path)], check=True, capture_output=True)
        taken.append(time.perf_counter() - begun)
    print(f"start-up of the command: {min(taken) - work:.2f} s  aim < 2")


def memory(path: Path) -> None:
    """Print the most memory that one process holds."""
    done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], check=True, capture_output=True, text=True)
    print(f"memory for {path.name}: {done.stdout.strip()} MB  aim < 500")


def growth(path: Path, folder: Path) -> None:
    """Print the cost of the first pages of a PDF, once, twice, four and eight times over."""
    import pypdfium2

    source = pypdfium2.PdfDocument(path)
    print(f"{'pages':>6} {'read s':>8} {'check s':>8} {'ms a page':>10}")
    for times in TIMES:
        copy = pypdfium2.PdfDocument.new()
        for _ in range(times):
            copy.import_pages(source, list(range(min(PAGES, len(source)))))
        target = folder / f"times-{times}.pdf"
        copy.save(str(target))
        begun = time.process_time()
        report = read_file(target, 600)
        read = time.process_time() - begun
        check_document(report)
        begun = time.process_time()
        check_document(report)
        checked = time.process_time() - begun
        pages = report.pages or 1
        print(f"{pages:6} {read:8.2f} {checked:8.2f} {1000 * (read + checked) / pages:10.1f}")


def main(paths: list[Path]) -> None:
    """Measure all three."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_up(folder)
        for path in paths:
            memory(path)
        for path in paths:
            if path.suffix == ".pdf":
                growth(path, folder)
