from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from canvassing.forms.fields import DayField
from canvassing.models import Vacancy


class ReviewForm(forms.ModelForm):
    """What a second person vouches for before a vacancy goes public."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    confirmed_on = DayField(label=_("Tanggal"), initial=timezone.localdate)
    employer_agrees = forms.BooleanField(
        label=_("Perusahaan dihubungi dan membenarkan lowongan ini"),
        error_messages={"required": _("Hubungi perusahaan dulu, lalu centang.")},
    )
    no_fraud = forms.BooleanField(
        label=_("Tidak ada pungutan atau tanda penipuan"),
        error_messages={
            "required": _("Periksa dulu tanda penipuan, lalu centang. Bila ada, kembalikan dengan alasan.")
        },
    )
    announce_later = forms.BooleanField(label=_("Umumkan nanti bersama lowongan lain"), required=False)

    class Meta:
        model = Vacancy
        fields = ["confirmed_with", "confirmed_by_way", "confirmed_on"]
        help_texts = {
            "confirmed_with": _("Tampil di halaman lowongan. Tulis jabatan atau bagiannya, tanpa nomor telepon.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.initial["confirmed_on"] = self.instance.confirmed_on or timezone.localdate()
        self.fields["confirmed_with"].required = self.fields["confirmed_by_way"].required = True
        self.fields["confirmed_with"].error_messages["required"] = _(
            "Tulis siapa yang membenarkan, misalnya “Bu Lina, bagian umum”."
        )
        self.fields["confirmed_by_way"].error_messages["required"] = _("Pilih cara memastikan.")
        ways = [("", _("Pilih cara")), *Vacancy.Confirmed.choices]
        self.fields["confirmed_by_way"].choices = ways  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_confirmed_on(self) -> Any:
        day = self.cleaned_data["confirmed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Tanggal ini belum tiba."))
        return day

    def _post_clean(self) -> None:
        """Nothing is written to the instance here: publishing does that, and only if the version still matches."""


class ReasonForm(forms.Form):
    """Why a vacancy is sent back or withdrawn."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis alasannya, supaya rekan Anda tahu apa yang diperbaiki.")},
    )


class EndForm(forms.Form):
    """The employer's answer to "filled?". Unknown is an answer of its own."""

    answer = forms.ChoiceField(
        label=_("Apa jawab pemberi kerja?"), choices=Vacancy.FilledAnswer.choices, widget=forms.RadioSelect
    )
    female = forms.IntegerField(label=_("Perempuan yang diterima"), min_value=0, max_value=9999, required=False)
    male = forms.IntegerField(label=_("Laki-laki yang diterima"), min_value=0, max_value=9999, required=False)
