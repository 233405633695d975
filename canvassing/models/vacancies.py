import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import Case, F, GeneratedField, Q, When
from django.db.models.functions import Coalesce, Left
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Office, User
from accounts.roles import Role
from canvassing.models.employers import Employer, SchoolJobCentre, name_key
from canvassing.models.reference import EducationLevel, Occupation, Region
from canvassing.models.visits import Visit

HOURS_A_MONTH = 173  # 40 hours a week x 52 / 12, as in wage rules
DAYS_A_MONTH = 25  # six-day week, PP 36/2021 art. 17

# The last day, never as the plain column: PostgreSQL believes that hardly any published row is still open, and would
# read all of them by this column's index instead of the newest by theirs.
LAST_DAY = Coalesce("valid_until", date.min)


class State(models.TextChoices):
    LEAD = "lead", _("Petunjuk")
    DRAFT = "draft", _("Konsep")
    IN_CHECK = "in_check", _("Menunggu")
    PUBLISHED = "published", _("Terbit")
    FILLED = "filled", _("Terisi")
    EXPIRED = "expired", _("Berakhir")
    WITHDRAWN = "withdrawn", _("Ditarik")


# The only ways from one state to another; the database refuses every other way too.
TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (State.LEAD, State.DRAFT),
        (State.LEAD, State.WITHDRAWN),
        (State.DRAFT, State.IN_CHECK),
        (State.DRAFT, State.WITHDRAWN),
        (State.IN_CHECK, State.DRAFT),
        (State.IN_CHECK, State.PUBLISHED),
        (State.IN_CHECK, State.WITHDRAWN),
        (State.PUBLISHED, State.FILLED),
        (State.PUBLISHED, State.EXPIRED),
        (State.PUBLISHED, State.WITHDRAWN),
    }
)
ENDED = (State.FILLED, State.EXPIRED, State.WITHDRAWN)


class TransitionRefused(Exception):
    """The vacancy is no longer in a state from which this step is allowed, or the actor may not take it."""


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    def open(self, today: date | None = None) -> Self:
        """What the public may see: published and not past its last day, whether or not the sweep has run."""
        return self.filter(GreaterThanOrEqual(LAST_DAY, today or timezone.localdate()), state=State.PUBLISHED)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def waiting_for_check(self) -> Self:
        return self.filter(state=State.IN_CHECK)

    def overdue(self, today: date) -> Self:
        return self.filter(LessThan(LAST_DAY, today), state=State.PUBLISHED)

    def ending_within(self, days: int, today: date) -> Self:
        return self.open(today).filter(LessThanOrEqual(LAST_DAY, today + timedelta(days=days)))

    def visible_to(self, user: User) -> Self:
        """Staff of the office see all; a BKK officer sees the own school's; everybody else sees the open ones."""
        if user.is_authenticated and user.has_role(Role.CANVASSER, Role.PUBLISHER, Role.MANAGER, Role.ADMIN):
            return self
        if user.is_authenticated and user.has_role(Role.BKK_OFFICER):
            return self.filter(school_centre__in=user.school_centres.all())
        return self.open()

    def editable_by(self, user: User) -> Self:
        """Before publication: publishers all, canvassers leads and their own drafts, BKK officers their school's."""
        unpublished = self.filter(state__in=(State.LEAD, State.DRAFT, State.IN_CHECK))
        if user.has_role(Role.PUBLISHER):
            return unpublished
        if user.has_role(Role.CANVASSER):
            return unpublished.filter(Q(state=State.LEAD) | Q(state=State.DRAFT, created_by=user))
        if user.has_role(Role.BKK_OFFICER):
            mine = user.school_centres.filter(valid_until__gte=timezone.localdate())
            return unpublished.filter(school_centre__in=mine).exclude(state=State.IN_CHECK)
        return self.none()

    def similar_to(self, vacancy: "Vacancy") -> Self:
        """Open vacancies of the same occupation group, newest first."""
        same = Q(occupation_group=vacancy.occupation_group) if vacancy.occupation_group else Q(city=vacancy.city)
        return self.open().filter(same).exclude(pk=vacancy.pk).newest_first()

    def possible_duplicates(self, *, employer_name: str, title: str, besides: int | None = None) -> Self:
        """What has not ended and looks like the same work at the same employer, however either is spelled."""
        alive = self.exclude(state__in=ENDED).exclude(pk=besides)
        return alive.filter(employer__name_key=name_key(employer_name), title__trigram_similar=title)


