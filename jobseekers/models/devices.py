from typing import Self
from uuid import uuid4

from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobseekers.models.alerts import CONSENT_VERSION, SavedSearch

signer = signing.Signer(salt="jobseekers.device")
P256DH_LENGTH, AUTH_LENGTH = 87, 22  # characters of unpadded base64url: 65 and 16 bytes (RFC 8291, 3.1 and 3.2)


def new_key() -> str:
    """What the ledger calls a recipient whose real address it need not know."""
    return uuid4().hex


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def from_token(self, token: str) -> Self:
        """The device a link speaks of; empty for a forged or broken token."""
        try:
            return self.filter(key=signer.unsign(token))
        except signing.BadSignature:
            return self.none()


class PushSubscription(SavedSearch):
    """A browser that asked to be told of one search. Without an account, without a name; stopping deletes the row."""

    key = models.CharField(max_length=32, default=new_key, unique=True, editable=False)
    endpoint = models.URLField(_("alamat pada layanan dorong"), max_length=1000, unique=True)
    p256dh = models.CharField(max_length=P256DH_LENGTH)
    auth = models.CharField(max_length=AUTH_LENGTH)
    language = models.CharField(_("bahasa"), max_length=2, default="id")
    consent_version = models.CharField(_("versi persetujuan"), max_length=10, default=CONSENT_VERSION)
    created_at = models.DateTimeField(_("mendaftar"), auto_now_add=True)
    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("perangkat yang dikabari")
        verbose_name_plural = pgettext_lazy("jamak", "perangkat yang dikabari")
        ordering = ["-created_at", "-pk"]
        constraints = [
            *SavedSearch.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(p256dh__regex=r"^[\w-]{87}$", auth__regex=r"^[\w-]{22}$"),
                name="push_keys_whole",
                violation_error_message=_("Kunci dari peramban tidak lengkap. Muat ulang halaman, lalu coba lagi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.criteria.in_words()}"

    @property
    def token(self) -> str:
        return signer.sign(self.key)

    def manage_path(self) -> str:
        return reverse("device_manage", args=[self.token])
