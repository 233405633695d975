"""The active register as dated events: what the IPK tables are counted from, never from today's state of a person."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from canvassing.models import EducationLevel, Occupation
from jobseekers.models.people import JobSeeker, age_on


class RegisterRefused(Exception):
    """Somebody in the register cannot be registered again; somebody outside it cannot leave it."""


class RemovalReason(models.Model):
    """Why somebody leaves the register without being placed. Rows that the office edits."""

    code = models.SlugField(_("kode"), max_length=20, primary_key=True)
    label = models.CharField(_("alasan"), max_length=100)
    is_current = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        ordering = ["label"]
        verbose_name = _("alasan penghapusan")
        verbose_name_plural = pgettext_lazy("jamak", "alasan penghapusan")

    def __str__(self) -> str:
        return self.label


class RegisterEventManager(models.Manager["RegisterEvent"]):
    def register(self, person: JobSeeker, *, on: date | None = None, by: User | None) -> "RegisterEvent":
        """Into the register, with age, sex, education and occupation as they are on that day."""
        day = on or timezone.localdate()
        person.refresh_from_db()
        snapshot = {
            "sex": person.sex,
            "age": age_on(day, person.birth_date) if person.birth_date else None,
            "education_id": person.education_id,
            "occupation_id": person.occupation_id,
        }
        return self._record(person, RegisterEvent.Kind.REGISTERED, day, by, **snapshot)

    def place(self, person: JobSeeker, *, on: date | None = None, by: User | None) -> "RegisterEvent":
        return self._leave(person, RegisterEvent.Kind.PLACED, on, by)

    def remove(
        self, person: JobSeeker, *, reason: str, on: date | None = None, by: User | None = None
    ) -> "RegisterEvent":
        """Out of the register without work found by the office; `reason` is a code of RemovalReason."""
        return self._leave(person, RegisterEvent.Kind.REMOVED, on, by, reason_id=reason)

    def _leave(
        self, person: JobSeeker, kind: str, on: date | None, by: User | None, **fields: object
    ) -> "RegisterEvent":
        """With the facts of the registration, so that every row of a table adds up."""
        entry = self.filter(job_seeker=person, kind=RegisterEvent.Kind.REGISTERED).order_by("-pk").first()
        if entry is None:
            raise RegisterRefused(_("Orang ini tidak ada di daftar aktif."))
        snapshot = {name: getattr(entry, name) for name in ("sex", "age", "education_id", "occupation_id")}
        return self._record(person, kind, on or timezone.localdate(), by, **snapshot, **fields)

    @transaction.atomic
    def _record(self, person: JobSeeker, kind: str, on: date, by: User | None, **fields: object) -> "RegisterEvent":
        enters = kind == RegisterEvent.Kind.REGISTERED
        row = JobSeeker.objects.select_for_update(no_key=True).filter(pk=person.pk, in_register=not enters)
        if not row.exists():
            raise RegisterRefused(
                _("Orang ini sudah ada di daftar aktif.") if enters else _("Orang ini tidak ada di daftar aktif.")
            )
        event = self.create(job_seeker=person, kind=kind, on=on, by=by, **fields)
        person.in_register = enters
        return event


class RegisterEvent(models.Model):
    """Somebody came into the active register or left it. Never changed; the trigger keeps `in_register` in step.

    Age (whole years), sex, education and occupation are those of the day of registration and are repeated when the
    person leaves, so that opening + registered - placed - removed = closing holds in every row of a table.
    """

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("Terdaftar")
        PLACED = "placed", _("Ditempatkan")
        REMOVED = "removed", _("Dihapuskan")

    job_seeker = models.ForeignKey(JobSeeker, models.PROTECT, related_name="register_events")
    kind = models.CharField(_("peristiwa"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("tanggal"))
    reason = models.ForeignKey(
        RemovalReason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("alasan")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # null: the clock
    at = models.DateTimeField(auto_now_add=True)
    sex = models.CharField(max_length=6, choices=JobSeeker.Sex.choices)
    age = models.PositiveSmallIntegerField()
    education = models.ForeignKey(EducationLevel, models.PROTECT, related_name="+")
    occupation = models.ForeignKey(Occupation, models.PROTECT, related_name="+")
    objects = RegisterEventManager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("peristiwa daftar aktif")
        verbose_name_plural = pgettext_lazy("jamak", "peristiwa daftar aktif")
        indexes = [models.Index(fields=["on", "kind"], name="register_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="removed") & Q(reason__isnull=False)) | (~Q(kind="removed") & Q(reason=None)),
                name="register_removal_reasoned",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="move",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "UPDATE jobseekers_jobseeker SET in_register = (NEW.kind = 'registered') "
                    "WHERE id = NEW.job_seeker_id AND in_register <> (NEW.kind = 'registered'); "
                    "IF NOT FOUND THEN RAISE EXCEPTION 'register: not possible now' USING ERRCODE = 'check_violation'; "
                    "END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d-%m-%Y}"
