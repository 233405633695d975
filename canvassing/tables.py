"""CSV tables that people bring from elsewhere: read with patience, refused row by row in plain words."""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
Record = dict[str, str]


class UnusableFile(Exception):
    """Nothing can be read from the file; the message tells the user why."""


class UnusableRow(Exception):
    """One row cannot be used; the message tells the user why."""


@dataclass(frozen=True)
class Refusal:
    row: int  # as a spreadsheet numbers it: the header is row 1
    reason: str
    cells: Sequence[str]


@dataclass
class Table(Generic[T]):
    """The usable rows of a file, each with its row number, and the refused ones."""

    rows: list[tuple[int, T]]
    refused: list[Refusal]


def read_table(
    path: Path,
    columns: Mapping[str, Collection[str]],
    read: Callable[[Record], T],
    *,
    optional: Collection[str] = (),
) -> Table[T]:
    """Read a UTF-8 CSV file, separated by commas or semicolons, with a header.

    `columns` gives each field the header names it may have, in any capitals; other columns are ignored.
    `read` makes something of one row, given as field -> text without outer blanks ("" for an absent optional
    column), or raises UnusableRow. Empty rows are passed over.
    Raises UnusableFile when the file is not such a table.
    """
    lines = _lines(path)
    _number, header = next(lines, (0, []))
    positions = _positions(header, columns, optional)
    table: Table[T] = Table([], [])
    for number, cells in lines:
        try:
            _check(cells, len(header))
            record = {field: cells[at] if at is not None else "" for field, at in positions.items()}
            table.rows.append((number, read(record)))
        except UnusableRow as refusal:
            table.refused.append(Refusal(number, str(refusal), cells))
    if not table.rows and not table.refused:
        raise UnusableFile("Berkas tidak berisi satu baris pun di bawah judul kolom.")
    return table


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not empty, the header included."""
    text = _text(path)
    header, _newline, _rest = text.partition("\n")
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(reader, start=1):
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield number, stripped
    except csv.Error as error:
        place = f"Berkas rusak dekat baris {reader.line_num}"
        raise UnusableFile(f"{place}; mungkin tanda kutip tidak ditutup.") from error


def _text(path: Path) -> str:
    """The text. Bytes that are not UTF-8 become lone surrogates, so that only their rows are refused."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableFile(f"Berkas {path} tidak bisa dibuka: {error.strerror}.") from error
    if not data.strip():
        raise UnusableFile("Berkas kosong.")
    if data.startswith(b"PK\x03\x04"):
        raise UnusableFile("Ini berkas Excel atau zip. Simpan dulu sebagai “CSV UTF-8”, lalu coba lagi.")
    if b"\0" in data[:4096]:
        raise UnusableFile("Ini bukan berkas CSV. Simpan dulu sebagai “CSV UTF-8”, lalu coba lagi.")
    return data.decode("utf-8-sig", errors="surrogateescape")


def _positions(
    header: Sequence[str], columns: Mapping[str, Collection[str]], optional: Collection[str]
) -> dict[str, int | None]:
    """Where each field stands. Of several names that fit, the one named first in `columns` wins."""
    seen = {name.casefold(): at for at, name in reversed(list(enumerate(header)))}
    found = {
        field: next((seen[name.casefold()] for name in names if name.casefold() in seen), None)
        for field, names in columns.items()
    }
    absent = [field for field, at in found.items() if at is None and field not in optional]
    if absent:
        missing = ", ".join(next(iter(columns[field])) for field in absent)
        shown = ", ".join(header)[:200].encode("utf-8", "replace").decode()
        raise UnusableFile(f"Kolom tidak ada: {missing}. Judul kolom di berkas: {shown}.")
    return found


def _check(cells: Sequence[str], width: int) -> None:
    if len(cells) != width:
        raise UnusableRow(f"Jumlah kolom {len(cells)}, seharusnya {width}.")
    joined = "".join(cells)
    if "\0" in joined:
        raise UnusableRow("Ada huruf yang rusak.")
    try:
        joined.encode()
    except UnicodeEncodeError as error:
        raise UnusableRow("Hurufnya bukan UTF-8.") from error


def write_refusals(path: Path, refused: Iterable[Refusal]) -> None:
    """Write the refused rows as CSV for a spreadsheet. Raises OSError."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Baris", "Alasan", "Isi"])
        for refusal in refused:
            writer.writerow([refusal.row, refusal.reason, *(inert(cell) for cell in refusal.cells)])


def inert(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
