"""Filters of the staff lists. Their state is the address, so a filtered list can be bookmarked."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import current_office
from canvassing.models import Employer, Industry, Vacancy, Visit
from canvassing.search import TypedQuery


class TickFilter(filters.Filter):
    """A box to tick: not ticked is not a filter, where the package's own knows yes, no and nothing."""

    field_class = forms.BooleanField


class EmployerFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Nama"), field_name="name", lookup_expr="icontains")
    industry = filters.ModelChoiceFilter(
        label=_("Lapangan usaha"), queryset=Industry.objects.groups(), empty_label=_("Semua")
    )
    place = filters.ChoiceFilter(
        label=_("Tempat"),
        choices=[("dalam", _("Di dalam kota")), ("luar", _("Di luar kota"))],
        method="by_place",
        empty_label=_("Semua"),
    )

    class Meta:
        model = Employer
        fields: list[str] = []

    def by_place(self, employers: QuerySet[Employer], name: str, value: str) -> QuerySet[Employer]:
        inside = Q(region_id__startswith=current_office().city_code)
        return employers.filter(inside if value == "dalam" else ~inside)


class VisitFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=pgettext_lazy("satu", "Perusahaan"), field_name="employer__name", lookup_expr="icontains"
    )
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=Visit.State.choices, empty_label=_("Semua"))
    mine = TickFilter(label=_("Hanya kunjungan saya"), method="only_mine")

    class Meta:
        model = Visit
        fields: list[str] = []

    def only_mine(self, visits: QuerySet[Visit], name: str, value: Any) -> QuerySet[Visit]:
        return visits.filter(officer=self.request.user) if value else visits


class VacancyFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Kata kunci"), method="by_words")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=Vacancy.State.choices, empty_label=_("Semua"))
    source = filters.ChoiceFilter(label=_("Sumber"), choices=Vacancy.Source.choices, empty_label=_("Semua"))

    class Meta:
        model = Vacancy
        fields: list[str] = []

    def by_words(self, vacancies: QuerySet[Vacancy], name: str, value: str) -> QuerySet[Vacancy]:
        """Two partial indexes hold the words: one for open vacancies, one for the rest; each is asked by name."""
        words = Q(search=TypedQuery(value[:100]))
        published = Q(state=Vacancy.State.PUBLISHED)
        return vacancies.filter((words & published) | (words & ~published))
