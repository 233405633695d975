from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from announcements.models import unannounced_vacancies
from canvassing.models import Vacancy
from canvassing.words import long_date

LONGEST_CHOICE = 100


class VacanciesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        until = _("tutup %(date)s") % {"date": long_date(obj.valid_until)}
        return f"{obj.title}, {obj.employer_name} · {until}"


class DigestForm(forms.Form):
    """Which published, not yet announced vacancies go out together."""

    vacancies = VacanciesField(
        label=_("Lowongan"),
        queryset=Vacancy.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Pilih paling sedikit satu lowongan."),
            "invalid_choice": _("Sebagian lowongan sudah diumumkan atau tidak terbuka lagi. Pilih lagi."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        oldest = unannounced_vacancies().values("pk")[:LONGEST_CHOICE]
        choice = Vacancy.objects.filter(pk__in=oldest).only("title", "employer_name", "valid_until")
        self.fields["vacancies"].queryset = choice.order_by("published_at", "pk")  # type: ignore[attr-defined]

    @cached_property
    def number(self) -> int:
        """How many wait in all, also beyond the longest choice."""
        return unannounced_vacancies().count()
