from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from canvassing.forms.fields import DayField, EntryForm, RegionChoiceField, RupiahField, section
from canvassing.models import EducationLevel, Employer, Occupation, SchoolJobCentre, Vacancy, Visit
from canvassing.models.employers import name_key

# htmx fills the datalist of the page with known names while somebody types; without script the field is plain.
NAME_SUGGESTIONS = {
    "list": "perusahaan",
    "autocomplete": "off",
    "hx_get": reverse_lazy("employer_names"),
    "hx_trigger": "input changed delay:300ms",
    "hx_target": "#perusahaan",
}


class VacancyForm(EntryForm):
    """A vacancy as a canvasser hears it. A draft may have gaps; what the law wants is asked on submitting."""

    employer_name = forms.CharField(
        label=_("Pemberi kerja"),
        max_length=150,
        error_messages={"required": _("Tulis nama pemberi kerja.")},
        help_text=_("Ketik namanya. Perusahaan yang sudah tercatat dipakai lagi, yang baru dibuatkan."),
    )
    employer = forms.ModelChoiceField(Employer.objects.all(), widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    region = RegionChoiceField(label=_("Wilayah kerja"), required=False)
    wage_min = RupiahField(label=_("Upah mulai"), required=False)
    wage_max = RupiahField(label=_("Upah sampai"), required=False)
    obtained_on = DayField(label=_("Tanggal didapat"), initial=timezone.localdate)
    valid_until = DayField(label=_("Berlaku sampai"), required=False)
    source_url = forms.URLField(label=_("Tautan sumber"), required=False, max_length=500, assume_scheme="https")
    skills = forms.CharField(
        label=_("Keterampilan"), required=False, max_length=600, help_text=_("Pisahkan dengan koma.")
    )

    class Meta:
        model = Vacancy
        fields = [
            "source", "visit", "school_centre", "source_url", "obtained_on", "employer_words",
            "title", "occupation", "description", "requirements", "skills",
            "openings_any", "openings_female", "openings_male",
            "education", "field_of_study", "experience_years", "age_min", "age_max", "restriction_reason",
            "open_to_disability", "part_time",
            "wage_min", "wage_max", "wage_period", "wage_not_stated", "wage_note",
            "region", "work_place", "working_hours", "working_conditions", "employment", "valid_until",
            "apply_via", "apply_to", "documents", "contact", "karirhub_number",
        ]  # fmt: skip
        widgets = {
            "employer_words": forms.Textarea(attrs={"rows": 3}),
            "description": forms.Textarea(attrs={"rows": 4}),
            "requirements": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "employer_words": _("Bukti, tidak diumumkan. Salin apa adanya."),
            "description": _("Pendek, kata sehari-hari. Tampil sesudah disetujui."),
            "requirements": _("Satu syarat satu baris."),
            "working_hours": _("Misalnya “5 hari seminggu, 08.00–16.00”."),
            "working_conditions": _("Misalnya “kontrak 12 bulan, BPJS sejak hari pertama”."),
            "contact": _("Hanya petugas yang membaca."),
            "apply_to": _("Alamat e-mail, tautan, atau alamat yang boleh diumumkan."),
            "restriction_reason": _("Wajib bila ada batas usia atau jumlah per jenis kelamin."),
        }
        labels = {
            "openings_any": _("Dibutuhkan, siapa pun"),
            "openings_female": _("Khusus perempuan"),
            "openings_male": _("Khusus laki-laki"),
        }
        error_messages = {
            "title": {
                "required": _("Isi nama pekerjaan."),
                "max_length": _("Nama pekerjaan paling panjang %(limit_value)d huruf. Yang diisi %(show_value)d."),
            },
        }

    # Asked for when the vacancy is submitted, so their labels do not say "may stay empty".
    NEEDED = ("visit", "occupation", "wage_min", "region", "working_hours", "working_conditions", "valid_until")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._prefill()
        for name in self.NEEDED:
            self.fields[name].needed = True  # type: ignore[attr-defined]
        self._limit_choices()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout()

    def _prefill(self) -> None:
        vacancy = self.instance
        if vacancy.employer_id:
            self.initial.setdefault("employer", vacancy.employer_id)
            self.initial.setdefault("employer_name", vacancy.employer.name)
        if not vacancy._state.adding:
            self.initial["version"] = vacancy.version
        self.initial["skills"] = ", ".join(vacancy.skills)

    def _limit_choices(self) -> None:
        fields: dict[str, Any] = self.fields
        fields["occupation"].queryset = Occupation.objects.filter(code__length__gt=1)
        fields["occupation"].empty_label = _("Pilih kelompok jabatan")
        fields["visit"].empty_label = _("Pilih kunjungan")
        fields["school_centre"].empty_label = _("Bukan dari BKK")
        fields["education"].choices = [
            (level.rank, str(level) if level.rank else _("Semua pendidikan")) for level in EducationLevel.objects.all()
        ]
        recent = Visit.objects.visible_to(self.user).done().select_related("employer")
        if self.instance.employer_id:
            recent = recent.filter(employer=self.instance.employer_id)
        chosen = self.data.get(self.add_prefix("visit")) or self.instance.visit_id
        newest = list(recent.values_list("pk", flat=True)[:40])
        fields["visit"].queryset = (
            Visit.objects.visible_to(self.user)
            .filter(pk__in=[*newest, *([int(chosen)] if str(chosen).isdecimal() else [])])
            .select_related("employer")
        )
        if self.user.has_role(Role.BKK_OFFICER):
            today = timezone.localdate()
            fields["school_centre"].queryset = self.user.school_centres.filter(valid_until__gte=today)
            fields["school_centre"].required = True
            fields["school_centre"].empty_label = None
            fields["source"].choices = [(Vacancy.Source.BKK.value, Vacancy.Source.BKK.label)]
            self.initial["source"] = Vacancy.Source.BKK
            del fields["visit"], fields["karirhub_number"]
        else:
            fields["school_centre"].queryset = SchoolJobCentre.objects.all()

    def _layout(self) -> Layout:
        has_visit = "visit" in self.fields
        return Layout(
            "entry_id", "employer", "version",
            section(
                _("1. Asal"), _("Dari mana kantor tahu. Tampil di label asal."),
                "source", *(["visit"] if has_visit else []), "school_centre", "obtained_on", "source_url",
                Div(Field("employer_name", **NAME_SUGGESTIONS), css_class="kk-wide"),
            ),
            section(
                _("2. Pekerjaan"), _("Nama pekerjaan yang dipakai orang, bukan nama divisi."),
                Div("title", css_class="kk-wide"), HTML('{% include "canvassing/_duplicates.html" %}'),
                "occupation", "openings_any", "openings_female", "openings_male",
                Div("employer_words", css_class="kk-wide"), HTML('{% include "canvassing/_guard.html" %}'),
                Div("description", css_class="kk-wide"), Div("requirements", css_class="kk-wide"),
                Div("skills", css_class="kk-wide"),
            ),
            section(
                _("3. Pelamar"), _("Tulis hanya yang benar-benar perlu untuk pekerjaan ini."),
                "education", "field_of_study", "experience_years", "age_min", "age_max",
                Div("restriction_reason", css_class="kk-wide"), "open_to_disability", "part_time",
            ),
            section(
                _("4. Upah, tempat, waktu"), _("Harus jelas sebelum terbit (Permenaker 18/2024 pasal 4)."),
                Div("wage_min", "wage_max", "wage_period", css_class="kk-wide kk-range"),
                Div("wage_not_stated", css_class="kk-wide"), Div("wage_note", css_class="kk-wide"),
                "region", "work_place", "working_hours", "working_conditions", "employment", "valid_until",
            ),
            section(
                _("5. Cara melamar"), _("Kontak tidak diumumkan bila melamar lewat kantor."),
                "apply_via", "apply_to", "documents", "contact",
                *(["karirhub_number"] if has_visit else []),
            ),
        )  # fmt: skip

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("Tanggal ini sudah lewat. Tulis hari terakhir orang bisa melamar."))
        return day

    def clean_skills(self) -> list[str]:
        skills = [part.strip() for part in self.cleaned_data["skills"].split(",") if part.strip()]
        if any(len(skill) > 60 for skill in skills):
            raise forms.ValidationError(_("Satu keterampilan paling panjang 60 huruf. Pisahkan dengan koma."))
        return list(dict.fromkeys(skills))[:20]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source = cleaned.get("source")
        if source == Vacancy.Source.VISIT and "visit" in self.fields and not cleaned.get("visit"):
            self.add_error("visit", _("Pilih kunjungannya, atau ganti sumber."))
        if source == Vacancy.Source.BKK and not cleaned.get("school_centre"):
            self.add_error("school_centre", _("Pilih BKK yang menyampaikan lowongan ini."))
        if source == Vacancy.Source.ONLINE and self.submitting and not cleaned.get("source_url"):
            self.add_error("source_url", _("Lowongan daring perlu tautan sumbernya."))
        low, high = cleaned.get("wage_min"), cleaned.get("wage_max")
        if low and high and low > high:
            self.add_error("wage_min", _("Upah mulai lebih besar daripada upah sampai. Tukar keduanya."))
        if self.submitting:
            self._require_facts(cleaned)
        return cleaned

    @property
    def submitting(self) -> bool:
        return "submit" in self.data

    def _require_facts(self, cleaned: dict[str, Any]) -> None:
        """The five facts of Permenaker 18/2024 art. 4, each with its own message at its field."""
        needed = {
            "occupation": _("Pilih kelompok jabatan."),
            "region": _("Pilih wilayah kerja."),
            "working_hours": _("Isi jam kerja, misalnya “5 malam seminggu, 20.00–04.00”."),
            "working_conditions": _("Isi syarat kerja, misalnya “kontrak 12 bulan, BPJS”."),
            "valid_until": _("Isi hari terakhir orang bisa melamar."),
        }
        for name, message in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        wage_told = cleaned.get("wage_min") or cleaned.get("wage_max") or cleaned.get("wage_not_stated")
        if not wage_told and not {"wage_min", "wage_max"} & set(self.errors):
            self.add_error("wage_min", _("Isi upah, atau centang bahwa pemberi kerja tidak menyebutnya."))
        restricted = any(cleaned.get(name) for name in ("age_min", "age_max", "openings_female", "openings_male"))
        if restricted and not cleaned.get("restriction_reason"):
            self.add_error(
                "restriction_reason", _("Tulis alasan batas usia atau jenis kelamin (SE Menaker M/6/HK.04/V/2025).")
            )

    def save(self, commit: bool = True) -> Vacancy:
        self.instance.employer = self._employer()
        if self.instance._state.adding:
            self.instance.created_by = self.user
        return super().save(commit)

    def _employer(self) -> Employer:
        """The employer meant by the typed name: the one the form began with, a known one, or a new one."""
        typed, given = self.cleaned_data["employer_name"].strip(), self.cleaned_data.get("employer")
        if given and given.name_key == name_key(typed):
            return given
        known = Employer.objects.named_like(typed).order_by("pk").first()
        return known or Employer.objects.create(
            name=typed, region=self.cleaned_data.get("region"), created_by=self.user
        )
