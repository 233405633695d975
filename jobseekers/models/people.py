import re
import unicodedata
import uuid
from datetime import date, timedelta
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User, current_office
from accounts.roles import Role
from canvassing.models import EducationLevel, Occupation, Region, SchoolJobCentre
from canvassing.reference import reference_names
from jobseekers import nik

LANGUAGES = ["id", "ljp", "jv", "su", "en", "ar", "zh", "ja", "ko"]  # values of JobSeeker.Language
OLDEST, YOUNGEST = 80, 15  # years; 15 is the youngest age group of the IPK tables
ADULT = 18


def person_key(name: str) -> str:
    """What is left of a name when spelling habits are taken away: "Hj. Siti  Rahmadani" -> "sitirahmadani"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", re.sub(r"\b(h|hj|dr|drs|ir|sdr|sdri)\b\.?", "", plain))


def age_on(day: date, born: date) -> int:
    """Whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class JobSeekerQuerySet(models.QuerySet["JobSeeker"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The office sees everybody, a BKK officer the graduates of the own school, a job seeker the own record."""
        if isinstance(user, AnonymousUser):
            return self.none()
        if user.has_role(Role.CANVASSER, Role.MANAGER):
            return self
        if user.has_role(Role.BKK_OFFICER):
            return self.filter(school_centre__in=user.school_centres.all())
        return self.filter(user=user)

    def editable_by(self, user: User) -> Self:
        """Canvassers at the desk, BKK officers for their school while it is registered, everybody for themselves."""
        alive = self.alive()
        if user.has_role(Role.CANVASSER):
            return alive
        if user.has_role(Role.BKK_OFFICER):
            return alive.filter(school_centre__in=user.school_centres.filter(valid_until__gte=timezone.localdate()))
        return self.of(user)

    def of(self, user: User) -> Self:
        """The record of whoever is signed in: one row or none."""
        return self.alive().filter(user=user)

    def alive(self) -> Self:
        """People who are people here: neither merged into another record nor erased."""
        return self.filter(state__in=(JobSeeker.State.DRAFT, JobSeeker.State.COMPLETE))

    def complete(self) -> Self:
        return self.filter(state=JobSeeker.State.COMPLETE)

    def usable(self) -> Self:
        """Who may be matched, listed and proposed: complete, not restricted by an own request."""
        return self.complete().filter(restricted_at=None)

    def with_nik(self, number: str) -> Self:
        return self.filter(nik_index=nik.index(nik.normalize(number)))

    def look_like(self, *, name: str, birth_date: date | None, phone: str, besides: int | None = None) -> Self:
        """Who may be the same person: the same name and birth date, or the same telephone."""
        same = Q(pk__in=[])
        if birth_date and person_key(name):
            same |= Q(name_key=person_key(name), birth_date=birth_date)
        if phone:
            same |= Q(phone=phone)
        return self.alive().filter(same).exclude(pk=besides)


@pghistory.track(exclude=["nik_cipher", "nik_index"])
class JobSeeker(models.Model):
    """Somebody who looks for work. Fields: AK/I and AK/II (research/domain.md 1.4).

    The NIK is set by `set_nik` and read by `nik_masked`; the whole number leaves only through `services.reveal_nik`.
    """

    NOTICE = timedelta(days=30)  # between telling an idle person and erasing

    class State(models.TextChoices):
        DRAFT = "draft", _("Belum lengkap")
        COMPLETE = "complete", _("Lengkap")
        MERGED = "merged", _("Digabung")
        ERASED = "erased", _("Dihapus")

    class Via(models.TextChoices):
        WEB = "web", _("Daftar sendiri")
        DESK = "desk", _("Loket kantor")
        BKK = "bkk", _("BKK sekolah")

    class Sex(models.TextChoices):
        FEMALE = "female", _("Perempuan")
        MALE = "male", _("Laki-laki")

    class Marital(models.TextChoices):
        SINGLE = "single", _("Belum kawin")
        MARRIED = "married", _("Kawin")
        DIVORCED = "divorced", _("Cerai hidup")
        WIDOWED = "widowed", _("Cerai mati")

    class Religion(models.TextChoices):
        ISLAM = "islam", "Islam"
        PROTESTANT = "protestant", _("Kristen")
        CATHOLIC = "catholic", _("Katolik")
        HINDU = "hindu", "Hindu"
        BUDDHIST = "buddhist", _("Buddha")
        CONFUCIAN = "confucian", _("Konghucu")
        BELIEF = "belief", _("Kepercayaan terhadap Tuhan YME")

    class Language(models.TextChoices):
        INDONESIAN = "id", _("Indonesia")
        LAMPUNG = "ljp", _("Lampung")
        JAVANESE = "jv", _("Jawa")
        SUNDANESE = "su", _("Sunda")
        ENGLISH = "en", _("Inggris")
        ARABIC = "ar", _("Arab")
        MANDARIN = "zh", _("Mandarin")
        JAPANESE = "ja", _("Jepang")
        KOREAN = "ko", _("Korea")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # names the person in logs and seals
    version = models.PositiveIntegerField(default=1, editable=False)
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.DRAFT, editable=False)
    in_register = models.BooleanField(_("di daftar aktif"), default=False, editable=False)  # kept by RegisterEvent
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="job_seeker"
    )
    via = models.CharField(_("jalur daftar"), max_length=4, choices=Via.choices, default=Via.DESK, editable=False)
    school_centre = models.ForeignKey(
        SchoolJobCentre, models.PROTECT, null=True, blank=True, related_name="graduates", verbose_name=_("BKK")
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged_from")
    restricted_at = models.DateTimeField(_("pemrosesan dibatasi"), null=True, editable=False)

    # Who
    nik_cipher = models.BinaryField(null=True, editable=False)
    nik_index = models.BinaryField(null=True, editable=False, unique=True)
    name = models.CharField(_("nama lengkap"), max_length=120, blank=True)
    name_key = models.CharField(max_length=120, blank=True, editable=False)
    birth_place = models.CharField(_("tempat lahir"), max_length=80, blank=True)
    birth_date = models.DateField(_("tanggal lahir"), null=True, blank=True)
    sex = models.CharField(_("jenis kelamin"), max_length=6, choices=Sex.choices, blank=True)
    marital_status = models.CharField(_("status perkawinan"), max_length=8, choices=Marital.choices, blank=True)
    religion = models.CharField(_("agama"), max_length=10, choices=Religion.choices, blank=True)
    guardian_name = models.CharField(_("nama orang tua atau wali"), max_length=120, blank=True)
    siapkerja_id = models.CharField(_("nomor SIAPkerja"), max_length=40, blank=True)

    # Where
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="job_seekers", verbose_name=_("tinggal di")
    )
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    postal_code = models.CharField(_("kode pos"), max_length=5, blank=True)
    phone = models.CharField(_("telepon atau WhatsApp"), max_length=30, blank=True)
    email = models.EmailField(_("alamat e-mail"), blank=True)

    # What the person can do
    education = models.ForeignKey(
        EducationLevel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pendidikan terakhir")
    )
    field_of_study = models.CharField(_("jurusan"), max_length=120, blank=True)
    school = models.CharField(_("sekolah atau kampus"), max_length=150, blank=True)
    graduated_in = models.PositiveSmallIntegerField(_("tahun lulus"), null=True, blank=True)
    skills = ArrayField(models.CharField(max_length=60), verbose_name=_("keterampilan"), default=list, blank=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language.choices), verbose_name=_("bahasa"), default=list, blank=True
    )
    summary = models.TextField(_("tentang saya"), max_length=1000, blank=True)

    # What the person wants
    occupation = models.ForeignKey(
        Occupation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("jabatan yang dicari")
    )
    other_occupations = ArrayField(
        models.CharField(max_length=7), verbose_name=_("jabatan lain yang dicari"), default=list, blank=True
    )  # KBJI codes
    places = ArrayField(
        models.CharField(max_length=8), verbose_name=_("mau bekerja di"), default=list, blank=True
    )  # region codes; empty means anywhere
    wage_from = models.PositiveIntegerField(_("upah paling rendah"), null=True, blank=True)  # rupiah a month
    part_time = models.BooleanField(_("mau paruh waktu"), default=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )  # null: the person
    created_at = models.DateTimeField(_("mendaftar"), auto_now_add=True)
    updated_at = models.DateTimeField(_("diubah"), auto_now=True)
    active_at = models.DateTimeField(_("terakhir aktif"), default=timezone.now)  # retention counts from here
    retention_notice_at = models.DateTimeField(null=True, editable=False)
    objects = JobSeekerQuerySet.as_manager()

    # What must be known before a record is complete, in the order of the form
    REQUIRED = (
        "nik_index", "name", "birth_place", "birth_date", "sex",
        "region", "address", "phone", "education", "occupation",
    )  # fmt: skip

    class Meta:
        verbose_name = _("pencari kerja")
        verbose_name_plural = pgettext_lazy("jamak", "pencari kerja")
        permissions = [
            ("reveal_nik", "Can see a whole NIK, with a reason"),
            ("find_by_nik", "Can find a person by the whole NIK"),
            ("merge_jobseeker", "Can merge two records of one person"),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="jobseeker_newest"),
            models.Index(fields=["name_key", "birth_date"], name="jobseeker_same_name"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="jobseeker_phone"),
            models.Index(fields=["active_at"], condition=Q(state="complete"), name="jobseeker_idle"),
            GinIndex(name="jobseeker_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            nik.absent("summary", name="person_texts_without_nik"),
            models.CheckConstraint(
                condition=~Q(state="complete")
                | (
                    Q(
                        nik_index__isnull=False,
                        birth_date__isnull=False,
                        region__isnull=False,
                        education__isnull=False,
                        occupation__isnull=False,
                    )
                    & ~Q(name="") & ~Q(birth_place="") & ~Q(sex="") & ~Q(address="") & ~Q(phone="")
                ),
                name="jobseeker_complete",
                violation_error_message=_("Data diri belum lengkap."),
            ),
            models.CheckConstraint(
                condition=Q(nik_index=None, nik_cipher=None) | Q(nik_index__isnull=False, nik_cipher__isnull=False),
                name="jobseeker_nik_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="erased")
                | Q(nik_index=None, nik_cipher=None, name="", address="", phone="", email="", user=None),
                name="jobseeker_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=(Q(state="merged") & Q(merged_into__isnull=False))
                | (~Q(state="merged") & Q(merged_into=None)),
                name="jobseeker_merged_into_somebody",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="jobseeker_not_into_itself"),
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^\d{5}$"),
                name="jobseeker_postal_code",
                violation_error_message=_("Kode pos terdiri dari 5 angka."),
            ),
            models.CheckConstraint(
                condition=Q(wage_from=None) | Q(wage_from__range=(100_000, 1_000_000_000)),
                name="jobseeker_wage_sane",
                violation_error_message=_("Upah ditulis dalam rupiah penuh, misalnya 2700000."),
            ),
            models.CheckConstraint(
                condition=Q(graduated_in=None) | Q(graduated_in__range=(1950, 2100)),
                name="jobseeker_graduated_sane",
                violation_error_message=_("Tahun lulus ditulis dengan empat angka, misalnya 2024."),
            ),
            models.CheckConstraint(
                condition=Q(skills__len__lte=30), name="jobseeker_skills_limit",
                violation_error_message=_("Paling banyak 30 keterampilan."),
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=LANGUAGES), name="jobseeker_languages_known",
            ),
            models.CheckConstraint(
                condition=Q(other_occupations__len__lte=5), name="jobseeker_occupations_limit",
                violation_error_message=_("Paling banyak 5 jabatan lain."),
            ),
            models.CheckConstraint(
                condition=Q(places__len__lte=20), name="jobseeker_places_limit",
                violation_error_message=_("Paling banyak 20 tempat."),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="match",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "state", "restricted_at", "skills", "education_id", "occupation_id", "other_occupations", "places",
                    "region_id", "wage_from",
                ),
                func="PERFORM jobseekers_match_person(COALESCE(NEW.id, OLD.id)); RETURN NULL;",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or str(self.State(self.state).label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = person_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("job_seeker_detail", args=[self.pk])

    def set_nik(self, number: str) -> None:
        """Seal a NIK that `nik.check` has let through. The caller saves."""
        self.nik_cipher, self.nik_index = nik.encrypt(number, self.key), nik.index(number)

    @property
    def nik_masked(self) -> str:
        """1872********0001, or "" while none is known; all stars when no key opens it."""
        if not self.nik_cipher:
            return ""
        try:
            return nik.mask(nik.decrypt(self.nik_cipher, self.key))
        except nik.Unreadable:  # the key is gone; the rest of the record still serves
            return "*" * nik.LENGTH

    @property
    def is_resident(self) -> bool:
        """Lives in the office's own city; others are marked, never refused."""
        return bool(self.region_id) and str(self.region_id).startswith(current_office().city_code)

    @property
    def age(self) -> int | None:
        return age_on(timezone.localdate(), self.birth_date) if self.birth_date else None

    @property
    def is_minor(self) -> bool:
        return self.age is not None and self.age < ADULT

    @property
    def language_names(self) -> list[str]:
        return [str(self.Language(code).label) for code in self.languages]

    @property
    def place_names(self) -> list[str]:
        return [reference_names().place(code) for code in self.places]

    @property
    def other_occupation_names(self) -> list[str]:
        return [reference_names().occupation(code) for code in self.other_occupations]

    def missing(self) -> list[str]:
        """Names of the required fields that are still empty, in the order of the form."""
        values = {name: getattr(self, f"{name}_id", getattr(self, name)) for name in self.REQUIRED}
        gaps = [name for name, value in values.items() if value in (None, "")]
        return [*gaps, *(["guardian_name"] if self.is_minor and not self.guardian_name else [])]

    @property
    def erased_on(self) -> date | None:
        """The day on which the record goes, if nobody hears of the person until then."""
        return timezone.localdate(self.retention_notice_at + self.NOTICE) if self.retention_notice_at else None

    def touch(self) -> None:
        """A sign of life: sign-in, report, application, a talk. The time of keeping begins again."""
        JobSeeker.objects.filter(pk=self.pk).update(active_at=timezone.now(), retention_notice_at=None)

    def change_address(self, former: str, new: str) -> bool:
        """Follow the account to its new address. False when the record names another one than the former."""
        same = JobSeeker.objects.filter(pk=self.pk, email__iexact=former)
        return bool(same.update(email=new, updated_at=timezone.now()))

    def consents_to(self, purpose: str) -> bool:
        return self.consents.filter(purpose=purpose, withdrawn_at=None).exists()


class Disability(models.Model):
    """Specific personal data (UU 27/2022 art. 4): in a table of its own, with a permission of its own."""

    job_seeker = models.OneToOneField(JobSeeker, models.CASCADE, related_name="disability")
    kinds = ArrayField(models.CharField(max_length=20), verbose_name=_("ragam disabilitas"), default=list)
    needs = models.CharField(_("yang dibutuhkan di tempat kerja"), max_length=300, blank=True)

    KINDS = (
        ("physical", _("Fisik")),
        ("sight", _("Penglihatan")),
        ("hearing", _("Pendengaran atau wicara")),
        ("intellectual", _("Intelektual")),
        ("mental", _("Mental")),
    )  # UU 8/2016 art. 4

    class Meta:
        verbose_name = _("disabilitas")
        verbose_name_plural = pgettext_lazy("jamak", "disabilitas")
        constraints = [
            nik.absent("needs", name="disability_without_nik"),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=["physical", "sight", "hearing", "intellectual", "mental"]),
                name="disability_kinds_known",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(str(label) for code, label in self.KINDS if code in self.kinds)


@pghistory.track()
class Experience(models.Model):
    """One job somebody had. Years are enough: nobody remembers months."""

    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="experiences")
    position = models.CharField(_("jabatan"), max_length=120)
    employer = models.CharField(_("perusahaan"), max_length=150, blank=True)
    occupation = models.ForeignKey(Occupation, models.PROTECT, null=True, blank=True, related_name="+")
    from_year = models.PositiveSmallIntegerField(_("dari tahun"))
    to_year = models.PositiveSmallIntegerField(_("sampai tahun"), null=True, blank=True)  # null: still there
    duties = models.CharField(_("tugas"), max_length=500, blank=True)

    class Meta:
        ordering = ["-from_year", "-pk"]
        verbose_name = _("pengalaman kerja")
        verbose_name_plural = pgettext_lazy("jamak", "pengalaman kerja")
        constraints = [
            nik.absent("duties", name="experience_without_nik"),
            models.CheckConstraint(
                condition=Q(from_year__range=(1950, 2100)) & (Q(to_year=None) | Q(to_year__gte=F("from_year"))),
                name="experience_years",
                violation_error_message=_("Tahun selesai tidak bisa sebelum tahun mulai."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="match",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(  # both owners when records are merged
                    "PERFORM jobseekers_match_person(id) FROM (SELECT DISTINCT "
                    "unnest(ARRAY[OLD.job_seeker_id, NEW.job_seeker_id]) AS id) AS owners; RETURN NULL;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}, {self.employer}" if self.employer else self.position


class Consent(models.Model):
    """What somebody has agreed to, in which wording, when and how (UU 27/2022 art. 20-22). Withdrawn, not deleted."""

    class Purpose(models.TextChoices):
        SHARE = "share", _("Data dan CV dikirim ke pemberi kerja saat melamar atau dirujuk")
        MESSAGE = "message", _("Kantor menghubungi lewat e-mail atau WhatsApp")
        PHOTO = "photo", _("Foto dipakai dalam publikasi kantor")

    WORDING = "2026-11"  # raise it when the wording above changes

    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("tujuan"), max_length=7, choices=Purpose.choices)
    wording = models.CharField(_("versi naskah"), max_length=10, default=WORDING)
    given_at = models.DateTimeField(_("diberikan"), default=timezone.now)
    channel = models.CharField(_("lewat"), max_length=4, choices=JobSeeker.Via.choices)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    guardian = models.CharField(_("atas nama wali"), max_length=120, blank=True)
    evidence = models.CharField(_("bukti wali setuju"), max_length=200, blank=True)  # "surat wali 24-11-2026"
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)

    class Meta:
        ordering = ["purpose", "-given_at"]
        verbose_name = _("persetujuan")
        verbose_name_plural = pgettext_lazy("jamak", "persetujuan")
        constraints = [
            nik.absent("evidence", name="consent_without_nik"),
            models.CheckConstraint(
                condition=Q(guardian="") | ~Q(evidence=""),
                name="consent_guardian_evidenced",
                violation_error_message=_("Tulis bagaimana wali menyetujui."),
            ),
            models.UniqueConstraint(
                fields=["job_seeker", "purpose"], condition=Q(withdrawn_at=None), name="consent_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")), name="consent_withdrawn_later"
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()


class Merge(models.Model):
    """Two records of one person made one, with what is needed to take it back."""

    kept = models.ForeignKey(JobSeeker, models.CASCADE, related_name="merges")
    removed = models.ForeignKey(JobSeeker, models.CASCADE, related_name="+")
    moved = models.JSONField(default=dict)  # model label -> primary keys that changed hands
    before = models.JSONField(default=dict)  # fields of the kept record that were filled from the other
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at"]
        verbose_name = _("penggabungan")
        verbose_name_plural = pgettext_lazy("jamak", "penggabungan")
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.removed_id} → {self.kept_id}"
