from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from canvassing.forms.fields import DATE_FORMATS, DayField, EntryForm, section
from canvassing.models import Visit


class VisitForm(EntryForm):
    """Plan a visit, or record one that took place: with a result it is closed, without one it stays planned."""

    planned_for = forms.SplitDateTimeField(
        label=_("Rencana"),
        input_date_formats=DATE_FORMATS,
        input_time_formats=["%H:%M", "%H.%M"],
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
        ),
        error_messages={"invalid_time": _("Tulis jam seperti 09:30.")},
    )
    visited_on = DayField(label=_("Tanggal kunjungan"), required=False)
    next_step_on = DayField(label=_("Tanggal langkah berikut"), required=False)

    class Meta:
        model = Visit
        fields = [
            "planned_for", "purpose", "visited_on", "person_met", "outcome", "report", "next_step", "next_step_on",
        ]  # fmt: skip
        widgets = {"report": forms.Textarea(attrs={"rows": 3})}

    RESULT = ("person_met", "visited_on", "outcome", "next_step", "next_step_on")
    MISSING = {
        "person_met": _("Tulis siapa yang ditemui, misalnya “Bu Lina, bagian umum”."),
        "visited_on": _("Isi tanggal kunjungan."),
        "outcome": _("Pilih hasil kunjungan."),
        "next_step": _("Tulis langkah berikut, misalnya “telepon lagi untuk jam kerja”."),
        "next_step_on": _("Isi kapan langkah berikut dikerjakan."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = (_("Tanggal rencana"), _("Jam rencana"))
        for widget, label in zip(self.fields["planned_for"].widget.widgets, labels, strict=True):
            widget.attrs["aria-label"] = label
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "entry_id",
            section(_("1. Rencana"), _("Kapan dan untuk apa."), "planned_for", "purpose"),
            section(
                _("2. Hasil"),
                _("Isi sesudah kunjungan. Kosongkan semua bila baru direncanakan."),
                "visited_on", "person_met", "outcome", "report",
            ),
            section(
                _("3. Langkah berikut"), _("Muncul di halaman Hari ini pada tanggalnya."), "next_step", "next_step_on"
            ),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = [name for name in (*self.RESULT, "report") if cleaned.get(name)]
        if told or self.instance.is_done:
            for name in self.RESULT:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.MISSING[name])
            self.instance.state = Visit.State.DONE
        visited, following = cleaned.get("visited_on"), cleaned.get("next_step_on")
        if visited and visited > timezone.localdate():
            self.add_error("visited_on", _("Tanggal kunjungan belum tiba. Untuk rencana, kosongkan bagian hasil."))
        if visited and following and following < visited:
            self.add_error("next_step_on", _("Langkah berikut tidak bisa sebelum kunjungan."))
        return cleaned