@dataclass(frozen=True)
class Fact:
    """One of the five facts that a vacancy must name before it may be published (Permenaker 18/2024 art. 4)."""

    label: Any
    field: str
    known: bool


@pghistory.track(exclude=["search", "city", "district", "occupation_group", "wage_month"])
class Vacancy(models.Model):
    """Paid work that an employer wants done. Fields: Perpres 57/2023 art. 5, Permenaker 18/2024 art. 4."""

    State = State

    class Source(models.TextChoices):
        VISIT = "visit", _("Kunjungan petugas")
        ONLINE = "online", _("Lowongan daring")
        BKK = "bkk", _("BKK sekolah")
        EMPLOYER = "employer", _("Laporan pemberi kerja")
        JOB_FAIR = "job_fair", _("Bursa kerja")

    class WagePeriod(models.TextChoices):
        MONTH = "month", _("per bulan")
        DAY = "day", _("per hari")
        HOUR = "hour", _("per jam")
        PIECE = "piece", _("per hasil")

    class Employment(models.TextChoices):
        FIXED_TERM = "pkwt", _("Kontrak (PKWT)")
        PERMANENT = "pkwtt", _("Tetap (PKWTT)")
        DAILY = "daily", _("Harian lepas")
        APPRENTICE = "apprentice", _("Magang")
        PARTNER = "partner", _("Kemitraan")

    class ApplyVia(models.TextChoices):
        OFFICE = "office", _("Lewat kantor, surat pengantar")
        EMAIL = "email", _("E-mail ke perusahaan")
        LINK = "link", _("Situs perusahaan")
        VISIT = "visit", _("Datang ke perusahaan")

    class Confirmed(models.TextChoices):
        VISIT = "visit", _("kunjungan")
        PHONE = "phone", _("telepon")
        MESSAGE = "message", _("pesan atau e-mail")

    class FilledAnswer(models.TextChoices):
        BY_US = "by_us", _("Terisi")
        ELSEWHERE = "elsewhere", _("Terisi lewat jalan lain")
        NOT_FILLED = "not_filled", _("Tidak terisi")
        UNKNOWN = "unknown", _("Tidak tahu")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)

    # Where it comes from
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="vacancies", verbose_name=_("pemberi kerja"))
    employer_name = models.CharField(max_length=150, editable=False)  # kept by a trigger
    source = models.CharField(_("sumber"), max_length=10, choices=Source.choices, default=Source.VISIT)
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="vacancies", verbose_name=_("kunjungan")
    )
    school_centre = models.ForeignKey(
        SchoolJobCentre, models.PROTECT, null=True, blank=True, related_name="vacancies", verbose_name=_("BKK")
    )
    source_url = models.URLField(_("tautan sumber"), max_length=500, blank=True)
    source_key = models.CharField(max_length=80, blank=True, editable=False)  # the import's own key
    obtained_on = models.DateField(_("tanggal didapat"), default=timezone.localdate)
    employer_words = models.TextField(_("kata pemberi kerja"), max_length=5000, blank=True)

    # The work
    title = models.CharField(_("nama pekerjaan"), max_length=120)
    occupation = models.ForeignKey(
        Occupation, models.PROTECT, null=True, blank=True, related_name="vacancies", verbose_name=_("jabatan (KBJI)")
    )
    description = models.TextField(_("teks untuk publik"), max_length=5000, blank=True)
    requirements = models.TextField(_("yang diminta"), max_length=2000, blank=True)
    skills = ArrayField(models.CharField(max_length=60), verbose_name=_("keterampilan"), default=list, blank=True)
    openings_any = models.PositiveSmallIntegerField(_("siapa pun"), default=1)
    openings_female = models.PositiveSmallIntegerField(_("perempuan"), default=0)
    openings_male = models.PositiveSmallIntegerField(_("laki-laki"), default=0)

    # Who may apply
    education = models.ForeignKey(
        EducationLevel, models.PROTECT, default=0, related_name="vacancies", verbose_name=_("pendidikan paling rendah")
    )
    field_of_study = models.CharField(_("jurusan"), max_length=120, blank=True)
    experience_years = models.PositiveSmallIntegerField(_("pengalaman (tahun)"), default=0)
    age_min = models.PositiveSmallIntegerField(_("usia paling rendah"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("usia paling tinggi"), null=True, blank=True)
    restriction_reason = models.CharField(_("alasan batas usia atau jenis kelamin"), max_length=250, blank=True)
    open_to_disability = models.BooleanField(_("terbuka untuk difabel"), default=False)
    part_time = models.BooleanField(_("bisa paruh waktu"), default=False)

    # Wage, place, time
    wage_min = models.PositiveIntegerField(_("upah paling rendah"), null=True, blank=True)
    wage_max = models.PositiveIntegerField(_("upah paling tinggi"), null=True, blank=True)
    wage_period = models.CharField(_("jangka upah"), max_length=5, choices=WagePeriod.choices, default=WagePeriod.MONTH)
    wage_not_stated = models.BooleanField(_("pemberi kerja tidak menyebut upah"), default=False)
    wage_note = models.CharField(_("keterangan upah"), max_length=200, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="vacancies", verbose_name=_("wilayah kerja")
    )
    work_place = models.CharField(_("tempat kerja"), max_length=200, blank=True)
    working_hours = models.CharField(_("jam kerja"), max_length=200, blank=True)
    working_conditions = models.CharField(_("syarat kerja"), max_length=300, blank=True)
    employment = models.CharField(
        _("status kerja"), max_length=10, choices=Employment.choices, default=Employment.FIXED_TERM
    )
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)

    # How to apply
    apply_via = models.CharField(_("jalur melamar"), max_length=6, choices=ApplyVia.choices, default=ApplyVia.OFFICE)
    apply_to = models.CharField(_("alamat melamar"), max_length=300, blank=True)
    documents = models.CharField(_("berkas yang disiapkan"), max_length=300, blank=True)
    contact = models.CharField(_("kontak pemberi kerja"), max_length=200, blank=True)  # staff only

    # The check
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="vacancies_entered"
    )
    created_at = models.DateTimeField(_("dicatat"), auto_now_add=True)
    updated_at = models.DateTimeField(_("diubah"), auto_now=True)
    confirmed_by_way = models.CharField(_("cara memastikan"), max_length=8, choices=Confirmed.choices, blank=True)
    confirmed_with = models.CharField(_("dipastikan kepada"), max_length=120, blank=True)
    confirmed_on = models.DateField(_("dipastikan tanggal"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="vacancies_published"
    )
    published_by_author = models.BooleanField(default=False, editable=False)
    published_at = models.DateTimeField(_("terbit"), null=True, editable=False)
    announce_later = models.BooleanField(_("umumkan nanti bersama yang lain"), default=False, editable=False)
    relisted_from = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="relistings")
    karirhub_number = models.CharField(_("nomor Karirhub"), max_length=60, blank=True)

    # The end
    ended_at = models.DateTimeField(_("berakhir"), null=True, editable=False)
    filled_answer = models.CharField(_("terisi?"), max_length=10, choices=FilledAnswer.choices, blank=True)
    filled_female = models.PositiveSmallIntegerField(_("terisi perempuan"), null=True, blank=True)
    filled_male = models.PositiveSmallIntegerField(_("terisi laki-laki"), null=True, blank=True)

    # Derived by the database, for filters and search
    city = GeneratedField(
        expression=Left("region_id", 5), output_field=models.CharField(max_length=5, null=True), db_persist=True
    )
    district = GeneratedField(
        expression=Left("region_id", 8), output_field=models.CharField(max_length=8, null=True), db_persist=True
    )
    occupation_group = GeneratedField(
        expression=Left("occupation_id", 1), output_field=models.CharField(max_length=1, null=True), db_persist=True
    )
    wage_month = GeneratedField(
        expression=Case(
            When(wage_period="month", then=Coalesce("wage_max", "wage_min")),
            When(wage_period="day", then=Coalesce("wage_max", "wage_min") * DAYS_A_MONTH),
            When(wage_period="hour", then=Coalesce("wage_max", "wage_min") * HOURS_A_MONTH),
        ),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    search = GeneratedField(
        expression=models.Func(
            F("title"), F("employer_name"), F("skills"), F("description"), function="canvassing_vacancy_search"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("lowongan")
        verbose_name_plural = pgettext_lazy("jamak", "lowongan")
        permissions = [("publish_vacancy", "Can check and publish vacancies")]
        indexes = [
            models.Index(
                F("published_at").desc(), F("id").desc(), name="vacancy_open_newest", condition=Q(state="published")
            ),
            models.Index(
                F("city"),
                F("published_at").desc(),
                F("id").desc(),
                name="vacancy_open_city",
                condition=Q(state="published"),
            ),
            models.Index(
                F("occupation_group"),
                F("published_at").desc(),
                F("id").desc(),
                name="vacancy_open_occupation",
                condition=Q(state="published"),
            ),
            GinIndex(
                OpClass("city", name="text_ops"),
                OpClass("occupation_group", name="text_ops"),
                OpClass("education", name="int2_ops"),
                "search",
                name="vacancy_open_search",
                fastupdate=False,
                condition=Q(state="published"),
            ),
            GinIndex(fields=["search"], name="vacancy_rest_search", fastupdate=False, condition=~Q(state="published")),
            models.Index(fields=["-updated_at", "-id"], name="vacancy_staff_list"),
            models.Index(fields=["state", "-updated_at", "-id"], name="vacancy_staff_by_state"),
            models.Index(LAST_DAY, name="vacancy_open_ending", condition=Q(state="published")),
            GinIndex(name="vacancy_title_trgm", fields=["title"], opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="vacancy_titled", violation_error_message=_("Isi nama pekerjaan.")
            ),
            models.CheckConstraint(
                condition=Q(openings_any__gt=0) | Q(openings_female__gt=0) | Q(openings_male__gt=0),
                name="vacancy_openings",
                violation_error_message=_("Jumlah dibutuhkan paling sedikit 1 orang."),
            ),
            models.CheckConstraint(
                condition=Q(wage_max__gte=F("wage_min")) | Q(wage_min=None) | Q(wage_max=None),
                name="vacancy_wage_range",
                violation_error_message=_(
                    "Upah paling rendah lebih besar daripada upah paling tinggi. Tukar keduanya."
                ),
            ),
            models.CheckConstraint(
                condition=Q(wage_not_stated=False) | Q(wage_min=None, wage_max=None),
                name="vacancy_wage_or_not_stated",
                violation_error_message=_("Hapus angka upah, atau hapus centang “tidak menyebut upah”."),
            ),
            models.CheckConstraint(
                condition=Q(wage_min=None) | Q(wage_min__range=(100, 1_000_000_000)),
                name="vacancy_wage_min_sane",
                violation_error_message=_("Upah ditulis dalam rupiah penuh, misalnya 2700000."),
            ),
            models.CheckConstraint(
                condition=Q(wage_max=None) | Q(wage_max__range=(100, 1_000_000_000)),
                name="vacancy_wage_max_sane",
                violation_error_message=_("Upah ditulis dalam rupiah penuh, misalnya 2700000."),
            ),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_min__range=(15, 80)),
                name="vacancy_age_min_sane",
                violation_error_message=_("Usia paling rendah antara 15 dan 80 tahun."),
            ),
            models.CheckConstraint(
                condition=Q(age_max__gte=F("age_min")) | Q(age_min=None) | Q(age_max=None),
                name="vacancy_age_range",
                violation_error_message=_("Usia paling rendah lebih besar daripada usia paling tinggi."),
            ),
            models.CheckConstraint(
                condition=Q(experience_years__lte=50),
                name="vacancy_experience_sane",
                violation_error_message=_("Pengalaman paling banyak 50 tahun."),
            ),
            models.CheckConstraint(
                condition=Q(age_min=None, age_max=None, openings_female=0, openings_male=0)
                | ~Q(restriction_reason="")
                | Q(state__in=["lead", "draft"]),
                name="vacancy_restriction_reasoned",
                violation_error_message=_("Batas usia atau jenis kelamin perlu alasan (SE Menaker M/6/HK.04/V/2025)."),
            ),
            models.CheckConstraint(
                condition=Q(state="lead")
                | ((~Q(source="visit") | Q(visit__isnull=False)) & (~Q(source="bkk") | Q(school_centre__isnull=False))),
                name="vacancy_source_named",
                violation_error_message=_("Pilih kunjungan atau BKK yang menjadi asal lowongan ini."),
            ),
            models.CheckConstraint(
                condition=~Q(source="online") | ~Q(source_url="") | Q(state__in=["lead", "draft", "withdrawn"]),
                name="vacancy_online_has_link",
                violation_error_message=_("Lowongan daring perlu tautan sumbernya."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    Q(
                        occupation__isnull=False,
                        region__isnull=False,
                        valid_until__isnull=False,
                        published_at__isnull=False,
                        published_by__isnull=False,
                        confirmed_on__isnull=False,
                    )
                    & (Q(wage_not_stated=True) | Q(wage_min__isnull=False) | Q(wage_max__isnull=False))
                    & ~Q(working_hours="")
                    & ~Q(working_conditions="")
                    & ~Q(confirmed_with="")
                    & ~Q(confirmed_by_way="")
                ),
                name="vacancy_published_is_complete",
                violation_error_message=_("Lowongan belum lengkap untuk terbit (Permenaker 18/2024 pasal 4)."),
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | Q(published_by_author=True) | ~Q(published_by=F("created_by")),
                name="vacancy_second_person",
                violation_error_message=_("Lowongan yang Anda catat sendiri diperiksa rekan lain."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at=None)),
                name="vacancy_end_dated",
            ),
            models.UniqueConstraint(fields=["source_key"], condition=~Q(source_key=""), name="vacancy_imported_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="copy_employer_name",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("employer_id"),
                func=(
                    "SELECT name INTO NEW.employer_name FROM canvassing_employer WHERE id = NEW.employer_id; "
                    "RETURN NEW;"
                ),
            ),
            pgtrigger.FSM(
                name="transitions",
                field="state",
                transitions=sorted((str(a), str(b)) for a, b in TRANSITIONS),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The address of `vacancy_detail`, put together here because `reverse` takes five times as long."""
        return f"{_list_address()}{self.pk}/{self.slug}/"

    @property
    def slug(self) -> str:
        return slugify(self.title)[:60] or "lowongan"

    @property
    def number(self) -> str:
        return f"LK-{timezone.localtime(self.created_at).year}-{self.pk:04d}"

    @property
    def openings(self) -> int:
        return self.openings_any + self.openings_female + self.openings_male

    @property
    def is_open(self) -> bool:
        return (
            self.state == State.PUBLISHED and self.valid_until is not None and self.valid_until >= timezone.localdate()
        )

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED or (self.state == State.PUBLISHED and not self.is_open)

    @property
    def is_restricted(self) -> bool:
        """True when age or sex is asked for, which needs a reason and is shown to staff as a warning."""
        return any((self.age_min, self.age_max, self.openings_female, self.openings_male))

    @property
    def wage_is_known(self) -> bool:
        return self.wage_min is not None or self.wage_max is not None

    def required_facts(self) -> list[Fact]:
        """The five facts of Permenaker 18/2024 art. 4 (1), in the order of the form."""
        return [
            Fact(_("Jenis pekerjaan"), "title", bool(self.title and self.occupation_id)),
            Fact(_("Tempat kerja"), "region", bool(self.region_id)),
            Fact(_("Upah"), "wage_min", self.wage_is_known or self.wage_not_stated),
            Fact(_("Jam kerja"), "working_hours", bool(self.working_hours)),
            Fact(_("Syarat kerja"), "working_conditions", bool(self.working_conditions)),
        ]

    def missing_facts(self) -> list[Fact]:
        return [fact for fact in self.required_facts() if not fact.known]

    # --- Changes of state: each a conditional update that only one caller can win ---------------

    @transaction.atomic
    def _move(self, to: str, *, by: User | None, reason: str = "", **changes: Any) -> None:
        """Go to state `to` if the row still stands where an allowed way begins; log who and why.

        Raises TransitionRefused when somebody else was faster or no such way exists.
        """
        origins = [start for start, end in TRANSITIONS if end == to]
        locked = Vacancy.objects.select_for_update(no_key=True).filter(pk=self.pk, state__in=origins)
        before = locked.values_list("state", flat=True).first()
        if before is None:
            raise TransitionRefused(_("Keadaan lowongan sudah berubah. Muat ulang halaman ini."))
        now = timezone.now()
        ended = {"ended_at": now} if to in ENDED else {}
        Vacancy.objects.filter(pk=self.pk, state=before).update(
            state=to, version=F("version") + 1, updated_at=now, **ended, **changes
        )
        VacancyLog.objects.create(vacancy=self, actor=by, from_state=before, to_state=to, reason=reason)
        self.refresh_from_db()

    def take_up(self, *, by: User) -> None:
        """A lead becomes the draft of whoever works on it, and is then checked by somebody else."""
        self._move(State.DRAFT, by=by, created_by=by)

    def submit(self, *, by: User) -> None:
        """Hand a draft to the check; what the law wants must be there."""
        if missing := self.missing_facts():
            names = ", ".join(str(fact.label) for fact in missing)
            raise TransitionRefused(_("Belum bisa dikirim ke pemeriksaan. Lengkapi: %(facts)s.") % {"facts": names})
        self._move(State.IN_CHECK, by=by)

    def send_back(self, *, by: User, reason: str) -> None:
        if not reason.strip():
            raise TransitionRefused(_("Tulis alasan pengembalian, supaya pencatat tahu apa yang diperbaiki."))
        self._move(State.DRAFT, by=by, reason=reason)

    def publish(
        self, *, by: User, confirmed_with: str, confirmed_on: date, way: str, announce_later: bool = False
    ) -> None:
        """Make it public. The person who entered it may not, unless the office has switched that rule off."""
        own = by.pk == self.created_by_id
        if not by.has_perm("canvassing.publish_vacancy"):
            raise TransitionRefused(_("Anda tidak berwenang menerbitkan lowongan."))
        if own and not Office.current().author_may_publish:
            raise TransitionRefused(_("Lowongan yang Anda catat sendiri diperiksa rekan lain."))
        if self.valid_until is None or self.valid_until < timezone.localdate():
            raise TransitionRefused(_("Tanggal “berlaku sampai” sudah lewat atau kosong. Perbaiki dulu."))
        self._move(
            State.PUBLISHED,
            by=by,
            reason=str(_("diterbitkan pencatatnya sendiri, aturan dua orang dimatikan")) if own else "",
            published_by=by,
            published_by_author=own,
            published_at=timezone.now(),
            confirmed_with=confirmed_with,
            confirmed_on=confirmed_on,
            confirmed_by_way=way,
            announce_later=announce_later,
        )

    def withdraw(self, *, by: User, reason: str) -> None:
        if not reason.strip():
            raise TransitionRefused(_("Tulis alasan penarikan."))
        self._move(State.WITHDRAWN, by=by, reason=reason)

    def fill(self, *, by: User, answer: str, female: int | None = None, male: int | None = None) -> None:
        """The employer says the vacancy is filled (Perpres 57/2023 art. 6); numbers by sex where known."""
        self._move(State.FILLED, by=by, filled_answer=answer, filled_female=female, filled_male=male)

    def expire(self) -> None:
        self._move(State.EXPIRED, by=None)

    @transaction.atomic
    def relist(self, *, by: User) -> "Vacancy":
        """A new draft with the same words after the old one has ended; it goes through the check again."""
        if not self.has_ended:
            raise TransitionRefused(_("Hanya lowongan yang sudah berakhir bisa diajukan lagi."))
        copy = Vacancy.objects.get(pk=self.pk)
        fresh = {
            "pk": None, "entry_id": uuid.uuid4(), "version": 1, "state": State.DRAFT, "created_by": by,
            "published_by": None, "published_by_author": False, "published_at": None, "ended_at": None,
            "confirmed_with": "", "confirmed_on": None, "confirmed_by_way": "", "filled_answer": "",
            "filled_female": None, "filled_male": None, "valid_until": None, "source_key": "",
            "obtained_on": timezone.localdate(), "relisted_from": self, "announce_later": False,
        }  # fmt: skip
        for name, value in fresh.items():
            setattr(copy, name, value)
        copy._state.adding = True
        copy.save()
        VacancyLog.objects.create(vacancy=copy, actor=by, to_state=State.DRAFT, reason=self.number)
        return copy


@cache
def _list_address() -> str:
    return reverse("vacancy_list")


def expire_overdue(today: date, limit: int = 500) -> int:
    """Close up to `limit` published vacancies whose last day has passed; answers how many."""
    count = 0
    for vacancy in Vacancy.objects.overdue(today)[:limit]:
        try:
            vacancy.expire()
        except TransitionRefused:  # filled or withdrawn a moment ago
            continue
        count += 1
    return count


class VacancyLog(models.Model):
    """Every change of state: who, when, from where to where, why. Never changed, never deleted."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="log")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("siapa"))
    at = models.DateTimeField(_("kapan"), auto_now_add=True)
    from_state = models.CharField(_("dari"), max_length=10, choices=State.choices, blank=True)
    to_state = models.CharField(_("menjadi"), max_length=10, choices=State.choices)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("riwayat lowongan")
        verbose_name_plural = pgettext_lazy("jamak", "riwayat lowongan")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.vacancy_id}: {self.get_from_state_display()} → {self.get_to_state_display()}"
