"""The record of a person as forms: in steps on a phone, in one screen at the desk."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from canvassing.conflict import claim
from canvassing.facets import place_choices
from canvassing.forms.fields import DayField, EntryForm, RegionChoiceField, RupiahField, section
from canvassing.models import EducationLevel, Occupation, Region, SchoolJobCentre
from canvassing.phones import PhoneField
from canvassing.search import ELSEWHERE
from jobseekers import nik
from jobseekers.forms.free_text import FreeTextField
from jobseekers.models import Consent, Disability, Experience, JobSeeker
from jobseekers.models.people import ADULT, OLDEST, YOUNGEST, age_on


class NikField(forms.CharField):
    """A NIK as people write it. Cleans to 16 digits, or "" where it may stay empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "NIK")
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        number = nik.normalize(super().clean(value))
        if number:
            nik.check(number)
        return number


class SkillsField(forms.CharField):
    """Skills separated by commas or lines. Cleans to a list without repeats, whatever their capitals."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Keterampilan"))
        kwargs.setdefault("help_text", _("Pisahkan dengan koma, misalnya: kasir, Microsoft Excel, SIM A."))
        kwargs.setdefault("required", False)
        super().__init__(max_length=1500, **kwargs)

    def clean(self, value: Any) -> list[str]:
        typed = super().clean(value).replace("\n", ",").replace(";", ",").split(",")
        words = {" ".join(each.split()).casefold(): " ".join(each.split()) for each in reversed(typed)}
        skills = [word for word in reversed(words.values()) if word]
        if any(re.search(r"\d{6}", skill) for skill in skills):
            raise forms.ValidationError(_("Tulis keterampilan dengan kata, tanpa nomor pribadi."))
        if any(len(skill) > 60 for skill in skills):
            raise forms.ValidationError(_("Satu keterampilan paling panjang 60 huruf. Pisahkan dengan koma."))
        if len(skills) > 30:
            raise forms.ValidationError(_("Paling banyak 30 keterampilan."))
        return skills

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class PersonForm(EntryForm):
    """Any part of the record. A part that a subclass does not name is left alone.

    Whoever fills it in for somebody else (`by` is staff) may leave the NIK empty to keep the one that is known.
    """

    nik = NikField(help_text=_("16 angka pada KTP atau kartu keluarga. Kami simpan tersandi."))
    birth_date = DayField(label=_("Tanggal lahir"))
    region = RegionChoiceField(label=_("Tinggal di"))
    phone = PhoneField(label=_("Telepon atau WhatsApp"))
    skills = SkillsField()
    languages = forms.MultipleChoiceField(
        label=_("Bahasa"), choices=JobSeeker.Language.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    other_occupations = forms.MultipleChoiceField(
        label=_("Jabatan lain yang dicari"), required=False, help_text=_("Paling banyak lima."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    places = forms.MultipleChoiceField(
        label=_("Mau bekerja di"), required=False, help_text=_("Kosongkan bila di mana saja."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    wage_from = RupiahField(label=_("Upah paling rendah sebulan"), required=False)

    # Fields that the record needs, and what to say when they are empty
    NEEDED = {
        "nik": _("Isi NIK, 16 angka pada KTP."),
        "name": _("Isi nama lengkap seperti pada KTP."),
        "birth_place": _("Isi tempat lahir."),
        "birth_date": _("Isi tanggal lahir."),
        "sex": _("Pilih jenis kelamin."),
        "region": _("Pilih kelurahan atau kota tempat tinggal."),
        "address": _("Isi alamat: jalan, nomor, RT dan RW."),
        "phone": _("Isi nomor telepon, supaya kantor bisa menghubungi."),
        "education": _("Pilih pendidikan terakhir."),
        "occupation": _("Pilih jabatan yang dicari."),
    }

    class Meta:
        model = JobSeeker
        fields = [
            "nik", "name", "birth_place", "birth_date", "sex", "marital_status", "religion", "guardian_name",
            "region", "address", "postal_code", "phone", "email",
            "education", "field_of_study", "school", "graduated_in", "skills", "languages", "summary",
            "occupation", "other_occupations", "places", "wage_from", "part_time",
            "school_centre", "siapkerja_id",
        ]  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "sex": forms.RadioSelect,
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
        }
        field_classes = {"summary": FreeTextField}
        help_texts = {
            "name": _("Seperti pada KTP."),
            "guardian_name": _("Wajib bila umur di bawah 18 tahun."),
            "summary": _("Dua tiga kalimat untuk CV: apa yang Anda bisa dan cari."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        fields: dict[str, Any] = self.fields
        for name in fields.keys() & self.NEEDED.keys():
            fields[name].required = True
            fields[name].error_messages["required"] = self.NEEDED[name]
        if "nik" in fields and self.instance.nik_cipher:
            fields["nik"].required = False
            fields["nik"].help_text = _("Tercatat %(nik)s. Kosongkan bila tetap.") % {"nik": self.instance.nik_masked}
        occupations = Occupation.objects.filter(code__length__gt=1)
        if "sex" in fields:
            fields["sex"].choices = JobSeeker.Sex.choices
        if "education" in fields:
            fields["education"].queryset = EducationLevel.objects.all()
            fields["education"].empty_label = _("Pilih pendidikan")
        if "occupation" in fields:
            fields["occupation"].queryset = occupations
            fields["occupation"].empty_label = _("Pilih jabatan")
        if "other_occupations" in fields:
            fields["other_occupations"].choices = [(each.code, str(each)) for each in occupations]
        if "places" in fields:
            fields["places"].choices = [pair for pair in place_choices() if pair[0] != ELSEWHERE]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        age = age_on(timezone.localdate(), born)
        if not YOUNGEST <= age <= OLDEST:
            raise forms.ValidationError(
                _("Pendaftaran untuk umur %(youngest)d sampai %(oldest)d tahun. Periksa tahunnya.")
                % {"youngest": YOUNGEST, "oldest": OLDEST}
            )
        return born

    def clean_other_occupations(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["other_occupations"]
        if len(chosen) > 5:
            raise forms.ValidationError(_("Paling banyak 5 jabatan lain."))
        return chosen

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if number := cleaned.get("nik"):
            if JobSeeker.objects.with_nik(number).exclude(pk=self.instance.pk).exists():
                self.add_error("nik", self.known_nik())
            else:
                self.instance.set_nik(number)
        born = cleaned.get("birth_date")
        if born and age_on(timezone.localdate(), born) < ADULT and not cleaned.get("guardian_name"):
            self.add_error("guardian_name", _("Untuk umur di bawah 18 tahun, tulis nama orang tua atau wali."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if not self.instance._state.adding:
            self.take_version()
        return super().save(commit)

    def take_version(self) -> None:
        """Whoever has the record open in another form is told."""
        self.instance.version += 1

    def save_person(self, then: Callable[[Any], object] = lambda saved: None) -> JobSeeker | None:
        """As `save_once`; None, with the error at its field, when another record took this NIK a moment ago."""
        try:
            return self.save_once(then)
        except IntegrityError:
            number = self.cleaned_data.get("nik")
            if not number or not JobSeeker.objects.with_nik(number).exists():
                raise
            self.add_error("nik", self.known_nik())
            return None

    def known_nik(self) -> Any:
        return _("NIK ini sudah tercatat. Datang atau telepon ke kantor dengan KTP; kami sambungkan datanya.")

    def nik_warnings(self) -> list[str]:
        """What does not fit between the NIK and the rest of this form, in words."""
        data = self.cleaned_data
        if not data.get("nik"):
            return []
        provinces = set(Region.objects.filter(code__length=2).values_list("code", flat=True))
        sex = data.get("sex")
        found = nik.warnings(
            data["nik"],
            born=data.get("birth_date"),
            is_female=sex == JobSeeker.Sex.FEMALE if sex else None,
            provinces=provinces,
        )
        return [str(each) for each in found]


class IdentityForm(PersonForm):
    class Meta(PersonForm.Meta):
        fields = ["nik", "name", "birth_place", "birth_date", "sex", "marital_status", "religion", "guardian_name"]

    region = phone = skills = languages = other_occupations = places = wage_from = None  # type: ignore[assignment]


class AddressForm(PersonForm):
    class Meta(PersonForm.Meta):
        fields = ["region", "address", "postal_code", "phone", "email"]

    nik = birth_date = skills = languages = other_occupations = places = wage_from = None  # type: ignore[assignment]


class EducationForm(PersonForm):
    class Meta(PersonForm.Meta):
        fields = ["education", "field_of_study", "school", "graduated_in", "skills", "languages", "summary"]

    nik = birth_date = region = phone = other_occupations = places = wage_from = None  # type: ignore[assignment]


class WishForm(PersonForm):
    class Meta(PersonForm.Meta):
        fields = ["occupation", "other_occupations", "places", "wage_from", "part_time"]

    nik = birth_date = region = phone = skills = languages = None  # type: ignore[assignment]


class ExperienceForm(forms.ModelForm):
    class Meta:
        model = Experience
        fields = ["position", "employer", "from_year", "to_year", "duties"]
        field_classes = {"duties": FreeTextField}
        help_texts = {"to_year": _("Kosongkan bila masih bekerja di sana.")}


ExperienceFormSet = forms.inlineformset_factory(
    JobSeeker, Experience, form=ExperienceForm, extra=1, max_num=12, can_delete=True
)


class ConsentForm(forms.Form):
    """What the person agrees to, one tick each. Only the notice itself must have been read."""

    read = forms.BooleanField(
        label=_("Saya sudah membaca untuk apa data ini dipakai."),
        error_messages={"required": _("Centang sesudah membaca untuk apa data ini dipakai.")},
    )
    share = forms.BooleanField(label=Consent.Purpose.SHARE.label, required=False)
    message = forms.BooleanField(label=Consent.Purpose.MESSAGE.label, required=False)
    photo = forms.BooleanField(label=Consent.Purpose.PHOTO.label, required=False)
    evidence = FreeTextField(
        label=_("Bukti wali setuju"), max_length=200, required=False,
        help_text=_("Hanya untuk umur di bawah 18 tahun. Misalnya: wali ikut hadir, atau surat 24 November 2026."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: JobSeeker, **kwargs: Any) -> None:
        self.person = person
        self.given = (
            set(person.consents.filter(withdrawn_at=None).values_list("purpose", flat=True)) if person.pk else set()
        )
        kwargs.setdefault("initial", dict.fromkeys(self.given, True))
        super().__init__(*args, **kwargs)
        if person.birth_date and not person.is_minor:
            del self.fields["evidence"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """A guardian agrees for a minor, whose birth date the same page may just have told."""
        cleaned = super().clean() or {}
        fresh = {purpose for purpose in Consent.Purpose.values if cleaned.get(purpose)} - self.given
        if self.person.is_minor and fresh and not cleaned.get("evidence") and "evidence" not in self.errors:
            self.fields.setdefault("evidence", deepcopy(self.base_fields["evidence"]))
            self.add_error("evidence", _("Di bawah 18 tahun, wali yang menyetujui. Tulis bagaimana wali menyetujui."))
        return cleaned

    @property
    def agreed(self) -> dict[str, Any]:
        """As `people.agree` takes it."""
        purposes = {purpose for purpose in Consent.Purpose.values if self.cleaned_data[purpose]}
        return {"purposes": purposes, "evidence": self.cleaned_data.get("evidence", "")}


class DisabilityForm(forms.Form):
    """Asked of everybody in the same words, answered by who wants to."""

    kinds = forms.MultipleChoiceField(
        label=_("Ragam disabilitas"), choices=Disability.KINDS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Boleh dikosongkan. Hanya petugas yang mencarikan pekerjaan membacanya."),
    )  # fmt: skip
    needs = FreeTextField(label=_("Yang dibutuhkan di tempat kerja"), max_length=300, required=False)

    def __init__(self, *args: Any, person: JobSeeker, **kwargs: Any) -> None:
        known = Disability.objects.filter(job_seeker=person).first() if person.pk else None
        kwargs.setdefault("initial", {"kinds": known.kinds, "needs": known.needs} if known else {})
        kwargs["prefix"] = "disability"
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class DeskForm(PersonForm):
    """The whole record in one screen, from the AK/II interview or for a graduate of a school."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    not_same = forms.BooleanField(label=_("Sudah saya bandingkan: ini orang lain."), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        fields: dict[str, Any] = self.fields
        self.initial["version"] = self.instance.version
        schools = SchoolJobCentre.objects.all()
        if by.has_role(Role.BKK_OFFICER):
            schools = by.school_centres.filter(valid_until__gte=timezone.localdate())
            fields["school_centre"].required = True
            fields["school_centre"].empty_label = None
            del fields["siapkerja_id"]
        else:
            fields["school_centre"].empty_label = _("Bukan dari BKK")
        fields["school_centre"].queryset = schools
        self.helper.layout = Layout(
            "entry_id", "version",
            section(
                _("1. Diri"), _("Cocokkan dengan KTP. Kantor tidak menyimpan salinannya."),
                "nik", "name", "birth_place", "birth_date", "sex", "marital_status", "religion", "guardian_name",
            ),
            section(
                _("2. Alamat"), _("Tempat tinggal sekarang, boleh di luar kota."),
                "region", Div("address", css_class="kk-wide"), "postal_code", "phone", "email",
            ),
            section(
                _("3. Kemampuan"), _("Pendidikan terakhir dan apa yang bisa dikerjakan."),
                "education", "field_of_study", "school", "graduated_in",
                Div("skills", css_class="kk-wide"), Div("languages", css_class="kk-wide"),
                Div("summary", css_class="kk-wide"),
            ),
            section(
                _("4. Yang dicari"), _("Untuk mencocokkan dengan lowongan."),
                "occupation", "wage_from", Div("other_occupations", css_class="kk-wide"),
                Div("places", css_class="kk-wide"), "part_time",
            ),
            section(
                _("5. Catatan kantor"), _("Asal pendaftaran."),
                "school_centre", *(["siapkerja_id"] if "siapkerja_id" in fields else []),
            ),
        )  # fmt: skip

    def known_nik(self) -> Any:
        return _("NIK ini sudah tercatat. Cari orangnya dengan NIK di daftar pencari kerja.")

    def take_version(self) -> None:
        """Raises Conflict when somebody else has saved since the form was opened. Inside a transaction."""
        claim(self.instance, self.cleaned_data["version"])

    def twins(self) -> list[JobSeeker]:
        """Records that may be of the same person, unless whoever fills in the form has said that they are not."""
        data = self.cleaned_data
        if self.instance.pk or data.get("not_same"):
            return []
        alike = JobSeeker.objects.look_like(
            name=data.get("name", ""), birth_date=data.get("birth_date"), phone=data.get("phone", "")
        )
        return list(alike.visible_to(self.by).select_related("region")[:3])


class RevealForm(forms.Form):
    reason = FreeTextField(
        label=_("Alasan membuka NIK"),
        max_length=300,
        help_text=_("Orangnya bisa membaca siapa yang membuka NIK-nya dan mengapa."),
        error_messages={"required": _("Tulis alasannya. Orangnya bisa membacanya.")},
    )


class FindByNikForm(forms.Form):
    nik = NikField(label=_("Cari dengan NIK"), error_messages={"required": _("Isi NIK, 16 angka.")})
