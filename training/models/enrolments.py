import uuid
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.roles import Role
from jobseekers import nik
from jobseekers.models import JobSeeker
from training.models.courses import ORGANISERS, Cohort


class State(models.TextChoices):
    APPLIED = "applied", pgettext_lazy("pelatihan", "Mendaftar")
    WAITING = "waiting", _("Daftar tunggu")
    OFFERED = "offered", _("Kursi ditawarkan")
    ENROLLED = "enrolled", _("Peserta")
    COMPLETED = "completed", pgettext_lazy("pelatihan", "Lulus")
    FAILED = "failed", _("Tidak lulus")
    DROPPED = "dropped", _("Keluar")
    NOT_SELECTED = "not_selected", _("Belum terpilih")
    DECLINED = "declined", _("Menolak kursi")
    LAPSED = "lapsed", _("Tawaran lewat waktu")
    WITHDRAWN = "withdrawn", pgettext_lazy("pelatihan", "Dibatalkan")


SEATED = (State.OFFERED, State.ENROLLED, State.COMPLETED, State.FAILED)  # hold one of the cohort's seats
ENDED = (State.NOT_SELECTED, State.DECLINED, State.LAPSED, State.WITHDRAWN)  # somebody may apply again
TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (State.APPLIED, State.WAITING),
        (State.APPLIED, State.OFFERED),
        (State.APPLIED, State.NOT_SELECTED),
        (State.APPLIED, State.WITHDRAWN),
        (State.APPLIED, State.ENROLLED),  # a cohort without selection
        (State.WAITING, State.OFFERED),
        (State.WAITING, State.NOT_SELECTED),  # the class has begun
        (State.WAITING, State.WITHDRAWN),
        (State.OFFERED, State.ENROLLED),
        (State.OFFERED, State.DECLINED),
        (State.OFFERED, State.LAPSED),
        (State.OFFERED, State.WITHDRAWN),
        (State.ENROLLED, State.DROPPED),
        (State.ENROLLED, State.WITHDRAWN),  # before the first day
        (State.ENROLLED, State.COMPLETED),
        (State.ENROLLED, State.FAILED),
        (State.COMPLETED, State.ENROLLED),  # a mark was wrong, before the certificate
        (State.FAILED, State.ENROLLED),
        (State.NOT_SELECTED, State.WAITING),  # a complaint was right
    }
)
SEATED_SQL = ", ".join(f"'{state}'" for state in SEATED)

# Runs after every change of a row, so no path (page, admin, import, shell) can pass it. The update locks the cohort:
# who commits first has the seat, and the check `cohort_not_oversold` refuses the one too many.
COUNT_SEATS = f"""
IF TG_OP <> 'INSERT' AND OLD.state IN ({SEATED_SQL}) THEN
    UPDATE training_cohort SET taken = taken - 1 WHERE id = OLD.cohort_id;
END IF;
IF TG_OP <> 'DELETE' AND NEW.state IN ({SEATED_SQL}) THEN
    UPDATE training_cohort SET taken = taken + 1 WHERE id = NEW.cohort_id;
END IF;
RETURN NULL;
"""  # noqa: S608  constants of this module
CHANGES_A_SEAT = f"((OLD.state IN ({SEATED_SQL})) <> (NEW.state IN ({SEATED_SQL})) OR OLD.cohort_id <> NEW.cohort_id)"


class StepRefused(Exception):
    """The enrolment is no longer in a state from which this step is allowed; the message says what to do."""


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(*ORGANISERS, Role.TRAINER):
            return self.filter(cohort__in=Cohort.objects.with_people_for(user))
        return self.filter(job_seeker__user=user)

    def seated(self) -> Self:
        return self.filter(state__in=SEATED)

    def standing(self) -> Self:
        """Those beside which the same person cannot apply for the same cohort again."""
        return self.exclude(state__in=ENDED)

    def in_line(self) -> Self:
        """The waiting list, whoever is next first."""
        return self.filter(state=State.WAITING).order_by("position", "pk")

    def to_judge(self, user: User) -> Self:
        """Complete papers, and no score sheet of this user yet."""
        return self.filter(state=State.APPLIED, files_complete=True).exclude(sheets__assessor=user)

    def run_out(self, now: Any) -> Self:
        """Offers whose time is over."""
        return self.filter(state=State.OFFERED, offered_until__lte=now)


