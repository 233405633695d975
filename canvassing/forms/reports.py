from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.bots import BotTrap
from canvassing.forms.fields import EntryForm
from canvassing.models import VacancyReport


class ReportForm(BotTrap, EntryForm):
    """What is wrong with a published vacancy, from anybody."""

    reason = forms.ChoiceField(
        label=_("Apa yang salah?"),
        choices=VacancyReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih apa yang salah.")},
    )

    class Meta:
        model = VacancyReport
        fields = ["reason", "text", "contact"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": _("Siapa yang meminta apa, kapan, lewat nomor mana."),
            "contact": _("Hanya bila kami boleh bertanya kepada Anda. Tidak diberikan kepada perusahaan."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reason") == VacancyReport.Reason.OTHER and not cleaned.get("text"):
            self.add_error("text", _("Ceritakan apa yang salah."))
        return cleaned


class FindingForm(forms.Form):
    """Why a reported vacancy stays public."""

    finding = forms.CharField(
        label=_("Hasil pemeriksaan"),
        max_length=300,
        help_text=_("Misalnya: perusahaan dihubungi, tidak ada pungutan."),
        error_messages={"required": _("Tulis hasil pemeriksaan.")},
    )
