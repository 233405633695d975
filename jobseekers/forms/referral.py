"""What staff, job seekers and employers fill in about applications, appointments, lists and placements."""

from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.forms.fields import DATE_FORMATS, DayField, EntryForm, RegionChoiceField, section
from canvassing.models import Employer, Vacancy
from canvassing.models.employers import name_key
from jobseekers.forms.free_text import FreeTextField
from jobseekers.models import (
    Application,
    Appointment,
    FollowUp,
    OutcomeReason,
    Placement,
    ReferralSettings,
    TalentList,
)


class BareForm(forms.Form):
    """Fields only; the page has the form tag and the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class ApplyForm(BareForm):
    """To the office with an optional message; the consent is asked here when it has not been given."""

    message = FreeTextField(
        label=_("Pesan untuk perusahaan"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Misalnya kapan bisa mulai bekerja."),
    )  # fmt: skip
    share = forms.BooleanField(
        label=_("Saya setuju nama, pendidikan, dan keterampilan saya dikirim ke perusahaan ini."),
        error_messages={"required": _("Tanpa persetujuan ini kantor tidak bisa memperkenalkan Anda. Centang dulu.")},
    )
    evidence = FreeTextField(
        label=_("Bukti wali setuju"), max_length=200,
        help_text=_("Umur Anda di bawah 18 tahun, jadi wali ikut menyetujui. Misalnya: ibu membaca ini bersama saya."),
        error_messages={"required": _("Di bawah 18 tahun, wali yang menyetujui. Tulis bagaimana wali menyetujui.")},
    )  # fmt: skip

    def __init__(self, *args: Any, asks_consent: bool, of_minor: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_consent:
            del self.fields["share"]
        if not (asks_consent and of_minor):
            del self.fields["evidence"]


class ReasonForm(BareForm):
    """Why somebody was not accepted, coded, with a note for the office."""

    reason = forms.ModelChoiceField(
        label=_("Alasan"), queryset=OutcomeReason.objects.filter(is_current=True), empty_label=_("Pilih alasan"),
        error_messages={"required": _("Pilih alasan. Pelamar membacanya dengan kata yang mudah.")},
    )  # fmt: skip
    note = FreeTextField(label=_("Catatan kantor"), required=False, max_length=300)


class LetterForm(BareForm):
    """Whom the letter names, to whom it goes and until when an answer is awaited."""

    to = forms.CharField(label=_("Kepada"), max_length=200, error_messages={"required": _("Tulis kepada siapa.")})
    answer_by = DayField(label=_("Jawaban ditunggu sampai"))
    note = FreeTextField(
        label=_("Tambahan di surat"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    applications = forms.TypedMultipleChoiceField(
        label=_("Yang dirujuk"), coerce=int, widget=forms.MultipleHiddenInput,
        error_messages={"required": _("Pilih paling sedikit satu orang.")},
    )  # fmt: skip

    def __init__(self, *args: Any, allowed: list[int], to: str, **kwargs: Any) -> None:
        days = ReferralSettings.current().answer_days
        kwargs["initial"] = {"to": to, "answer_by": timezone.localdate() + timedelta(days=days)}
        super().__init__(*args, **kwargs)
        self.fields["applications"].choices = [(pk, pk) for pk in allowed]  # type: ignore[attr-defined]

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Pilih hari sesudah hari ini."))
        return day


class EmployerAnswerForm(BareForm):
    """One person's answer on the employer's page; nothing chosen means no answer yet."""

    answer = forms.ChoiceField(
        label=_("Jawaban"), required=False, widget=forms.RadioSelect,
        choices=[
            ("", _("Belum ada jawaban")),
            (Application.State.INVITED, _("Dipanggil wawancara")),
            (Application.State.ACCEPTED, pgettext_lazy("lamaran", "Diterima")),
            (Application.State.REJECTED, _("Belum cocok")),
        ],
    )  # fmt: skip
    reason = forms.ModelChoiceField(
        label=_("Alasan, bila belum cocok"), required=False, empty_label=_("Pilih alasan"),
        queryset=OutcomeReason.objects.filter(is_current=True).exclude(pk__in=("no-answer", "missed-interview")),
    )  # fmt: skip
    note = FreeTextField(
        label=_("Keterangan"), required=False, max_length=200, help_text=_("Misalnya hari, jam, dan tempat wawancara.")
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, prefix=str(application.pk), **kwargs)
        self.application = application
        if application.state == Application.State.INVITED:
            choices: list[Any] = self.fields["answer"].choices  # type: ignore[attr-defined]
            self.fields["answer"].choices = [each for each in choices if each[0] != Application.State.INVITED]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") == Application.State.REJECTED and not cleaned.get("reason"):
            self.add_error("reason", _("Pilih alasan. Pelamar membacanya dengan kata yang mudah."))
        return cleaned


class AppointmentForm(EntryForm):
    begins_at = forms.SplitDateTimeField(
        label=_("Waktu"),
        input_date_formats=DATE_FORMATS,
        input_time_formats=["%H:%M", "%H.%M"],
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d", time_format="%H:%M", date_attrs={"type": "date"}, time_attrs={"type": "time"}
        ),
        error_messages={"invalid_time": _("Tulis jam seperti 09:30.")},
    )

    class Meta:
        model = Appointment
        fields = ["begins_at", "minutes", "place", "officer", "note"]
        field_classes = {"note": FreeTextField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for widget, label in zip(self.fields["begins_at"].widget.widgets, (_("Tanggal"), _("Jam")), strict=True):
            widget.attrs["aria-label"] = label
        officers: Any = self.fields["officer"]
        officers.label = _("Petugas")
        officers.queryset = User.objects.filter(is_active=True, groups__name=Role.CANVASSER).distinct()
        officers.empty_label = _("Tanpa petugas")
        officers.required = self.instance.kind == Appointment.Kind.COUNSELLING
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "entry_id",
            section(_("1. Waktu"), _("Jam yang bentrok ditolak."), "begins_at", "minutes"),
            section(_("2. Tempat"), _("Orangnya membaca ini di e-mail."), "place", "officer", Div("note")),
        )

    def clean_begins_at(self) -> Any:
        moment = self.cleaned_data["begins_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("Waktu itu sudah lewat. Pilih waktu yang akan datang."))
        return moment


class OutcomeForm(BareForm):
    state = forms.ChoiceField(choices=[each for each in Appointment.State.choices if each[0] != "planned"])


class TalentListForm(EntryForm):
    class Meta:
        model = TalentList
        fields = ["name", "employer", "vacancy"]
        error_messages = {"name": {"required": _("Tulis nama daftar, misalnya “Penjahit siap kerja”.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].empty_label = _("Tidak untuk satu perusahaan")  # type: ignore[attr-defined]
        vacancies: Any = self.fields["vacancy"]
        vacancies.queryset = Vacancy.objects.open().defer("search").order_by("title", "pk")
        vacancies.empty_label = _("Tidak, diisi petugas")
        self.helper = FormHelper()
        self.helper.form_tag = False


class TalentEntryForm(forms.Form):
    talent_list = forms.ModelChoiceField(label=_("Daftar bakat"), queryset=TalentList.objects.all())


class PlacementForm(EntryForm):
    """Somebody has begun to work. The employer is written by its name, as in the form of a vacancy."""

    employer_name = forms.CharField(
        label=_("Pemberi kerja"), max_length=150, help_text=_("Seperti di daftar perusahaan."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Tulis nama pemberi kerja.")},
    )  # fmt: skip
    started_on = DayField(label=_("Mulai bekerja"))
    region = RegionChoiceField(label=_("Wilayah kerja"))

    class Meta:
        model = Placement
        fields = ["employer_name", "position", "started_on", "region"]
        error_messages = {"position": {"required": _("Tulis pekerjaannya.")}}

    def __init__(self, *args: Any, by: User, vacancy: Vacancy | None = None, **kwargs: Any) -> None:
        self.by, self.vacancy = by, vacancy
        if vacancy is not None:
            kwargs["initial"] = {
                "employer_name": vacancy.employer_name, "position": vacancy.title, "region": vacancy.region_id,
                "started_on": timezone.localdate(),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["employer_name"].disabled = vacancy is not None
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "entry_id",
            section(_("1. Pekerjaan"), _("Di mana dan sebagai apa."), "employer_name", "position"),
            section(_("2. Mulai"), _("Wilayah menentukan AKL, AKAD, atau AKAN."), "started_on", "region"),
        )

    def clean_employer_name(self) -> str:
        """Keeps the employer on the instance: the vacancy's, or the one of that name."""
        name = self.cleaned_data["employer_name"]
        if self.vacancy is not None:
            self.instance.employer, self.instance.vacancy = self.vacancy.employer, self.vacancy
            return name
        found = list(Employer.objects.visible_to(self.by).filter(name_key=name_key(name))[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("Ada beberapa perusahaan bernama begitu. Tulis nama lengkapnya.") if found
                else _("Perusahaan ini belum tercatat. Catat dulu di daftar perusahaan, lalu kembali ke sini.")
            )  # fmt: skip
        self.instance.employer = found[0]
        return name


class FollowUpForm(BareForm):
    answer = forms.ChoiceField(
        label=_("Jawaban"), choices=[each for each in FollowUp.Answer.choices if each[0] != "not_reached"]
    )
