from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.bots import BotTrap
from canvassing.facets import place_choices
from canvassing.models import Occupation
from canvassing.search import EDUCATION_STEPS, WAGE_STEPS, Criteria
from canvassing.words import rupiah
from jobseekers.models import AlertSubscription
from jobseekers.models.alerts import SavedSearch

WISHES = [
    ("lowongan", _("Lowongan baru yang cocok dengan pencarian ini")),
    ("pelatihan", _("Pelatihan gratis yang membuka pendaftaran")),
    ("kantor", _("Kabar kantor, misalnya bazar kerja atau perubahan jam buka")),
]
COLUMNS = {"lowongan": "wants_vacancies", "pelatihan": "wants_courses", "kantor": "wants_news"}


class SearchForm(forms.Form):
    """A search as fields; the names are those of the list's address, so a search can be carried over.

    With it, what else the person wants to hear of.
    """

    q = forms.CharField(label=_("Pekerjaan atau kata kunci"), max_length=100, required=False)
    tempat = forms.MultipleChoiceField(
        label=_("Tempat"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    pendidikan = forms.TypedChoiceField(label=_("Pendidikan Anda"), coerce=int, empty_value=None, required=False)
    jabatan = forms.ChoiceField(label=_("Kelompok jabatan"), required=False)
    upah = forms.TypedChoiceField(label=_("Upah per bulan"), coerce=int, empty_value=None, required=False)
    tanpa_pengalaman = forms.BooleanField(label=_("Tanpa pengalaman"), required=False)
    difabel = forms.BooleanField(label=_("Terbuka untuk difabel"), required=False)
    paruh_waktu = forms.BooleanField(label=_("Bisa paruh waktu"), required=False)
    frequency = forms.ChoiceField(
        label=_("Seberapa sering"),
        choices=AlertSubscription.Frequency.choices,
        initial=AlertSubscription.Frequency.INSTANT,
        widget=forms.RadioSelect,
    )

    kabar = forms.MultipleChoiceField(
        label=_("Kabar apa yang Anda mau"),
        choices=WISHES,
        initial=["lowongan"],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kabar pelatihan dan kabar kantor dikirim begitu terbit."),
        error_messages={
            "required": _("Pilih paling sedikit satu jenis kabar. Tidak mau apa pun lagi? Pakai tombol Berhenti.")
        },
    )

    def __init__(self, *args: Any, criteria: Criteria | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "tempat": place_choices(),
            "pendidikan": [("", _("Semua")), *EDUCATION_STEPS],
            "jabatan": [("", _("Semua")), *((each.code, str(each)) for each in Occupation.objects.groups())],
            "upah": [
                ("", _("Semua")),
                *((step, _("%(wage)s ke atas") % {"wage": rupiah(step)}) for step in WAGE_STEPS),
            ],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        if criteria is not None:
            self._start_from(criteria)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _start_from(self, criteria: Criteria) -> None:
        for name, parameter in Criteria.PARAMETERS.items():
            if parameter in self.fields:
                self.initial[parameter] = getattr(criteria, name)

    @staticmethod
    def chosen(subscription: SavedSearch) -> list[str]:
        """What the boxes show for somebody who has chosen."""
        return [name for name, column in COLUMNS.items() if getattr(subscription, column)]

    @property
    def wishes(self) -> dict[str, bool]:
        """By column of SavedSearch."""
        return {column: name in self.cleaned_data["kabar"] for name, column in COLUMNS.items()}

    @property
    def criteria(self) -> Criteria:
        data = self.cleaned_data
        return Criteria(
            words=" ".join(data["q"].split()),
            places=tuple(sorted(data["tempat"])),
            education=data["pendidikan"],
            occupation_group=data["jabatan"],
            wage_from=data["upah"],
            no_experience=data["tanpa_pengalaman"],
            open_to_disability=data["difabel"],
            part_time=data["paruh_waktu"],
        )


class SubscribeForm(BotTrap, SearchForm):
    """Ask for alerts without an account: an address, a search, how often."""

    email = forms.EmailField(
        label=_("Alamat e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Alamat e-mail belum lengkap. Contoh: nama@contoh.id.")},
    )
    field_order = ["email", "q", "tempat"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kabar"].error_messages["required"] = _("Pilih paling sedikit satu jenis kabar.")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    @property
    def language(self) -> str:
        return get_language() or "id"
