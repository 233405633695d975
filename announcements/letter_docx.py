"""The Sekretaris Daerah's draft letter as DOCX, so that the secretariat can number, change and sign it."""

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from announcements.prints.shapes import AttachedNotice, LetterSheet, SecretariatLetter
from jobseekers.prints import Sheet, longdate, printable, qr_png
from jobseekers.prints.shapes import Check

SIZES = {"a4": (210, 297), "f4": (215, 330)}
DOTS = "." * 16
OPENED = datetime(2026, 1, 1)  # noqa: DTZ001, a fixed moment, so that the same data give the same bytes


def letter_docx(piece: SecretariatLetter, sheet: LetterSheet, *, paper: Sheet = "a4") -> bytes:
    """One addressee's letter with its attachment."""
    document = Document()
    document.core_properties.title = printable(piece.subject)
    document.core_properties.author = printable(piece.head.unit)
    document.core_properties.created = document.core_properties.modified = OPENED
    _page(document, paper)
    _head(document, piece)
    _fields(document, piece, sheet)
    _body(document, piece)
    _foot(document, piece, sheet)
    _attachment(document, piece)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, paper: Sheet) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in SIZES[paper])
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.top_margin, section.bottom_margin = Mm(15), Mm(25)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Arial")
    normal.paragraph_format.space_after = Pt(4)


def _line(document: Any, text: str, *, size: int = 11, bold: bool = False, centre: bool = False) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(printable(text))
    run.bold, run.font.size = bold, Pt(size)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _head(document: Any, piece: SecretariatLetter) -> None:
    lines = [
        (piece.head.government.upper(), 14, True),
        (piece.head.unit.upper(), 17, True),
        (piece.head.address, 10, False),
    ]
    if piece.head.contact:
        lines.append((piece.head.contact, 10, False))
    for text, size, bold in lines:
        last = _line(document, text, size=size, bold=bold, centre=True)
        last.paragraph_format.space_after = Pt(0)
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "thinThickSmallGap"), ("sz", "18"), ("space", "4"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    last._p.get_or_add_pPr().append(border)
    last.paragraph_format.space_after = Pt(10)


def _fields(document: Any, piece: SecretariatLetter, sheet: LetterSheet) -> None:
    rows = [
        ("Nomor", f": {piece.classification}/{DOTS}", f"{piece.place}, {DOTS}"),
        ("Sifat", f": {piece.nature}", ""),
        ("Lampiran", ": 1 (satu) berkas", ""),
        ("Hal", f": {piece.subject}", ""),
    ]
    table = document.add_table(rows=0, cols=3)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = printable(text)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    _widths(table, (24, 80, 56))
    document.add_paragraph()
    _line(document, f"Yth. {sheet.addressee}", bold=True).paragraph_format.space_after = Pt(0)
    _line(document, "di Tempat")
    document.add_paragraph()


def _widths(table: Any, millimetres: tuple[int, ...]) -> None:
    """Of the grid for one office program, of every cell for another."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, millimetres, strict=True):
            cell.width = Mm(width)


def _body(document: Any, piece: SecretariatLetter) -> None:
    """The same words as in secretariat_letter.typ."""
    paragraphs = [_line(document, piece.opening), _line(document, piece.request)]
    for number, point in enumerate(piece.points, 1):
        paragraph = _line(document, f"{number}.")
        paragraph.add_run(f"\t{printable(point)}")
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(7), Mm(-7)
        paragraphs.append(paragraph)
    for paragraph in [*paragraphs, _line(document, piece.closing)]:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _foot(document: Any, piece: SecretariatLetter, sheet: LetterSheet) -> None:
    signer = [f"{piece.signer.title},", "", "", "", piece.signer.name or DOTS * 3]
    signer += [piece.rank] if piece.rank else []
    signer += [f"NIP {piece.signer.nip}"] if piece.signer.nip else []
    for text in signer:
        paragraph = _line(document, text, bold=bool(piece.signer.name) and text == piece.signer.name)
        paragraph.paragraph_format.left_indent = Mm(85)
        paragraph.paragraph_format.space_after = Pt(0)
    if piece.copies:
        document.add_paragraph()
        for text in ["Tembusan:", *(f"{number}. {copy}" for number, copy in enumerate(piece.copies, 1))]:
            _line(document, text, size=10).paragraph_format.space_after = Pt(0)
    document.add_paragraph()
    words = "Sudah diterima? Pindai kode ini dan tekan satu tombol; kantor kami langsung tahu."
    _code(document, sheet.receipt, words)


def _code(document: Any, link: Check, words: str) -> None:
    """A QR code, and its address for who cannot scan."""
    document.add_picture(io.BytesIO(qr_png(link.url)), width=Mm(22))
    document.paragraphs[-1].paragraph_format.space_after = Pt(2)
    _line(document, words, size=9).paragraph_format.space_after = Pt(0)
    _line(document, link.text, size=9)


def _attachment(document: Any, piece: SecretariatLetter) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    for text in (f"Lampiran Surat {piece.signer.title}", f"Nomor: {DOTS}", f"Tanggal: {DOTS}"):
        paragraph = _line(document, text, size=10)
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_after = Mm(85), Pt(0)
    title = _line(document, piece.attachment, size=13, bold=True, centre=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(10)
    if piece.notice:
        _notice(document, piece.notice)
    else:
        _table(document, piece)
    _line(document, piece.foot, size=10).paragraph_format.space_before = Pt(10)


def _notice(document: Any, notice: AttachedNotice) -> None:
    if notice.lead:
        _line(document, notice.lead, centre=True)
    if notice.rows:
        table = document.add_table(rows=0, cols=2)
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        for row in notice.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = printable(text)
        _widths(table, (36, 124))
        document.add_paragraph()
    for text in notice.text:
        _line(document, text)
    if notice.until:
        _line(document, notice.until, bold=True)
    _code(document, notice.link, "Selengkapnya")


def _table(document: Any, piece: SecretariatLetter) -> None:
    table = document.add_table(rows=1, cols=5)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    head = ("No.", "Pekerjaan dan pemberi kerja", "Tempat", "Upah dan pendidikan", "Paling lambat")
    _cells(table.rows[0], head, bold=True)
    for number, row in enumerate(piece.rows, 1):
        texts = (
            f"{number}.",
            f"{row.title}\n{row.employer}",
            row.place,
            f"{row.wage}\n{row.education}",
            longdate(row.last_day).replace("\N{NO-BREAK SPACE}", " "),
        )
        _cells(table.add_row(), texts)
    _widths(table, (10, 50, 32, 40, 28))


def _cells(row: Any, texts: tuple[str, ...], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        lines = [printable(line) for line in text.split("\n")]
        paragraph = cell.paragraphs[0]
        for index, line in enumerate(lines):
            run = paragraph.add_run(line)
            run.bold, run.font.size = bold or (index == 0 and len(lines) > 1), Pt(9)
            if index < len(lines) - 1:
                run.add_break()
