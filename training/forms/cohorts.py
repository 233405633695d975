"""What the office fills in about courses and cohorts."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from canvassing.conflict import VersionedForm
from canvassing.forms.fields import DayField, EntryForm, section
from canvassing.models import Occupation
from jobseekers.forms.people import SkillsField
from training.models import AdmissionRule, Cohort, Course, CourseUnit, Criterion


class CourseForm(VersionedForm):
    skills = SkillsField(label=_("Keterampilan yang didapat"), required=True)

    class Meta:
        model = Course
        fields = ["title", "trade", "lesson_hours", "summary", "skills", "requirements", "is_current"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "requirements": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trades: Any = self.fields["trade"]
        trades.queryset, trades.empty_label = Occupation.objects.filter(code__length__gt=1), _("Pilih jabatan")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "version",
            section(
                _("1. Program"), _("Nama, kejuruan, dan isinya, seperti dibaca calon peserta."),
                "title", "trade", "lesson_hours", "is_current",
                Div("summary", css_class="kk-wide"), Div("skills", css_class="kk-wide"),
                Div("requirements", css_class="kk-wide"),
            ),
        )  # fmt: skip


class RuleForm(forms.ModelForm):
    class Meta:
        model = AdmissionRule
        fields = ["kind", "value"]
        help_texts = {"value": _("Tahun untuk umur; untuk pendidikan: 1 SD, 2 SMP, 3 SMA, 4 SMK, 7 D3, 9 S1.")}


UnitFormSet = forms.inlineformset_factory(
    Course, CourseUnit, fields=["code", "title", "lesson_hours"], extra=2, max_num=40, can_delete=True
)
RuleFormSet = forms.inlineformset_factory(
    Course, AdmissionRule, form=RuleForm, extra=1, max_num=len(AdmissionRule.Kind), can_delete=True
)
CriterionFormSet = forms.inlineformset_factory(
    Cohort, Criterion, fields=["label", "most", "weight"], extra=1, max_num=8, can_delete=True
)


class CohortForm(VersionedForm, EntryForm):
    begins_on = DayField(label=_("Tanggal mulai"))
    ends_on = DayField(label=_("Tanggal selesai"))
    intake_from = DayField(label=_("Pendaftaran dibuka"))
    intake_until = DayField(label=_("Pendaftaran ditutup"))

    class Meta:
        model = Cohort
        fields = [
            "course", "name", "begins_on", "ends_on", "place", "trainer", "budget", "capacity", "reserves", "intake",
            "intake_from", "intake_until", "offer_hours", "replace_until_day", "attendance_percent",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["course"].queryset = Course.objects.filter(Q(is_current=True) | Q(pk=self.instance.course_id))
        fields["course"].empty_label = _("Pilih program")
        fields["trainer"].queryset = User.objects.filter(is_active=True, groups__name=Role.TRAINER).distinct()
        fields["trainer"].empty_label = _("Pilih pelatih")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "entry_id", "version",
            section(
                _("1. Angkatan"), _("Kapan, di mana, siapa yang mengajar."),
                "course", "name", "begins_on", "ends_on", Div("place", css_class="kk-wide"), "trainer", "budget",
            ),
            section(
                _("2. Kursi dan pendaftaran"), _("Kursi tidak pernah bisa terisi lebih dari ini."),
                "capacity", "reserves", "intake", "offer_hours", "intake_from", "intake_until",
            ),
            section(
                _("3. Aturan kelas"), _("Sampai kapan peserta diganti, dan kehadiran untuk sertifikat."),
                "replace_until_day", "attendance_percent",
            ),
        )  # fmt: skip
