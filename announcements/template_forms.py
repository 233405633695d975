from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from announcements import piece_templates, rehearsal
from announcements.models import Issue

LONGEST_LINE = 150  # characters; a longer text gets a box
SECOND_HELP = gettext_lazy("Sisipan: %(known)s.")


class TemplateForm(forms.Form):
    """All texts of one channel's template. `pieces` is the example made of good ones, also where it is too long."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the newest version when it was opened

    def __init__(self, *args: Any, channel: str, language: str, kind: str, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel, self.language, self.kind, self.by = channel, language, kind, by
        self.parts = piece_templates.fields_of(channel, kind)
        self.texts: dict[str, str] = {}
        self.pieces: list[Issue] = []
        for each in self.parts:
            is_long = each.lines > 1 or each.longest > LONGEST_LINE
            widget = forms.Textarea(attrs={"rows": max(3, each.lines + 1)}) if is_long else forms.TextInput()
            self.fields[each.name] = forms.CharField(
                label=each.label,
                required=each.required,
                max_length=each.longest,
                widget=widget,
                help_text=f"{each.help} {_placeholders(each, kind)}".strip(),
                error_messages={
                    "required": _("Isi bagian ini, atau kembali ke bawaan."),
                    "max_length": _("Paling panjang %(limit_value)d karakter; ini %(show_value)d. Persingkat."),
                },
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for each in self.parts:
            if each.name in cleaned:
                lines = [line.rstrip() for line in cleaned[each.name].splitlines()]
                text = cleaned[each.name] = ("\n" if each.lines > 1 else " ").join(lines)
                if text and (fault := piece_templates.fault(each, text, self.kind)):
                    self.add_error(each.name, fault)
        if not self.errors:
            self._try()
        cleaned["seen"] = cleaned.get("seen") or 0
        return cleaned

    def _try(self) -> None:
        """Make the example; one that is too long is a fault of the longest text."""
        self.texts = {each.name: self.cleaned_data[each.name] for each in self.parts}
        self.pieces = rehearsal.pieces(self.channel, self.language, self.texts, by=self.by, kind=self.kind)
        over = next((each for each in map(rehearsal.length_of, self.pieces) if each and each.is_over), None)
        if over is None:
            return
        if over.is_spoken:
            words = _("Dengan kalimat ini naskah contoh menjadi %(length)s detik; paling lama %(limit)s. Persingkat.")
        else:
            words = _(
                "Dengan kalimat ini teks contoh menjadi %(length)s karakter; paling banyak %(limit)s. Persingkat."
            )
        longest = max(self.texts, key=lambda name: len(self.texts[name]))
        self.add_error(longest, words % {"length": over.length, "limit": over.limit})


def _placeholders(each: piece_templates.Field, kind: str) -> str:
    known = ", ".join(f"{{{name}}} {piece_templates.meaning(name, kind)}" for name in each.allowed)
    return str(SECOND_HELP) % {"known": known}
