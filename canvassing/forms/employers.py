from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from canvassing.forms.fields import EntryForm, RegionChoiceField, section
from canvassing.models import Employer, EmployerContact, Industry
from canvassing.phones import PhoneField


class EmployerForm(EntryForm):
    region = RegionChoiceField(label=_("Wilayah"), required=False)
    website = forms.URLField(label=_("Situs"), required=False, assume_scheme="https")

    class Meta:
        model = Employer
        fields = ["name", "industry", "region", "address", "nib", "website", "notes"]
        error_messages = {"name": {"required": _("Tulis nama perusahaan.")}}
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].queryset = Industry.objects.groups()  # type: ignore[attr-defined]
        self.fields["industry"].empty_label = _("Belum tahu")  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "entry_id",
            section(
                _("1. Perusahaan"), _("Nama seperti di papan nama atau di surat."), "name", "industry", "nib", "website"
            ),
            section(_("2. Alamat"), _("Untuk rencana kunjungan."), "region", "address"),
            section(_("3. Catatan"), _("Hanya petugas yang membaca."), "notes"),
        )


class ContactForm(forms.ModelForm):
    phone = PhoneField(label=_("Telepon"), required=False)

    class Meta:
        model = EmployerContact
        fields = ["name", "position", "phone", "email"]


ContactFormSet = forms.inlineformset_factory(Employer, EmployerContact, form=ContactForm, extra=1, max_num=20)