@pghistory.track()
class Enrolment(models.Model):
    """One person and one cohort, from applying to the certificate."""

    State = State

    class Via(models.TextChoices):
        WEB = "web", _("Lewat situs ini")
        DESK = "desk", _("Loket kantor")

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    job_seeker = models.ForeignKey(JobSeeker, models.PROTECT, related_name="enrolments")
    state = models.CharField(_("keadaan"), max_length=12, choices=State.choices, default=State.APPLIED, editable=False)
    via = models.CharField(_("lewat"), max_length=4, choices=Via.choices, default=Via.WEB)
    motivation = models.TextField(_("alasan ikut"), max_length=500, blank=True)
    position = models.PositiveIntegerField(_("urutan tunggu"), null=True, editable=False)
    offered_until = models.DateTimeField(_("tawaran sampai"), null=True, editable=False)
    files_complete = models.BooleanField(_("berkas lengkap"), null=True, editable=False)
    score = models.DecimalField(_("nilai"), max_digits=5, decimal_places=2, null=True, editable=False)
    reason = models.CharField(_("alasan"), max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(pgettext_lazy("pelatihan", "mendaftar"), auto_now_add=True)
    moved_at = models.DateTimeField(_("terakhir berubah"), default=timezone.now, editable=False)
    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("peserta pelatihan")
        verbose_name_plural = pgettext_lazy("jamak", "peserta pelatihan")
        indexes = [
            models.Index(fields=["cohort", "state"], name="enrolment_of_cohort"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="enrolment_offers"),
        ]
        constraints = [
            nik.absent("motivation", "reason", name="enrolment_without_nik"),
            models.UniqueConstraint(
                fields=["cohort", "job_seeker"],
                condition=~Q(state__in=["not_selected", "declined", "lapsed", "withdrawn"]),
                name="enrolment_once",
                violation_error_message=_("Orang ini sudah terdaftar di angkatan ini."),
            ),
            models.UniqueConstraint(
                fields=["cohort", "position"], condition=Q(state="waiting"), name="enrolment_one_place_in_line"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(position__isnull=False), name="enrolment_waits_in_line"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_until__isnull=False), name="enrolment_offer_ends"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["not_selected", "dropped"]) | ~Q(reason=""), name="enrolment_end_reasoned"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="transitions", field="state", transitions=sorted((str(a), str(b)) for a, b in TRANSITIONS)
            ),
            pgtrigger.Trigger(
                name="count_seats_new",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func=COUNT_SEATS,
            ),
            pgtrigger.Trigger(
                name="count_seats",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state", "cohort_id"),
                condition=pgtrigger.Condition(CHANGES_A_SEAT),
                func=COUNT_SEATS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_seeker_id} → {self.cohort_id}"

    @property
    def has_seat(self) -> bool:
        return self.state in SEATED

    @property
    def awaits_answer(self) -> bool:
        """A seat is offered, and the time to answer is not over, whether or not the sweep ran."""
        return self.state == State.OFFERED and self.offered_until is not None and self.offered_until > timezone.now()

    @transaction.atomic
    def move(self, to: str, *, by: User | None, note: str = "", **changes: Any) -> None:
        """Go to state `to` if the row still stands where an allowed way begins; log who and why.

        Raises StepRefused when somebody else was faster or no such way exists, IntegrityError when no seat is free.
        """
        origins = [start for start, end in TRANSITIONS if end == to]
        locked = Enrolment.objects.select_for_update(no_key=True).filter(pk=self.pk, state__in=origins)
        before = locked.values_list("state", flat=True).first()
        if before is None:
            raise StepRefused(_("Keadaannya sudah berubah. Muat ulang halaman ini."))
        Enrolment.objects.filter(pk=self.pk, state=before).update(state=to, moved_at=timezone.now(), **changes)
        EnrolmentLog.objects.create(enrolment=self, actor=by, from_state=before, to_state=to, note=note)
        self.refresh_from_db()


class EnrolmentLog(models.Model):
    """Every step of an enrolment; also, with the same state twice, why a free seat passed by. Never changed."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="log")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("kapan"), auto_now_add=True)
    from_state = models.CharField(_("dari"), max_length=12, choices=State.choices, blank=True)
    to_state = models.CharField(_("menjadi"), max_length=12, choices=State.choices)
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("riwayat peserta")
        verbose_name_plural = pgettext_lazy("jamak", "riwayat peserta")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]
        constraints = [nik.absent("note", name="enrolment_log_without_nik")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.get_to_state_display()}"

    @property
    def is_skip(self) -> bool:
        return self.from_state == self.to_state
