"""Make the PDF and DOCX documents of the example project from their text in tidewater/sources.

    pip install fpdf2 python-docx
    python examples/make-documents.py

The sources use a small part of Markdown: '# title', '## heading', paragraphs and pipe tables.
The output is the same, byte for byte, on every run with the same library versions.
"""

import io
import zipfile
from datetime import datetime, timezone
from pathlib import Path

from docx import Document
from fpdf import FPDF
from fpdf.fonts import FontFace

PROJECT = Path(__file__).parent / "tidewater"
MADE_ON = datetime(2025, 10, 1, tzinfo=timezone.utc)


def read_blocks(source: Path):
    """Yield ('title' | 'heading' | 'paragraph', text) and ('table', rows)."""
    for block in source.read_text("utf-8").strip().split("\n\n"):
        if block.startswith("# "):
            yield "title", block[2:]
        elif block.startswith("## "):
            yield "heading", block[3:]
        elif block.startswith("|"):
            lines = [line for line in block.splitlines() if not line.startswith("| -")]
            yield "table", [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        else:
            yield "paragraph", " ".join(block.split())


class Page(FPDF):
    """An A5 page with the running header and footer of a printed manual."""

    running_title = ""

    def header(self):
        self.set_font("helvetica", "I", 8)
        self.cell(0, 6, f"Tidewater Ferries Cooperative - {self.running_title}", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def footer(self):
        self.set_y(-12)
        self.set_font("helvetica", "", 8)
        self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")


def write_pdf(source: Path, target: Path) -> None:
    page = Page(format="A5")
    page.set_creation_date(MADE_ON)
    page.set_margins(16, 12, 16)
    page.set_auto_page_break(True, margin=16)
    for kind, content in read_blocks(source):
        if kind == "title":
            page.set_title(content)
            page.running_title = content
            page.add_page()
            page.set_font("helvetica", "B", 18)
            page.multi_cell(0, 9, content, new_x="LMARGIN", new_y="NEXT")
            page.ln(2)
        elif kind == "heading":
            page.ln(2)
            if page.will_page_break(25):  # a heading stays with the text below it
                page.add_page()
            page.start_section(content)
            page.set_font("helvetica", "B", 13)
            page.multi_cell(0, 7, content, new_x="LMARGIN", new_y="NEXT")
            page.ln(1)
        elif kind == "table":
            page.set_font("times", "", 10)
            with page.table(content, headings_style=FontFace(emphasis="BOLD"), line_height=5.5):
                pass
            page.ln(2)
        else:
            page.set_font("times", "", 11)
            page.multi_cell(0, 5.4, content, align="L", new_x="LMARGIN", new_y="NEXT")
            page.ln(2)
    page.output(str(target))


def write_docx(source: Path, target: Path) -> None:
    document = Document()
    properties = document.core_properties
    properties.author = "Tidewater Ferries Cooperative"
    properties.created = properties.modified = MADE_ON.replace(tzinfo=None)
    for kind, content in read_blocks(source):
        if kind == "title":
            properties.title = content
            document.add_heading(content, level=1)
        elif kind == "heading":
            document.add_heading(content, level=2)
        elif kind == "table":
            table = document.add_table(rows=0, cols=len(content[0]), style="Light Grid Accent 1")
            for row in content:
                for cell, text in zip(table.add_row().cells, row):
                    cell.text = text
        else:
            document.add_paragraph(content)
    raw = io.BytesIO()
    document.save(raw)
    # A zip entry carries the time at which it was written: give all of them the same one.
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, MADE_ON.timetuple()[:6]), before.read(name), zipfile.ZIP_DEFLATED)


DOCUMENTS = [
    ("radio-and-signals.md", "safety/radio-and-signals.pdf", write_pdf),
    ("maintenance.md", "fleet/maintenance.pdf", write_pdf),
    ("pay.md", "handbook/pay.docx", write_docx),
    ("accounts.md", "freight/accounts.docx", write_docx),
]

if __name__ == "__main__":
    for source, target, write in DOCUMENTS:
        write(PROJECT / "sources" / source, PROJECT / "documents" / target)
        print(target)
