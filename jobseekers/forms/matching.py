from django import forms
from django.utils.translation import gettext_lazy as _

from jobseekers.forms.free_text import FreeTextField
from jobseekers.models import MatchOverride


class DecisionForm(forms.Form):
    """What an officer decides about one person and one vacancy; an empty verdict takes the decision back."""

    verdict = forms.ChoiceField(choices=[*MatchOverride.Verdict.choices, ("", "")], required=False)
    reason = FreeTextField(
        label=_("Alasan"), max_length=300, error_messages={"required": _("Tulis alasannya dulu, satu kalimat cukup.")}
    )
