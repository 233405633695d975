import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.formats import localize

from canvassing.models import Industry, Occupation
from canvassing.reference import reference_names
from canvassing.tables import Record, Refusal, UnusableFile, UnusableRow, read_table

COLUMNS = {
    "code": ("code", "kode", "kode kbji", "kode kbli", "kbji", "kbli", "section", "kategori"),
    "title": ("title", "judul", "nama", "uraian", "nama jabatan", "judul kbli", "deskripsi"),
    "title_en": ("title_en", "judul inggris", "nama inggris", "english"),
    "parent": ("parent", "induk"),
}
KINDS: dict[str, tuple[Any, str, str]] = {  # model, form of a code, the form in words
    "kbji": (Occupation, r"[0-9]{1,4}|[0-9]{4}\.[0-9]{2}", "1–4 angka seperti 7412, atau berbentuk 7412.01"),
    "kbli": (Industry, r"[A-U]|[0-9]{2,5}", "satu huruf A–U, atau 2–5 angka"),
}


class Command(BaseCommand):
    help = "Memuat klasifikasi lengkap (KBJI atau KBLI) dari berkas CSV yang diunduh dari BPS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS, help="kbji: jabatan; kbli: lapangan usaha")
        parser.add_argument("path", type=Path, help="berkas CSV dengan kolom code dan title")

    def handle(self, *, kind: str, path: Path, **options: Any) -> None:
        try:
            entries, refused = read_classification(kind, path)
        except UnusableFile as error:
            raise CommandError(f"{error} Tidak ada yang diubah.") from error
        added, changed = save_classification(kind, entries)
        for refusal in refused:
            self.stdout.write(f"Baris {refusal.row}: {refusal.reason}")
        same = len(entries) - added - changed
        self.stdout.write(
            f"{localize(added)} ditambah, {localize(changed)} diperbarui, {localize(same)} sudah sama, "
            f"{localize(len(refused))} tidak bisa dipakai."
        )


def read_classification(kind: str, path: Path) -> tuple[dict[str, Record], list[Refusal]]:
    """The usable entries by code, and the refused rows in the order of the file. Raises UnusableFile."""
    _model, form, wanted = KINDS[kind]

    def read(record: Record) -> Record:
        code, title, parent = record["code"], " ".join(record["title"].split()), record["parent"]
        if not re.fullmatch(form, code):
            raise UnusableRow(f"Kode “{code[:20]}” tidak dikenal; seharusnya {wanted}.")
        if parent.isdigit() and not code.startswith(parent):
            raise UnusableRow(f"Kode {code} bukan bagian dari induk {parent}; mungkin nol di depan hilang.")
        if not title or len(title) > 200:
            raise UnusableRow("Nama kosong." if not title else "Nama lebih dari 200 huruf.")
        return {"code": code, "title": title, "title_en": record["title_en"][:200]}

    table = read_table(path, COLUMNS, read, optional=("title_en", "parent"))
    entries: dict[str, Record] = {}
    refused = table.refused
    for number, entry in table.rows:
        if entries.setdefault(entry["code"], entry) is not entry:
            reason = f"Kode {entry['code']} sudah ada di baris lain."
            refused.append(Refusal(number, reason, list(entry.values())))
    return entries, sorted(refused, key=lambda refusal: refusal.row)


@transaction.atomic
def save_classification(kind: str, entries: dict[str, Record]) -> tuple[int, int]:
    """Add or correct the entries; rows that the file does not name stay. Answers (added, changed)."""
    model = KINDS[kind][0]
    known = model.objects.in_bulk(entries)
    added = [model(**entry) for code, entry in entries.items() if code not in known]
    changed = []
    for code, row in known.items():
        title, title_en = entries[code]["title"], entries[code]["title_en"] or row.title_en
        if (row.title, row.title_en) != (title, title_en):
            row.title, row.title_en = title, title_en
            changed.append(row)
    model.objects.bulk_create(added, batch_size=1000)
    model.objects.bulk_update(changed, ["title", "title_en"], batch_size=1000)
    reference_names.forget()
    return len(added), len(changed)
