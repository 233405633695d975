"""Filters of the list of people. Their state is the address, so no NIK is among them."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import current_office
from canvassing.models import EducationLevel
from jobseekers.models import JobSeeker


class JobSeekerFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Nama"), field_name="name", lookup_expr="icontains")
    register = filters.ChoiceFilter(
        label=_("Daftar aktif"), method="by_register", empty_label=_("Semua"),
        choices=[("ya", _("Di daftar aktif")), ("tidak", _("Di luar daftar")), ("belum", _("Data belum lengkap"))],
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
        return people.filter(state=JobSeeker.State.COMPLETE, in_register=value == "ya")

    def by_place(self, people: QuerySet[JobSeeker], name: str, value: str) -> QuerySet[JobSeeker]:
        inside = Q(region_id__startswith=current_office().city_code)
        return people.filter(inside if value == "dalam" else ~inside)
