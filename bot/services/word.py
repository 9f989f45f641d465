"""A paper as a Word document: title, 口径, sentences, a table a section, pages numbered, A4 across.

Words of residents are text in a run, never a field; what XML cannot hold is left out.
"""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bot.services.paper import Look, Paper, Section, told

MOST_ROWS = 1000
FACE = "宋体"
_GREY = RGBColor(0x64, 0x6A, 0x73)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE_CM = 26.0


def write_word(paper: Paper) -> bytes:
    """The bytes of a .docx file."""
    document = Document()
    _page(document)
    _say(document, paper.title, size=18, bold=True, centred=True)
    _say(document, paper.caliber, size=9, grey=True)
    for line in paper.lines:
        _say(document, line, size=12)
    for section in paper.sections:
        _section(document, section)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    """A4 across, the number of the page below, a Chinese face that every office has."""
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.6)
    usual = document.styles["Normal"]
    usual.font.name, usual.font.size = FACE, Pt(10.5)
    usual.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("第 ")
    _number(foot)
    foot.add_run(" 页")


def _number(paragraph: Any) -> None:
    """The number of the page, which Word fills in."""
    run = paragraph.add_run()
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = "PAGE"
        run._r.append(element)


def _section(document: Any, section: Section) -> None:
    heading = document.add_heading(level=2)
    _run(heading, section.name, size=13, bold=True)
    if section.note:
        _say(document, section.note, size=9, grey=True)
    if not section.rows:
        _say(document, section.empty)
        return
    table = document.add_table(rows=1, cols=len(section.columns), style="Table Grid")
    table.autofit = False
    _header(table, section)
    for row in section.rows[:MOST_ROWS]:
        cells = table.add_row().cells
        for cell, value, column in zip(cells, row, section.columns, strict=True):
            words = told(value, column.look)
            _run(cell.paragraphs[0], words, size=9)
            if column.look in {Look.NUMBER, Look.SHARE}:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    if len(section.rows) > MOST_ROWS:
        _say(document, f"只列前{MOST_ROWS}条，全部见台账 Excel。", size=9, grey=True)


def _header(table: Any, section: Section) -> None:
    """The names of the columns, again on every page, as wide as their share."""
    whole = sum(column.width for column in section.columns)
    for place, column in enumerate(section.columns):
        table.columns[place].width = Cm(_WIDE_CM * column.width / whole)
        _run(table.rows[0].cells[place].paragraphs[0], column.name, size=9, bold=True)
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _say(
    document: Any,
    words: str,
    *,
    size: float = 10.5,
    bold: bool = False,
    centred: bool = False,
    grey: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, words, size=size, bold=bold, grey=grey)


def _run(
    paragraph: Any, words: str, *, size: float, bold: bool = False, grey: bool = False
) -> None:
    run = paragraph.add_run(_NOT_XML.sub("", words))
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FACE
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACE)
    run.font.color.rgb = _GREY if grey else RGBColor(0, 0, 0)
