import uuid
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.models.vacancies import State, Vacancy

KEEP_CONTACT = timedelta(days=30)


class VacancyReportQuerySet(models.QuerySet["VacancyReport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever may withdraw the vacancy; a report may name people."""
        if user.is_authenticated and user.has_role(Role.PUBLISHER, Role.MANAGER):
            return self
        return self.none()

    def waiting(self) -> Self:
        """Not looked into yet. Once the vacancy is no longer public there is nothing left to decide."""
        return self.filter(settled_at=None, vacancy__state=State.PUBLISHED)

    def forget_contacts(self, today: date) -> int:
        """Nobody is asked back about what was settled a month ago, or about a vacancy that ended long since."""
        over = Q(settled_at__date__lt=today - KEEP_CONTACT) | Q(vacancy__ended_at__date__lt=today - KEEP_CONTACT)
        return self.filter(over).exclude(contact="").update(contact="")


class VacancyReport(models.Model):
    """Somebody outside says that a published vacancy is not what it says. No account is needed, no name asked for."""

    class Reason(models.TextChoices):
        FEE = "fee", _("Diminta uang")
        FALSE = "false", _("Pekerjaan atau perusahaannya tidak ada")
        ENDED = "ended", _("Sudah terisi atau ditutup")
        DIFFERENT = "different", _("Isinya tidak sesuai kenyataan")
        UNFAIR = "unfair", _("Membeda-bedakan orang")
        OTHER = "other", _("Hal lain")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="reports", verbose_name=_("lowongan"))
    reason = models.CharField(_("apa yang salah"), max_length=9, choices=Reason.choices)
    text = models.TextField(_("ceritakan"), max_length=1000, blank=True)
    contact = models.CharField(_("nomor atau e-mail Anda"), max_length=120, blank=True)
    at = models.DateTimeField(_("kapan"), auto_now_add=True)
    settled_at = models.DateTimeField(_("selesai"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("oleh")
    )
    finding = models.CharField(_("hasil pemeriksaan"), max_length=300, blank=True, editable=False)

    objects = VacancyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("laporan tentang lowongan")
        verbose_name_plural = pgettext_lazy("jamak", "laporan tentang lowongan")
        indexes = [models.Index(fields=["at"], name="vacancy_report_waiting", condition=Q(settled_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(text=""),
                name="vacancy_report_other_explained",
                violation_error_message=_("Ceritakan apa yang salah."),
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, finding="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(finding="")),
                name="vacancy_report_settled_with_finding",
                violation_error_message=_("Tulis hasil pemeriksaan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.vacancy_id}"

    def settle(self, *, by: User, finding: str) -> bool:
        """Looked into, and the vacancy stays. False when somebody else has settled it."""
        waiting = VacancyReport.objects.filter(pk=self.pk, settled_at=None)
        return bool(waiting.update(settled_at=Now(), settled_by=by, finding=finding))
