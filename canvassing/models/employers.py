import re
import uuid
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from canvassing.models.reference import Industry, Region

LEGAL_FORMS = re.compile(r"\b(pt|cv|ud|pd|tbk|persero|toko|firma|fa|koperasi)\b")


def name_key(name: str) -> str:
    """What is left of an employer's name when spelling habits are taken away: "PT. Maju  Jaya, Tbk" -> "majujaya"."""
    lowered = name.lower()
    return re.sub(r"[^a-z0-9]", "", LEGAL_FORMS.sub("", lowered)) or re.sub(r"[^a-z0-9]", "", lowered)


class EmployerQuerySet(models.QuerySet["Employer"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(Role.CANVASSER, Role.PUBLISHER, Role.MANAGER, Role.ADMIN):
            return self
        if user.has_role(Role.BKK_OFFICER):
            return self.filter(vacancies__school_centre__officers=user).distinct()
        return self.none()

    def editable_by(self, user: User) -> Self:
        return self if user.has_role(Role.CANVASSER) else self.none()

    def named_like(self, name: str) -> Self:
        return self.filter(name_key=name_key(name))


@pghistory.track()
class Employer(models.Model):
    """A company, shop, household or office that gives work."""

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("nama"), max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="employers", verbose_name=_("lapangan usaha")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="employers", verbose_name=_("wilayah")
    )
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    nib = models.CharField(
        _("NIB"),
        max_length=13,
        blank=True,
        validators=[RegexValidator(r"^\d{13}$", _("NIB terdiri dari 13 angka. Kosongkan bila belum tahu."))],
        help_text=_("Nomor Induk Berusaha, 13 angka"),
    )
    website = models.URLField(_("situs"), blank=True)
    notes = models.TextField(_("catatan petugas"), max_length=2000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="employers_added"
    )
    created_at = models.DateTimeField(_("dicatat"), auto_now_add=True)
    objects = EmployerQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        verbose_name = _("perusahaan")
        verbose_name_plural = pgettext_lazy("jamak", "perusahaan")
        indexes = [
            models.Index(fields=["name_key", "id"], name="employer_by_name"),
            GinIndex(name="employer_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="employer_named"),
            models.CheckConstraint(
                condition=Q(nib="") | Q(nib__regex=r"^\d{13}$"),
                name="employer_nib_form",
                violation_error_message=_("NIB terdiri dari 13 angka. Kosongkan bila belum tahu."),
            ),
            models.UniqueConstraint(
                fields=["nib"],
                condition=~Q(nib=""),
                name="employer_nib_once",
                violation_error_message=_("NIB ini sudah tercatat pada perusahaan lain."),
            ),
        ]
        triggers = [
            # Vacancies carry the employer's name for search and lists; a new name reaches them at once.
            pgtrigger.Trigger(
                name="rename_vacancies",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("name"),
                func="UPDATE canvassing_vacancy SET employer_name = NEW.name WHERE employer_id = NEW.id; RETURN NULL;",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)


class EmployerContact(models.Model):
    """Somebody at the employer whom the office may call. Shown to staff only."""

    employer = models.ForeignKey(Employer, models.CASCADE, related_name="contacts")
    name = models.CharField(_("nama"), max_length=120)
    position = models.CharField(_("jabatan"), max_length=120, blank=True)
    phone = models.CharField(_("telepon"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("kontak perusahaan")
        verbose_name_plural = pgettext_lazy("jamak", "kontak perusahaan")
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="", email=""),
                name="contact_reachable",
                violation_error_message=_("Isi telepon atau e-mail, supaya bisa dihubungi."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.position}" if self.position else self.name


class SchoolJobCentre(models.Model):
    """Bursa Kerja Khusus (BKK): a school's job centre, registered at the office (Permenaker 39/2016 art. 31-36)."""

    name = models.CharField(_("nama sekolah"), max_length=150)
    registration_number = models.CharField(_("nomor tanda daftar"), max_length=60, unique=True)
    valid_until = models.DateField(_("berlaku sampai"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name=_("wilayah"))
    officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="school_centres", verbose_name=_("petugas BKK")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("BKK")
        verbose_name_plural = pgettext_lazy("jamak", "BKK")

    def __str__(self) -> str:
        return self.name
