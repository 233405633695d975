from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import Delivery


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    def waiting(self) -> Self:
        """Came before our own result was written; the sweep applies them."""
        return self.filter(applied_at=None)

    def old(self, now: datetime) -> Self:
        return self.filter(received_at__lt=now - ProviderEvent.KEPT)


class ProviderEvent(models.Model):
    """What a messaging service or a mail server has told of a delivery afterwards. The same told again is one row."""

    KEPT = timedelta(days=30)  # no service repeats itself for longer

    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("Sampai")
        READ = "read", _("Dibaca")
        FAILED = "failed", _("Tidak sampai")
        UNKNOWN_ADDRESS = "unknown", _("Alamat tidak dikenal")
        COMPLAINT = "complaint", _("Penerima mengadu")

    channel = models.CharField(_("kanal"), max_length=12, choices=ChannelKey.choices)
    event_id = models.CharField(_("nomor kejadian"), max_length=200)
    kind = models.CharField(_("kejadian"), max_length=9, choices=Kind.choices)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="events", verbose_name=_("kiriman"))
    code = models.CharField(_("kode"), max_length=40, blank=True)
    received_at = models.DateTimeField(_("diterima"), db_default=Now())
    applied_at = models.DateTimeField(_("diterapkan"), null=True)
    objects = ProviderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("kabar balik")
        verbose_name_plural = pgettext_lazy("jamak", "kabar balik")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(applied_at=None), name="provider_event_waiting"),
            models.Index(fields=["received_at"], name="provider_event_age"),
        ]
        constraints = [models.UniqueConstraint(fields=["channel", "event_id"], name="provider_event_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.get_kind_display()}"
