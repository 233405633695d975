import uuid
from functools import cache
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvassing.search import Criteria

CONSENT_VERSION = "2026-11-24"  # raise it when the wording beside the subscribe button changes
signer = signing.Signer(salt="jobseekers.alert")
TOKEN = "TOKEN"  # noqa: S105


@cache
def _around_token(name: str) -> str:
    """The address of that page, with TOKEN for the token: to work it out takes longer than filling in a mail."""
    return reverse(name, args=[TOKEN])


class SavedSearch(models.Model):
    """A search that somebody wants to hear of, as canvassing.search.Criteria. jobseekers.alerts.MATCHES asks it.

    Beside it, of what else the office has to tell the person wants to hear; of vacancies, unless he or she says no.
    """

    words = models.CharField(_("kata kunci"), max_length=100, blank=True)
    places = ArrayField(models.CharField(max_length=8), verbose_name=_("tempat"), default=list, blank=True)
    education = models.PositiveSmallIntegerField(_("pendidikan"), null=True, blank=True)
    occupation_group = models.CharField(_("kelompok jabatan"), max_length=1, blank=True)
    wage_from = models.PositiveIntegerField(_("upah mulai"), null=True, blank=True)
    no_experience = models.BooleanField(_("tanpa pengalaman"), default=False)
    open_to_disability = models.BooleanField(_("terbuka untuk difabel"), default=False)
    part_time = models.BooleanField(_("paruh waktu"), default=False)
    wants_vacancies = models.BooleanField(_("kabar lowongan"), default=True, db_default=True)
    wants_courses = models.BooleanField(_("kabar pelatihan"), default=False, db_default=False)
    wants_news = models.BooleanField(_("kabar kantor"), default=False, db_default=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(wants_vacancies=True) | Q(wants_courses=True) | Q(wants_news=True),
                name="%(class)s_wants_something",
                violation_error_message=_(
                    "Pilih paling sedikit satu jenis kabar. Tidak mau apa pun lagi? Pakai tombol Berhenti."
                ),
            )
        ]

    def in_words(self) -> str:
        """What is told of: the search, classes, news."""
        told = [
            self.wants_vacancies and self.criteria.in_words(),
            self.wants_courses and _("pelatihan gratis"),
            self.wants_news and _("kabar kantor"),
        ]
        return "; ".join(str(words) for words in told if words)

    @property
    def criteria(self) -> Criteria:
        return Criteria(
            words=self.words,
            places=tuple(self.places),
            education=self.education,
            occupation_group=self.occupation_group,
            wage_from=self.wage_from,
            no_experience=self.no_experience,
            open_to_disability=self.open_to_disability,
            part_time=self.part_time,
        )


class AlertSubscriptionQuerySet(models.QuerySet["AlertSubscription"]):
    def active(self) -> Self:
        return self.filter(state=AlertSubscription.State.ACTIVE)

    def from_token(self, token: str) -> Self:
        """The subscription a link in a mail speaks of; empty for a forged or broken token."""
        try:
            return self.filter(key=signer.unsign(token))
        except signing.BadSignature:
            return self.none()


class AlertSubscription(SavedSearch):
    """Somebody wants new vacancies of one search by e-mail. Works without an account; double opt-in."""

    class State(models.TextChoices):
        PENDING = "pending", _("Belum dikonfirmasi")
        ACTIVE = "active", _("Aktif")
        STOPPED = "stopped", _("Berhenti")

    class Frequency(models.TextChoices):
        INSTANT = "instant", _("Langsung begitu terbit")
        DAILY = "daily", _("Ringkasan, paling banyak satu e-mail sehari")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("alamat e-mail"))
    language = models.CharField(_("bahasa"), max_length=2, default="id")
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.PENDING)
    frequency = models.CharField(
        _("seberapa sering"), max_length=7, choices=Frequency.choices, default=Frequency.INSTANT
    )
    consent_version = models.CharField(_("versi persetujuan"), max_length=10, default=CONSENT_VERSION)
    created_at = models.DateTimeField(_("mendaftar"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("dikonfirmasi"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("berhenti"), null=True, blank=True)
    objects = AlertSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("langganan kabar")
        verbose_name_plural = pgettext_lazy("jamak", "langganan kabar")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["frequency", "id"], condition=Q(state="active"), name="alert_active")]
        constraints = [
            *SavedSearch.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="active") | Q(confirmed_at__isnull=False), name="alert_active_is_confirmed"
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(stopped_at__isnull=False), name="alert_stop_is_dated"
            ),
            models.CheckConstraint(condition=Q(email=models.functions.Lower("email")), name="alert_email_lower"),
            models.UniqueConstraint(
                fields=[
                    "email", "words", "places", "education", "occupation_group", "wage_from",
                    "no_experience", "open_to_disability", "part_time",
                ],
                condition=~Q(state="stopped"),
                nulls_distinct=False,
                name="alert_once_per_search",
                violation_error_message=_("Alamat ini sudah berlangganan pencarian yang sama."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}: {self.criteria.in_words()}"

    @cached_property
    def token(self) -> str:
        """Signed, without a date: an old mail's stop link must still work, and a mail sent again is the same mail."""
        return signer.sign(str(self.key))

    def manage_path(self) -> str:
        return _around_token("alert_manage").replace(TOKEN, self.token)

    def stop_path(self) -> str:
        return _around_token("alert_stop").replace(TOKEN, self.token)

    def confirm(self) -> bool:
        """Start sending. False when it was active already or has been stopped since."""
        return bool(
            AlertSubscription.objects.filter(pk=self.pk, state=self.State.PENDING).update(
                state=self.State.ACTIVE, confirmed_at=timezone.now()
            )
        )

    def stop(self) -> bool:
        """Never send again. False when it was stopped already."""
        return bool(
            AlertSubscription.objects.filter(pk=self.pk)
            .exclude(state=self.State.STOPPED)
            .update(state=self.State.STOPPED, stopped_at=timezone.now())
        )
