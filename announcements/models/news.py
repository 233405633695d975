from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NewsQuerySet(models.QuerySet["News"]):
    def public(self) -> Self:
        """What has been sent out and not called back, also after its last day: people keep links."""
        return self.filter(published_at__isnull=False, announcements__state__in=["running", "done"]).distinct()


class News(models.Model):
    """Free news of the office: what is neither a vacancy nor a class. Public from the moment it is sent."""

    TEXT_LENGTH = 2000

    title = models.CharField(_("judul"), max_length=120)
    text = models.TextField(_("isi"), max_length=TEXT_LENGTH)
    link = models.CharField(
        _("halaman terkait"), max_length=200, blank=True, help_text=_("Halaman di situs ini, misalnya /pelatihan/.")
    )
    until = models.DateField(_("berlaku sampai"))
    published_at = models.DateTimeField(_("terbit"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    objects = NewsQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("kabar kantor")
        verbose_name_plural = pgettext_lazy("jamak", "kabar kantor")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text="") & Q(text__length__lte=2000),
                name="news_says_something",
                violation_error_message=_("Isi judul dan teks, paling banyak 2.000 huruf."),
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__regex=r"^/[^/\\]"),
                name="news_link_is_ours",
                violation_error_message=_("Tulis halaman di situs ini, mulai dengan garis miring: /pelatihan/."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news_detail", args=[self.pk, slugify(self.title) or "kabar"])

    def is_past(self, today: date) -> bool:
        return self.until < today
