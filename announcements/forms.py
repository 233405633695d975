from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from announcements import contents
from announcements.channels import CHANNELS
from announcements.models import Announcement, Draft, Letter, Posting, repeatable_vacancies, unannounced_vacancies
from announcements.models.announcements import (
    AUTOMATIC,
    LONGEST_HEADLINE,
    LONGEST_TEXT,
    MOST_PARAGRAPHS,
    USUAL,
    ChannelKey,
    Issue,
)
from canvassing.conflict import Difference, VersionedForm, compare
from canvassing.forms.fields import DATE_FORMATS, DayField, EntryForm, RupiahField, section
from canvassing.models import Vacancy
from canvassing.words import long_date
from jobseekers import nik
from jobseekers.files import made_safe
from jobseekers.forms.free_text import FreeTextField
from jobseekers.models import ChatMessage
from training.models import Cohort

LONGEST_CHOICE = 100
BY_HAND = [(key.value, key.label) for key in ChannelKey if key not in AUTOMATIC]


class VacanciesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        until = _("tutup %(date)s") % {"date": long_date(obj.valid_until)}
        words = [f"{obj.title}, {obj.employer_name}", until]
        if last := getattr(obj, "last_told", None):
            words.append(_("terakhir diumumkan %(date)s") % {"date": long_date(timezone.localdate(last))})
        return " · ".join(words)


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

    channels = forms.MultipleChoiceField(
        label=_("Keping yang dibuat"),
        choices=BY_HAND,
        initial=[key.value for key in USUAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Halaman web dan e-mail selalu ikut. Yang tidak dipilih bisa dibuat nanti."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(Vacancy.objects.none())

    def offer(self, chosen: QuerySet[Any]) -> None:
        """The longest waiting, and of the `chosen` ones (keys) those that still wait."""
        waiting = self.possible()
        oldest = Q(pk__in=waiting.values("pk")[:LONGEST_CHOICE]) | Q(pk__in=waiting.filter(pk__in=chosen).values("pk"))
        choice = waiting.filter(oldest).only("title", "employer_name", "valid_until")
        self.fields["vacancies"].queryset = choice  # type: ignore[attr-defined]

    @cached_property
    def number(self) -> int:
        """How many wait in all, also beyond the longest choice."""
        return self.possible().count()

    @staticmethod
    def possible() -> QuerySet[Vacancy]:
        """What may be chosen, the longest waiting first."""
        return unannounced_vacancies()


class ComposeForm(VersionedForm, EntryForm):
    """What somebody else approves: what it says, on which channels, when. Subclasses name their own fields."""

    content: ClassVar[str]
    said: ClassVar[tuple[str, ...]]  # fields of the section "Isi"

    channels = forms.MultipleChoiceField(
        label=_("Keping yang dibuat"),
        choices=BY_HAND,
        initial=[key.value for key in USUAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Halaman web dan e-mail selalu ikut. Yang tidak dipilih bisa dibuat nanti."),
    )
    scheduled_for = forms.SplitDateTimeField(
        label=_("Diumumkan pada"),
        required=False,
        input_date_formats=DATE_FORMATS,
        input_time_formats=["%H:%M", "%H.%M"],
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d", time_format="%H:%M", date_attrs={"type": "date"}, time_attrs={"type": "time"}
        ),
        help_text=_("Tanggal dan jam WIB. Kosong: begitu disetujui."),
        error_messages={
            "invalid_date": _("Tulis tanggal seperti 24-11-2026."),
            "invalid_time": _("Tulis jam seperti 09:30."),
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance.created_by, self.instance.content = by, self.content
        for widget, label in zip(self.fields["scheduled_for"].widget.widgets, (_("Tanggal"), _("Jam")), strict=True):
            widget.attrs["aria-label"] = label
        content = (*self.said, "channels")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            section(
                _("Isi"), _("Apa yang diumumkan, dan di mana."), *(Div(each, css_class="kk-wide") for each in content)
            ),
            section(_("Kapan"), _("Sesudah rekan lain menyetujui."), "scheduled_for", Div("note", css_class="kk-wide")),
            "entry_id",
            "version",
        )

    def compare(self) -> list[Difference]:
        stored = Draft.objects.get(pk=self.instance.pk)
        return compare(self, type(self)(instance=stored, by=stored.created_by))

    def clean_scheduled_for(self) -> Any:
        moment = self.cleaned_data["scheduled_for"]
        if moment and moment <= timezone.now():
            raise ValidationError(_("Waktu ini sudah lewat. Pilih waktu yang akan datang, atau kosongkan."))
        return moment


class DraftForm(ComposeForm, DigestForm):
    """A digest of vacancies."""

    content = Draft.Content.VACANCIES
    said: ClassVar[tuple[str, ...]] = ("title", "vacancies")

    class Meta:
        model = Draft
        fields = ["title", "vacancies", "channels", "scheduled_for", "note"]
        error_messages = {"title": {"required": _("Isi judulnya.")}}
        help_texts = {"title": _("Nama pengumuman ini di kantor, misalnya “Lowongan pabrik, minggu ke-4”.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.offer(self.instance.vacancies.values("pk"))


class ReminderForm(DraftForm):
    """Vacancies that were announced and are still open. Nobody hears of one twice unless the author says so."""

    said = ("title", "vacancies", "tell_again")

    class Meta(DraftForm.Meta):
        fields = ["title", "vacancies", "tell_again", "channels", "scheduled_for", "note"]
        labels = {"tell_again": _("Kirim lagi juga kepada yang sudah mendapatnya")}
        help_texts = {
            "title": _("Nama pengumuman ini di kantor, misalnya “Masih dibuka, minggu ke-4”."),
            "tell_again": _(
                "Kosong: hanya pelanggan yang belum mendapat kabar lowongan itu. Jumlahnya tampil sebelum diajukan."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.is_reminder = True
        field = self.fields["vacancies"]
        field.error_messages["invalid_choice"] = _(
            "Sebagian lowongan tidak terbuka lagi, atau sedang diumumkan. Pilih lagi."
        )
        if not self.number:
            field.help_text = _("Belum ada lowongan terbuka yang sudah diumumkan.")

    @staticmethod
    def possible() -> QuerySet[Vacancy]:
        return repeatable_vacancies()


class CohortField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        until = _("daftar sampai %(date)s") % {"date": long_date(obj.intake_until)}
        times = obj.told and _("sudah diumumkan")
        return " · ".join(str(part) for part in (obj, until, times) if part)


class CourseDraftForm(ComposeForm):
    """One class that takes applications. It may be told of again, as a reminder; the label says that it was."""

    content = Draft.Content.COURSE
    said = ("cohort",)

    cohort = CohortField(
        label=_("Angkatan"),
        queryset=Cohort.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih angkatannya."),
            "invalid_choice": _("Angkatan ini tidak menerima pendaftaran lagi. Pilih yang lain."),
        },
    )

    class Meta:
        model = Draft
        fields = ["cohort", "channels", "scheduled_for", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = Announcement.objects.filter(cohort=OuterRef("pk")).exclude(state=Announcement.State.CANCELLED)
        cohorts = contents.announceable_cohorts().annotate(told=Exists(told))
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
        if not cohorts.exists():
            self.fields["cohort"].help_text = _("Tidak ada angkatan yang menerima pendaftaran. Buka pendaftaran dulu.")

    def clean(self) -> Any:
        """It is called what the class is called."""
        data = super().clean()
        if cohort := self.cleaned_data.get("cohort"):
            self.instance.title = str(cohort)[: Draft._meta.get_field("title").max_length]
        return data


class NewsDraftForm(ComposeForm):
    """Free news in plain paragraphs."""

    content = Draft.Content.NEWS
    said = ("title", "text", "valid_until")

    title = forms.CharField(
        label=_("Judul"),
        max_length=LONGEST_HEADLINE,
        help_text=_("Dibaca semua orang: di e-mail, di situs, dan paling besar di poster."),
        error_messages={"required": _("Isi judulnya.")},
    )
    text = forms.CharField(
        label=_("Isi kabar"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Paling banyak 1.200 huruf, tanpa hiasan. Baris baru menjadi paragraf baru. Tanpa data pribadi."),
        error_messages={
            "required": _("Isi kabarnya."),
            "max_length": _("Terlalu panjang: paling banyak %(limit_value)s huruf, sekarang %(show_value)s."),
        },
    )
    valid_until = DayField(
        label=_("Berlaku sampai"),
        required=False,
        help_text=_("Sesudah hari ini kabarnya tidak dikirim dan tidak tampil di daftar. Kosong: tetap tampil."),
    )

    class Meta:
        model = Draft
        fields = ["title", "text", "valid_until", "channels", "scheduled_for", "note"]

    def clean_title(self) -> str:
        return self._public(self.cleaned_data["title"])

    @staticmethod
    def _public(text: str) -> str:
        if nik.is_in(text):
            raise ValidationError(_("Ada angka 16 digit seperti NIK. Hapus dulu: kabar ini dibaca semua orang."))
        return text

    def clean_text(self) -> str:
        text = self._public(self.cleaned_data["text"].strip())
        if sum(bool(line.strip()) for line in text.splitlines()) > MOST_PARAGRAPHS:
            raise ValidationError(_("Paling banyak 10 paragraf. Gabungkan beberapa baris."))
        return text

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day and day < timezone.localdate():
            raise ValidationError(_("Hari ini sudah lewat. Pilih hari yang akan datang, atau kosongkan."))
        return day

    def clean(self) -> Any:
        data = super().clean()
        moment, last = self.cleaned_data.get("scheduled_for"), self.cleaned_data.get("valid_until")
        if moment and last and timezone.localdate(moment) > last:
            self.add_error("scheduled_for", _("Saat itu kabarnya sudah tidak berlaku."))
        return data


DRAFT_FORMS: dict[str, type[ComposeForm]] = {
    **{form.content: form for form in (DraftForm, CourseDraftForm, NewsDraftForm)},
    Draft.REMINDER: ReminderForm,
}


class PostingForm(EntryForm):
    """Where and when a piece became public, and what proves it."""

    posted_at = forms.SplitDateTimeField(
        label=_("Kapan"),
        input_date_formats=DATE_FORMATS,
        input_time_formats=["%H:%M", "%H.%M"],
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d", time_format="%H:%M", date_attrs={"type": "date"}, time_attrs={"type": "time"}
        ),
        error_messages={
            "required": _("Isi tanggal dan jamnya."),
            "invalid_date": _("Tulis tanggal seperti 24-11-2026."),
            "invalid_time": _("Tulis jam seperti 09:30."),
        },
    )
    link = forms.URLField(label=_("Tautan"), max_length=500, required=False, assume_scheme="https")
    picture = forms.FileField(
        label=_("Foto atau tangkapan layar"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )

    class Meta:
        model = Posting
        fields = ["place", "posted_at", "link", "witness"]
        labels = {"place": _("Di mana")}
        error_messages = {"place": {"required": _("Isi tempatnya.")}}

    PLACES: ClassVar[dict[str, Any]] = {
        ChannelKey.BOARD: _("Papan mana, misalnya “Kantor Kecamatan Metro Timur”."),
        ChannelKey.RADIO_30: _("Stasiun dan acara, misalnya “Radio Contoh, Info Pagi”."),
        ChannelKey.RADIO_60: _("Stasiun dan acara, misalnya “Radio Contoh, Info Pagi”."),
    }

    def __init__(self, *args: Any, issue: Issue, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["posted_at"] = timezone.localtime()
        super().__init__(*args, **kwargs)
        self.instance.issue, self.instance.recorded_by = issue, by
        place = self.PLACES.get(issue.channel, _("Grup, kanal, atau akun, misalnya “Grup Info Loker 1”."))
        self.fields["place"].help_text = place
        self.fields["link"].help_text = _("Alamat kirimannya, bila ada.")
        self.fields["witness"].help_text = _("Penyiar atau petugas yang menyaksikan.")
        for widget, label in zip(self.fields["posted_at"].widget.widgets, (_("Tanggal"), _("Jam")), strict=True):
            widget.attrs["aria-label"] = label

    def clean_posted_at(self) -> Any:
        moment = self.cleaned_data["posted_at"]
        if moment > timezone.now():
            raise forms.ValidationError(_("Waktu ini belum tiba. Catat sesudah dipasang atau disiarkan."))
        return moment

    def clean_picture(self) -> None:
        """Keeps the picture, drawn anew, on the instance."""
        upload: UploadedFile | None = self.cleaned_data["picture"]
        if upload:
            self.instance.photo = made_safe(upload.read(), pictures_only=True).content


class LetterForm(forms.ModelForm):
    """What the registry and the post have done with the letter."""

    dated = DayField(label=_("Tanggal surat"))
    sent_on = DayField(label=_("Dikirim tanggal"))

    class Meta:
        model = Letter
        fields = ["number", "dated", "sent_on"]
        error_messages = {"number": {"required": _("Isi nomor surat.")}}

    def __init__(self, *args: Any, issue: Issue, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.issue, self.instance.recorded_by = issue, by

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        dated, sent = cleaned.get("dated"), cleaned.get("sent_on")
        if dated and sent and sent < dated:
            self.add_error("sent_on", _("Surat dikirim sesudah atau pada tanggal surat."))
        return cleaned


class ReceiptForm(forms.Form):
    name = forms.CharField(
        label=_("Nama dan jabatan penerima"),
        max_length=100,
        error_messages={"required": _("Tulis siapa yang menerima.")},
    )


class CorrectionForm(forms.ModelForm):
    """The facts of a published vacancy that an employer changes most, and why."""

    wage_min = RupiahField(label=_("Upah paling rendah"), required=False)
    wage_max = RupiahField(label=_("Upah paling tinggi"), required=False)
    valid_until = DayField(label=_("Berlaku sampai"), error_messages={"required": _("Isi batas melamar.")})
    reason = forms.CharField(
        label=_("Siapa yang mengabarkan, dan apa yang berubah"), max_length=300,
        error_messages={"required": _("Tulis siapa yang mengabarkan perubahan ini.")},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Vacancy
        fields = [
            "wage_min", "wage_max", "wage_not_stated", "wage_note", "valid_until", "working_hours",
            "working_conditions", "apply_to",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Tanggal ini sudah lewat. Untuk mengakhiri lowongan, tarik lowongannya."))
        return day


class ReplyForm(forms.Form):
    """An answer to somebody's message. By chat only while the service takes it."""

    answer = FreeTextField(
        label=_("Jawaban"),
        max_length=ChatMessage.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tanpa NIK dan tanpa data pribadi lain: percakapan berjalan lewat perusahaan di luar negeri."),
        error_messages={"required": _("Tulis jawabannya, atau apa yang Anda bicarakan dengan orangnya.")},
    )
    way = forms.ChoiceField(
        label=_("Cara menjawab"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih cara menjawab.")},
    )

    def __init__(self, *args: Any, message: ChatMessage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_hand = ChatMessage.Way.BY_HAND
        possible = message.chat_is_possible and CHANNELS[message.channel].is_on()
        ways = ChatMessage.Way.choices if possible else [(by_hand.value, by_hand.label)]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]
        self.fields["way"].initial = ways[0][0]
