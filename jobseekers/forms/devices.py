from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.bots import BotTrap
from jobseekers import vapid
from jobseekers.forms.alerts import SearchForm
from jobseekers.models.devices import AUTH_LENGTH, P256DH_LENGTH


class DeviceSearchForm(SearchForm):
    """The search of a device; it is told at once, so there is no frequency."""

    frequency = None  # type: ignore[assignment]  # Django's way of leaving out an inherited field


class DeviceForm(BotTrap, DeviceSearchForm):
    """The search, and what the browser says of itself; a script fills that in."""

    endpoint = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=P256DH_LENGTH, required=False, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=AUTH_LENGTH, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        endpoint, p256dh, auth = (self.cleaned_data.get(name, "") for name in ("endpoint", "p256dh", "auth"))
        if not vapid.is_push_service(endpoint):
            raise ValidationError(
                _("Peramban ini tidak memberi alamat yang bisa dikabari. Izinkan pemberitahuan, atau pakai e-mail.")
            )
        if not _is_point(p256dh) or len(_bytes(auth)) != 16:
            raise ValidationError(_("Kunci dari peramban tidak lengkap. Muat ulang halaman, lalu coba lagi."))
        return data

    @property
    def language(self) -> str:
        return get_language() or "id"


def _bytes(text: str) -> bytes:
    try:
        return vapid.decode(text)
    except ValueError:
        return b""


def _is_point(text: str) -> bool:
    """Whether it is a public key on the curve; anything else would fail later, at every message."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(vapid.CURVE, _bytes(text))
    except ValueError:
        return False
    return len(text) == P256DH_LENGTH
