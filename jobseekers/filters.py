"""Filters of the list of people. Their state is the address, so no NIK is among them."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import current_office
from canvassing.models import EducationLevel, EmployerContact
from jobseekers.models import Application, JobSeeker, Referral


class JobSeekerFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Nama"), field_name="name", lookup_expr="icontains")
    register = filters.ChoiceFilter(
        label=_("Daftar aktif"), method="by_register", empty_label=_("Semua"),
        choices=[
            ("ya", _("Di daftar aktif")),
            ("tidak", _("Di luar daftar")),
            ("belum", _("Data belum lengkap")),
            ("akan-dihapus", _("Lama tanpa kabar, akan dihapus")),
        ],
    )  # fmt: skip
    education = filters.ModelChoiceFilter(
        label=_("Pendidikan"), queryset=EducationLevel.objects.all(), empty_label=_("Semua")
    )
    place = filters.ChoiceFilter(
        label=_("Tempat tinggal"), method="by_place", empty_label=_("Semua"),
        choices=[("dalam", _("Di dalam kota")), ("luar", _("Di luar kota"))],
    )  # fmt: skip

    class Meta:
        model = JobSeeker
        fields: list[str] = []

    def by_register(self, people: QuerySet[JobSeeker], name: str, value: str) -> QuerySet[JobSeeker]:
        if value == "belum":
            return people.filter(state=JobSeeker.State.DRAFT)
        if value == "akan-dihapus":
            return people.exclude(retention_notice_at=None)
        return people.filter(state=JobSeeker.State.COMPLETE, in_register=value == "ya")

    def by_place(self, people: QuerySet[JobSeeker], name: str, value: str) -> QuerySet[JobSeeker]:
        inside = Q(region_id__startswith=current_office().city_code)
        return people.filter(inside if value == "dalam" else ~inside)


class ApplicationFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Nama, pekerjaan, atau perusahaan"), method="by_words")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=Application.State.choices, empty_label=_("Semua"))
    waits = filters.ChoiceFilter(
        label=_("Yang perlu dikerjakan"), method="by_work", empty_label=_("Semua"),
        choices=[
            ("surat", _("Belum ada surat pengantar")),
            ("telepon", _("Telepon perusahaan: batas dekat, tanpa e-mail")),
            ("lewat", _("Jawaban lewat batas")),
            ("penempatan", _("Diterima, belum ditempatkan")),
        ],
    )  # fmt: skip

    class Meta:
        model = Application
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        number = value.upper().removeprefix("LK-").split("-")[-1]
        if number.isdecimal() and len(number) < 12:
            return rows.filter(vacancy=int(number))
        words = ("job_seeker__name", "vacancy__title", "vacancy__employer_name")
        found = Q()
        for field in words:
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)

    def by_work(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        today = timezone.localdate()
        if value == "surat":
            return rows.filter(state=Application.State.APPLIED).exclude(way=Application.Way.OWN)
        if value == "penempatan":
            return rows.filter(state=Application.State.ACCEPTED, placement=None)
        waiting = rows.filter(state=Application.State.REFERRED)
        if value == "lewat":
            return waiting.filter(answer_by__lt=today)
        reachable = Q(vacancy__employer__in=EmployerContact.objects.exclude(email="").values("employer"))
        return waiting.filter(~reachable, answer_by__lte=today + Referral.REMIND_BEFORE)
