"""Invented vacancies in any number, the same for the same number and day.

A tenth is open and was published within sixty days; the others closed over six years. Titles, employers, places and
words follow Zipf's law: a few are everywhere, most are rare.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, islice, product
from typing import Any, Generic, TypeVar

from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from canvassing.models import Employer, Occupation, Region, Vacancy, Visit
from tests.factories import make_office, make_school_centre, make_user

T = TypeVar("T")

OPEN_DAYS, ALL_DAYS = 60, 6 * 365
EMPLOYERS, SCHOOLS, WORDS = 8_000, 20, 12_000
BATCH = 1_000

LEVELS = ["", "junior", "senior", "magang", "kepala", "koordinator", "asisten", "supervisor"]
ROLES = [
    "operator produksi", "admin gudang", "kasir", "perawat", "sopir truk", "teknisi listrik", "penjahit", "koki",
    "guru matematika", "apoteker", "resepsionis", "barista", "kurir", "satpam", "akuntan", "bidan", "montir motor",
    "drafter", "surveyor", "mandor bangunan", "tukang kayu", "petugas kebersihan", "desainer grafis", "analis data",
    "programmer", "pelayan restoran", "terapis", "fotografer", "penulis konten", "teknisi jaringan",
    "operator forklift", "pengawas mutu", "kepala toko", "tukang las", "pengasuh anak", "agen asuransi",
]  # fmt: skip
PLACES = ["", "shift malam", "area kota", "paruh waktu", "pabrik", "ritel", "hotel", "klinik", "proyek", "kantor pusat"]
COMMON = """
yang dan di dengan untuk kerja pengalaman minimal tahun memiliki mampu lulusan pendidikan tim komunikasi jujur disiplin
teliti rajin bersedia lembur gaji tunjangan makan transport kesehatan bonus karir perusahaan segera tugas laporan harian
pelanggan melayani target produk barang stok pengiriman mesin perawatan kebersihan dokumen surat komputer excel inggris
kendaraan pribadi domisili ramah sopan sehat ijazah lamaran wawancara pelatihan kontrak tetap senin sabtu libur
memeriksa menghitung mencatat menyusun mengelola membantu menyiapkan menjaga mengantar menerima memasak merakit merawat
restoran toko sekolah bengkel bangunan cabang lapangan pasar koperasi bank
""".split()
SKILLS = [
    *product(
        ["mengoperasikan", "perawatan", "desain", "analisis", "layanan", "keselamatan", "bahasa", "mengemudi"],
        ["mesin", "listrik", "data", "kantor", "pelanggan", "inggris", "pajak", "truk", "web", "dapur", "excel", "las"],
    )
]
SYLLABLES = [first + second for first in "bdgjklmnprstwy" for second in "aeiou"]
EDUCATION = {0: 6, 1: 2, 2: 8, 3: 30, 4: 30, 5: 4, 7: 12, 8: 8}  # rank: how often, in a hundred
EXPERIENCE = {0: 50, 1: 20, 2: 15, 3: 10, 5: 5}  # years: how often, in a hundred

dice = random.Random(7)


class Zipf(Generic[T]):
    """Draws of these values, the n-th n times rarer than the first."""

    def __init__(self, values: list[T]) -> None:
        self.values = values
        self.weights = list(accumulate(1 / rank for rank in range(1, len(values) + 1)))

    def some(self, number: int) -> list[T]:
        return dice.choices(self.values, cum_weights=self.weights, k=number)

    def one(self) -> T:
        return self.some(1)[0]


def fill(rows: int) -> None:
    """Put `rows` vacancies into the empty database, oldest first."""
    make_office()
    made = vacancies(rows, author=make_user(Role.CANVASSER), publisher=make_user(Role.PUBLISHER))
    while batch := list(islice(made, BATCH)):
        Vacancy.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def vacancies(rows: int, *, author: User, publisher: User) -> Iterator[Vacancy]:
    now = timezone.now()
    work, origins, skills = Zipf(occupied_titles()), Zipf(make_origins(author)), Zipf(SKILLS)
    regions = Zipf(list(Region.objects.filter(code__startswith="18.").order_by("-code")))
    words = Zipf([*COMMON, *(word() for _number in range(WORDS - len(COMMON)))])
    for published_at, is_open in moments(rows, now):
        title, occupation = work.one()
        wage = dice.randrange(1_800_000, 9_000_000, 100_000)
        yield Vacancy(
            **origins.one(),
            **(stays_open(now) if is_open else has_ended(published_at)),
            title=title,
            occupation=occupation,
            description=f"{title} {' '.join(words.some(dice.randint(60, 100)))}.",
            requirements="Jujur dan teliti\nSehat",
            skills=[" ".join(skill) for skill in set(skills.some(dice.randint(1, 5)))],
            openings_any=dice.randint(1, 30),
            education_id=drawn(EDUCATION),
            experience_years=drawn(EXPERIENCE),
            open_to_disability=dice.random() < 0.1,
            part_time=dice.random() < 0.1,
            wage_min=wage,
            wage_max=dice.choice([None, wage + 500_000]),
            region=regions.one(),
            working_hours="Senin–Sabtu 08.00–16.00",
            working_conditions="Kontrak 1 tahun, BPJS",
            created_by=author,
            published_by=publisher,
            published_at=published_at,
            confirmed_by_way=Vacancy.Confirmed.PHONE,
            confirmed_with="Siti Contoh, personalia",
            confirmed_on=timezone.localdate(published_at),
        )


def moments(rows: int, now: datetime) -> list[tuple[datetime, bool]]:
    """When each was published, and whether it is still open; in the order of time."""
    opened = rows // 10
    ages = [(dice.uniform(0, OPEN_DAYS), True) for _number in range(opened)]
    ages += [(dice.uniform(OPEN_DAYS, ALL_DAYS), False) for _number in range(rows - opened)]
    return [(now - timedelta(days=age), is_open) for age, is_open in sorted(ages, reverse=True)]


def stays_open(now: datetime) -> dict[str, Any]:
    return {"state": Vacancy.State.PUBLISHED, "valid_until": timezone.localdate(now) + timedelta(dice.randint(1, 60))}


def has_ended(published_at: datetime) -> dict[str, Any]:
    ended_at = published_at + timedelta(days=30)
    return {"state": Vacancy.State.EXPIRED, "valid_until": timezone.localdate(ended_at), "ended_at": ended_at}


def drawn(often: dict[int, int]) -> int:
    return dice.choices([*often], weights=[*often.values()])[0]


def occupied_titles() -> list[tuple[str, Occupation]]:
    """Every title in a random order, with an occupation that depends on its role."""
    occupations = list(Occupation.objects.filter(code__length=2).order_by("code"))
    occupation_of = {role: dice.choice(occupations) for role in ROLES}
    titles = [
        (" ".join(filter(None, [level, role, place])).capitalize(), occupation_of[role])
        for level, role, place in product(LEVELS, ROLES, PLACES)
    ]
    dice.shuffle(titles)
    return titles


def make_origins(author: User) -> list[dict[str, Any]]:
    """Employers, each with the source of its vacancies: half of them visits, the others of every kind."""
    names = [f"{dice.choice(['PT', 'CV', 'UD'])} {word()} {word()}".title() for _number in range(EMPLOYERS)]
    employers = Employer.objects.bulk_create(Employer(name=name, region_id="18.72") for name in names)
    visits = Visit.objects.bulk_create(finished_visit(employer, author) for employer in employers)
    schools = [make_school_centre() for _number in range(SCHOOLS)]
    return [
        dice.choice(
            [
                {"employer": employer, "source": Vacancy.Source.VISIT, "visit": visit},
                {"employer": employer, "source": Vacancy.Source.VISIT, "visit": visit},
                {"employer": employer, "source": Vacancy.Source.BKK, "school_centre": dice.choice(schools)},
                {"employer": employer, "source": Vacancy.Source.EMPLOYER},
            ]
        )
        for employer, visit in zip(employers, visits, strict=True)
    ]


def finished_visit(employer: Employer, officer: User) -> Visit:
    return Visit(
        employer=employer,
        officer=officer,
        state=Visit.State.DONE,
        visited_on=timezone.localdate() - timedelta(days=dice.randrange(1, ALL_DAYS)),
        person_met="Siti Contoh",
        outcome=Visit.Outcome.VACANCIES,
        next_step="Telepon lagi",
        next_step_on=timezone.localdate(),
    )


def word() -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) + dice.choice(["", "n", "ng", "r", "s", "k"])
