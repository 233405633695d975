"""What applicants, assessors and trainers fill in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from canvassing.forms.fields import DayField
from jobseekers.files import made_safe
from jobseekers.forms.free_text import FreeTextField
from jobseekers.forms.referral import BareForm
from training.models import Attendance, Cohort, CompetenceCertificate, Criterion, Feedback, Outcome, Session


class ApplyForm(BareForm):
    motivation = FreeTextField(
        label=_("Mengapa ingin ikut?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Dua tiga kalimat. Dibaca saat wawancara."),
    )  # fmt: skip


class DeskApplyForm(forms.Form):
    cohort = forms.ModelChoiceField(label=_("Angkatan"), queryset=Cohort.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["cohort"]
        choices.queryset = Cohort.objects.taking_applications().select_related("course")


class FilesForm(BareForm):
    reason = FreeTextField(
        label=_("Yang kurang"),
        max_length=200,
        required=False,
        help_text=_("Wajib bila belum lengkap; pelamar membacanya."),
    )

    def __init__(self, *args: Any, refusing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = refusing
        self.fields["reason"].error_messages["required"] = _("Tulis apa yang kurang. Pelamar membacanya.")


class ScoreForm(BareForm):
    """A field for every criterion, named after its primary key."""

    note = FreeTextField(label=_("Catatan"), required=False, max_length=300)

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields.pop("note")
        for each in criteria:
            self.fields[f"c{each.pk}"] = forms.IntegerField(
                label=each.label, min_value=0, max_value=each.most,
                help_text=_("0 sampai %(most)s, bobot %(weight)s") % {"most": each.most, "weight": each.weight},
                error_messages={
                    "required": _("Isi nilai."),
                    "max_value": _("Paling tinggi %(most)s.") % {"most": each.most},
                    "min_value": _("Paling rendah 0."),
                },
            )  # fmt: skip
        self.fields["note"] = note

    @property
    def points(self) -> dict[int, int]:
        return {int(name[1:]): value for name, value in self.cleaned_data.items() if name.startswith("c")}


class RelationForm(BareForm):
    relation = forms.CharField(
        label=_("Hubungan Anda dengan pelamar"), max_length=120, help_text=_("Misalnya: keponakan, tetangga."),
        error_messages={"required": _("Tulis hubungannya.")},
    )  # fmt: skip


class LeaveForm(BareForm):
    reason = FreeTextField(
        label=_("Alasan keluar"), max_length=200, error_messages={"required": _("Tulis mengapa orang ini keluar.")}
    )


class ComplaintForm(BareForm):
    words = FreeTextField(
        label=_("Apa yang menurut Anda keliru?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tulis apa yang menurut Anda keliru.")},
    )  # fmt: skip


class ComplaintAnswerForm(BareForm):
    answer = FreeTextField(
        label=_("Jawaban untuk pelamar"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Tulis jawabannya. Pelamar membacanya.")},
    )  # fmt: skip


class SessionForm(forms.ModelForm):
    on = DayField(label=_("Tanggal"))

    class Meta:
        model = Session
        fields = ["on", "topic", "lesson_hours"]

    def _get_validation_exclusions(self) -> set[str]:
        """The cohort is not asked for, but a session that exists already is told at the form."""
        return super()._get_validation_exclusions() - {"cohort"}  # type: ignore[misc]

    def clean_on(self) -> Any:
        day, cohort = self.cleaned_data["on"], self.instance.cohort
        if not cohort.begins_on <= day <= cohort.ends_on:
            raise forms.ValidationError(_("Tanggal di luar masa angkatan ini."))
        return day


class WordForm(forms.Form):
    """One mark of an attendance list that was kept without a connection."""

    id = forms.UUIDField()
    session = forms.IntegerField()
    enrolment = forms.IntegerField()
    mark = forms.ChoiceField(choices=Attendance.Mark.choices)
    seen = forms.ChoiceField(choices=[("", ""), *Attendance.Mark.choices], required=False)
    at = forms.DateTimeField()  # ISO 8601 with its zone, as a browser writes it


class CompetenceForm(forms.ModelForm):
    issued_on = DayField(label=_("Terbit"))
    valid_until = DayField(label=_("Berlaku sampai"))

    class Meta:
        model = CompetenceCertificate
        fields = ["scheme", "body", "number", "issued_on", "valid_until"]


class OutcomeForm(BareForm):
    answer = forms.ChoiceField(
        label=_("Jawaban"), choices=[each for each in Outcome.Answer.choices if each[0] != "not_reached"],
        widget=forms.RadioSelect, error_messages={"required": _("Pilih satu jawaban.")},
    )  # fmt: skip
    employer_name = forms.CharField(label=_("Bekerja di"), required=False, max_length=120)
    business_name = forms.CharField(label=_("Nama usaha"), required=False, max_length=120)
    business_sector = forms.CharField(
        label=_("Bidang usaha"), required=False, max_length=80, help_text=_("Misalnya: desain kaus, warung, servis.")
    )
    business_photo = forms.FileField(
        label=_("Foto usaha"), required=False, help_text=_("JPEG atau PNG, paling besar 5 MB. Hanya dilihat petugas."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )  # fmt: skip

    def clean_business_photo(self) -> bytes | None:
        """Drawn anew; left unread where the answer is another one."""
        upload: UploadedFile | None = self.cleaned_data["business_photo"]
        if upload is None or self.cleaned_data.get("answer") != Outcome.Answer.BUSINESS:
            return None
        return made_safe(upload.read(), pictures_only=True).content


class FeedbackForm(forms.ModelForm):
    class Meta:
        model = Feedback
        fields = ["content", "teaching", "facilities", "words"]
        field_classes = {"words": FreeTextField}
        widgets = dict.fromkeys(
            ("content", "teaching", "facilities"), forms.RadioSelect(choices=[(n, str(n)) for n in range(1, 6)])
        ) | {"words": forms.Textarea(attrs={"rows": 3})}
        help_texts = dict.fromkeys(("content", "teaching", "facilities"), _("1 kurang, 5 sangat baik"))
