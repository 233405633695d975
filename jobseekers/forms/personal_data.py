from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jobseekers.forms.free_text import FreeTextField
from jobseekers.models import DataRequest, JobSeeker

WORDS = forms.Textarea(attrs={"rows": 4})


class CorrectionForm(forms.Form):
    words = FreeTextField(
        label=_("Apa yang salah, dan seharusnya apa?"),
        max_length=1000,
        widget=WORDS,
        help_text=_("Jangan tulis NIK di sini. Petugas mencocokkannya dengan KTP Anda."),
        error_messages={"required": _("Tulis apa yang salah dan seharusnya apa.")},
    )


class ErasureForm(forms.Form):
    words = FreeTextField(label=_("Alasan"), max_length=1000, widget=WORDS, required=False)
    alerts = forms.BooleanField(label=_("Hapus juga langganan kabar lowongan saya"), required=False)
    sure = forms.BooleanField(
        label=_("Saya mengerti data dan akun saya tidak bisa dikembalikan."),
        error_messages={"required": _("Centang bila Anda yakin. Data tidak bisa dikembalikan.")},
    )


class DeskRequestForm(forms.ModelForm):
    """A person asks at the desk or by telephone; an officer writes it down."""

    class Meta:
        model = DataRequest
        fields = ["kind", "words", "erase_alerts"]
        field_classes = {"words": FreeTextField}
        widgets = {"words": WORDS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Pilih permintaan")), *DataRequest.Kind.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        explains = cleaned.get("kind") in (DataRequest.Kind.CORRECTION, DataRequest.Kind.WITHDRAWAL)
        if explains and cleaned.get("words") == "":  # absent where it has an error of its own
            self.add_error("words", _("Tulis apa yang diminta."))
        return cleaned


class AnswerForm(forms.Form):
    """Done or refused; a refusal tells why, in the words of the law where it can."""

    answer = FreeTextField(
        label=_("Jawaban untuk orangnya"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Wajib bila ditolak. Misalnya: penempatan sedang berjalan (UU 27/2022 pasal 15)."),
    )

    def __init__(self, *args: Any, refusing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = refusing
        self.fields["answer"].error_messages["required"] = _("Tulis alasan penolakan. Orangnya membacanya.")


class GuardianForm(forms.Form):
    """Who agrees for somebody under 18, and how the office knows."""

    guardian = forms.CharField(
        label=_("Nama orang tua atau wali"),
        max_length=120,
        error_messages={"required": _("Di bawah 18 tahun, orang tua atau wali yang menyetujui. Tulis namanya.")},
    )
    evidence = FreeTextField(
        label=_("Bukti wali setuju"),
        max_length=200,
        help_text=_("Misalnya: wali ikut hadir, atau surat tertanggal 24 November 2026."),
        error_messages={"required": _("Tulis bagaimana wali menyetujui.")},
    )


def guardian_form(person: JobSeeker, data: Any = None) -> GuardianForm | None:
    """None for adults."""
    return GuardianForm(data, initial={"guardian": person.guardian_name}) if person.is_minor else None
