import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobseekers.forms.free_text import FreeTextField
from jobseekers.models import DocumentKind, PeriodicReport, RegistrationCard


class IssueForm(forms.Form):
    """The originals that the officer has seen just now; drawn by hand as a checklist."""

    seen = forms.ModelMultipleChoiceField(queryset=DocumentKind.objects.filter(is_current=True), required=False)


class RefusalForm(forms.Form):
    reason = FreeTextField(
        label=_("Alasan, seperti yang dibaca pencari kerja"),
        help_text=_(
            "Sebut apa yang kurang dan apa yang harus dibawa, misalnya “Foto tidak jelas, bawa foto 3 × 4 baru”."
        ),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis alasan penolakan, supaya pencari kerja tahu apa yang harus dilakukan.")},
    )


class ReportForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Jawaban pemegang kartu"),
        choices=PeriodicReport.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih satu jawaban."), "invalid_choice": _("Pilih satu jawaban.")},
    )


class CardFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Nama"), field_name="job_seeker__name", lookup_expr="icontains")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=RegistrationCard.State.choices, empty_label=_("Semua"))
    due = filters.ChoiceFilter(
        label=_("Perlu dilihat"), method="by_due", empty_label=_("Semua"),
        choices=[("lapor", _("Terlambat lapor")), ("habis", _("Habis dalam 30 hari"))],
    )  # fmt: skip

    class Meta:
        model = RegistrationCard
        fields: list[str] = []

    def by_due(self, cards: QuerySet[RegistrationCard], name: str, value: str) -> QuerySet[RegistrationCard]:
        today = timezone.localdate()
        return cards.late(today) if value == "lapor" else cards.ending(today)  # type: ignore[attr-defined]
