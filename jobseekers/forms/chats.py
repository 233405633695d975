from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jobseekers.forms.devices import DeviceSearchForm


class ChatForm(DeviceSearchForm):
    """The search, and the agreement to be written to on this one channel."""

    agreed = forms.BooleanField(
        label=_("Ya, kirim kabar ini lewat kanal ini. Saya bisa berhenti kapan saja dengan membalas STOP."),
        error_messages={"required": _("Centang bila Anda setuju. Tanpa itu kami tidak mengirim apa pun.")},
    )

    def __init__(self, *args: Any, agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].initial = agreed  # what stands is not asked for again
