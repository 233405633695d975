"""Trying before anybody reads it: pieces about made-up vacancies, a mail to oneself. Nothing is announced, nobody told.

The channels make these pieces as any other, in a transaction that is rolled back.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, current_office
from announcements import contents, services, spoken
from announcements.channels import CHANNELS
from announcements.channels.radio import RadioChannel
from announcements.channels.texts import TextChannel
from announcements.facts import Facts
from announcements.models import Announcement, Draft, Issue, PieceTemplate
from announcements.models.announcements import AUTOMATIC
from training.models import Cohort, Course

NUMBERS = (1, 3)  # vacancies in the two examples
COURSE, NEWS = Announcement.Kind.COURSE, Announcement.Kind.NEWS
# (title, employer, place, wage from and to, openings, working hours), made up
EXAMPLES = (
    ("Penjahit garmen", "CV Konveksi Contoh", "Metro Timur", (2_700_000, 3_100_000), 8, "Senin–Sabtu, 08.00–16.00"),
    ("Kasir toko", "Toko Contoh Jaya", "Metro Pusat", (2_650_000, 2_650_000), 2, "dua giliran, 40 jam seminggu"),
    ("Teknisi pendingin", "PT Contoh Sejuk", "Kota Bandar Lampung", (3_000_000, 3_600_000), 1, "Senin–Jumat"),
)


def facts(number: int) -> list[Facts]:
    """The first made-up vacancies as they would be frozen today. Their keys are no vacancy's."""
    return [_example(-1 - index, *each) for index, each in enumerate(EXAMPLES[:number])]


def _example(
    key: int, title: str, employer: str, place: str, wage: tuple[int, int], openings: int, hours: str
) -> Facts:
    today = timezone.localdate()
    amounts = "–".join(f"Rp{each:,}".replace(",", ".") for each in sorted(set(wage)))
    common = {"title": title, "employer": employer, "place": place}
    words = {
        "id": common | {"wage": f"{amounts} per bulan", "trust": "kunjungan petugas"},
        "en": common | {"wage": f"{amounts} a month", "trust": "visit by an officer"},
    }
    detail = {
        "number": f"L-{today.year}-00{-key}",
        "wage_min": wage[0],
        "wage_max": wage[1],
        "wage_period": "per bulan",
        "wage_note": "",
        "work_place": "Jalan Contoh No. 3",
        "hours": hours,
        "conditions": "Kontrak 12 bulan, BPJS sejak hari pertama",
        "openings": openings,
        "who": "laki-laki atau perempuan",
        "education": "SMA/SMK sederajat",
        "experience_years": 0,
        "documents": "fotokopi KTP, fotokopi ijazah, daftar riwayat hidup",
        "apply_via": "office",
        "apply_to": "Jalan Contoh No. 3",
    }
    last_day = (today + timedelta(days=14)).isoformat()
    return {"id": key, "version": 1, "path": "/lowongan/", "valid_until": last_day, "words": words, "detail": detail}


def examples(kind: str) -> list[list[Facts]]:
    """What the pieces of the page speak of: one and several vacancies, a made-up class, or made-up news."""
    if kind == COURSE:
        return [contents.of_cohorts([_class()])]
    if kind == NEWS:
        return [contents.of_draft(Draft(pk=0, content=NEWS, title=NEWS_EXAMPLE[0], text=NEWS_EXAMPLE[1]))]
    return [facts(number) for number in NUMBERS]


NEWS_EXAMPLE = (
    "Bazar kerja contoh di lapangan kota",
    "Dua puluh perusahaan membuka meja dari pukul 08.00 sampai 15.00. Bawa KTP, ijazah, dan daftar riwayat hidup.\n"
    "Masuknya gratis, dan tidak ada yang boleh meminta uang.",
)


def _class() -> Cohort:
    """Made up, kept nowhere."""
    today = timezone.localdate()
    course = Course(
        pk=0,
        title="Contoh Menjahit Dasar",
        summary="Membuat pola, memotong, dan menjahit pakaian sederhana sampai siap pakai.",
        requirements="Membawa KTP dan ijazah asli saat pemeriksaan berkas.",
        lesson_hours=160,
    )
    return Cohort(
        pk=0,
        course=course,
        name="Angkatan 1",
        begins_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=60),
        intake_from=today,
        intake_until=today + timedelta(days=14),
        place="Jalan Contoh No. 3",
        capacity=16,
    )


@contextmanager
def _announcement(channel: str, language: str, texts: Mapping[str, str], by: User, kind: str) -> Iterator[Announcement]:
    """One that these words would be used for; it is gone afterwards. Keys are random, so that two try at once."""
    with transaction.atomic():
        newest = PieceTemplate.objects.of(channel, language, kind).values_list("version", flat=True).first() or 0
        version = newest + 1 + secrets.randbelow(10_000)
        PieceTemplate.objects.create(
            channel=channel, kind=kind, language=language, version=version, texts=dict(texts), created_by=by
        )
        yield Announcement.objects.create(
            pk=-1 - secrets.randbelow(2**62), title="Contoh", created_by=by, expires_at=timezone.now()
        )
        transaction.set_rollback(True)


def pieces(channel: str, language: str, texts: Mapping[str, str], *, by: User, kind: str) -> list[Issue]:
    """The piece of each example, with these words."""
    maker: Any = CHANNELS[channel]
    spoken_in = (language,) if channel in AUTOMATIC else ()
    with _announcement(channel, language, texts, by, kind) as announcement:
        return [maker.issue(announcement, example, *spoken_in) for example in examples(kind)]


def file(channel: str, texts: Mapping[str, str], name: str, *, by: User, kind: str) -> bytes:
    """One print of the piece of the last example. Raises KeyError for a name that the channel does not have."""
    with _announcement(channel, "id", texts, by, kind) as announcement:
        issue = services.make_issue(announcement, channel, examples(kind)[-1])
        if name not in dict(CHANNELS[channel].file_names(issue)):
            raise KeyError(name)
        return CHANNELS[channel].make(issue, name)


def file_names(channel: str, texts: Mapping[str, str], *, by: User, kind: str) -> list[tuple[str, str]]:
    with _announcement(channel, "id", texts, by, kind) as announcement:
        return CHANNELS[channel].file_names(services.make_issue(announcement, channel, examples(kind)[-1]))


@dataclass(frozen=True)
class Length:
    """How long a piece is and may be, in characters, or in seconds on the radio."""

    is_spoken: bool
    length: int
    limit: int

    @property
    def is_over(self) -> bool:
        return self.length > self.limit

    def __str__(self) -> str:
        words = _("%(length)s dari %(limit)s detik") if self.is_spoken else _("%(length)s dari %(limit)s karakter")
        return words % {"length": self.length, "limit": self.limit}


def length_of(issue: Issue) -> Length | None:
    """None for a channel that sets no limit to the whole."""
    maker: Any = CHANNELS[issue.channel]
    if isinstance(maker, RadioChannel):
        return Length(True, spoken.seconds(issue.text), maker.limit)
    return Length(False, len(issue.text), maker.limit) if isinstance(maker, TextChannel) else None


def send_to(person: User, mail: Issue) -> None:
    """The mail to this person's own address only, marked as a test, at once; its links stop nothing."""
    office = current_office()
    message = EmailMultiAlternatives(
        f"[Uji] {mail.subject}", mail.text, to=[person.email], reply_to=[office.email] if office.email else None
    )
    message.attach_alternative(mail.html, "text/html")
    message.send()
