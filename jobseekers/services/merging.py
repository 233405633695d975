"""Two records of one person made one, and taken apart again.

What hangs on the removed record goes over to the kept one, row by row; what the kept one has already (the same paper,
the same consent, an application for the same vacancy, a place on the same list) stays where it is. Empty fields of the
kept record are filled from the other. The removed record stays, says "merged", and holds what an undo needs.

The register is append-only, and only one record of a person may stand in it. The facts that have been counted stay
with the record they were counted for; if both stand in the register, the removed one leaves it today for the reason
"merged", and an undo registers it again today. So every past table stays as it was, and today's balance is right. A
record outside the register is never kept in place of one inside it.
"""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DataAccess, User
from jobseekers import nik
from jobseekers.models import (
    Application,
    Appointment,
    ChatMessage,
    ChatSubscription,
    Consent,
    DataRequest,
    Disability,
    Document,
    Experience,
    JobSeeker,
    MatchOverride,
    Merge,
    Placement,
    RegisterEvent,
    RegistrationCard,
    TalentListEntry,
)
from jobseekers.models.people import JobSeekerQuerySet
from jobseekers.services.people import note

# What goes over to the kept record. Apps above this one add theirs when they are ready.
MOVED: list[type[models.Model]] = [
    Experience, Disability, Consent, Document, RegistrationCard, Application, Appointment, TalentListEntry,
    MatchOverride, Placement, DataRequest, ChatSubscription, ChatMessage,
]  # fmt: skip
FILLED = (
    "siapkerja_id", "marital_status", "religion", "guardian_name", "birth_place", "birth_date", "sex",
    "region_id", "address", "postal_code", "phone", "email", "education_id", "field_of_study", "school",
    "graduated_in", "skills", "languages", "summary", "occupation_id", "other_occupations", "places", "wage_from",
    "school_centre_id", "user_id",
)  # fmt: skip
CardState = RegistrationCard.State
EMPTY: tuple[Any, ...] = ("", None, [])


class CannotMerge(Exception):
    """The two cannot become one this way; the message says what to do."""


def candidates(person: JobSeeker) -> models.QuerySet[JobSeeker]:
    return JobSeeker.objects.look_like(
        name=person.name, birth_date=person.birth_date, phone=person.phone, besides=person.pk
    )


def pairs(people: JobSeekerQuerySet, limit: int = 50) -> list[tuple[JobSeeker, JobSeeker]]:
    """Records that may be of one person, the newest first: same name and birth date, or same telephone."""
    twin = JobSeeker.objects.alive().filter(pk__lt=models.OuterRef("pk"))
    named = twin.filter(name_key=models.OuterRef("name_key"), birth_date=models.OuterRef("birth_date")).exclude(
        name_key=""
    )
    called = twin.filter(phone=models.OuterRef("phone")).exclude(phone="")
    later = people.alive().annotate(
        by_name=models.Subquery(named.values("pk")[:1]), by_phone=models.Subquery(called.values("pk")[:1])
    )
    rows = list(
        later.filter(models.Q(by_name__isnull=False) | models.Q(by_phone__isnull=False)).order_by("-pk")[:limit]
    )
    earlier = JobSeeker.objects.in_bulk([row.by_name or row.by_phone for row in rows])
    return [(earlier[row.by_name or row.by_phone], row) for row in rows]


@transaction.atomic
def merge(kept: JobSeeker, removed: JobSeeker, *, by: User) -> Merge:
    """Raises CannotMerge."""
    locked = {row.pk: row for row in JobSeeker.objects.alive().select_for_update().filter(pk__in=[kept.pk, removed.pk])}
    if len(locked) != 2:
        raise CannotMerge(_("Salah satu catatan sudah digabung atau dihapus. Muat ulang halaman ini."))
    kept, removed = locked[kept.pk], locked[removed.pk]
    if removed.in_register and not kept.in_register:
        raise CannotMerge(_("Simpan catatan yang ada di daftar aktif, lalu gabungkan yang lain ke situ."))
    moved: dict[str, Any] = {"in_register": removed.in_register} | _close_cards(kept, removed)
    if removed.in_register:
        RegisterEvent.objects.remove(removed, reason="merged", by=by)
    moved |= {model._meta.label_lower: _move(model, removed, kept) for model in MOVED}
    JobSeeker.objects.filter(pk=removed.pk).update(
        state=JobSeeker.State.MERGED, merged_into=kept, version=models.F("version") + 1
    )
    before = _fill(kept, removed) | {"state": removed.state, "kept_state": kept.state}
    note(kept, by=by, action=DataAccess.Action.CHANGE, reason=_("Catatan ganda digabung"))
    return Merge.objects.create(kept=kept, removed=removed, moved=moved, before=before, by=by)


def _move(model: type[models.Model], source: JobSeeker, target: JobSeeker) -> list[int]:
    """The primary keys that could change hands; a row that the target has already stays."""
    gone = []
    for pk in model._default_manager.filter(job_seeker=source).order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=pk).update(job_seeker=target)
            gone.append(pk)
        except IntegrityError:
            continue
    return gone


def _close_cards(kept: JobSeeker, removed: JobSeeker) -> dict[str, list[int]]:
    """One standing card and one request a person: the removed record's give way."""
    ended, refused = [], []
    if kept.cards.filter(state=CardState.ISSUED).exists():
        cards = removed.cards.filter(state=CardState.ISSUED)
        ended = list(cards.values_list("pk", flat=True))
        cards.update(state=CardState.ENDED, ended_on=timezone.localdate(), end=RegistrationCard.End.REPLACED)
    if kept.cards.filter(state=CardState.REQUESTED).exists():
        cards = removed.cards.filter(state=CardState.REQUESTED)
        refused = list(cards.values_list("pk", flat=True))
        cards.update(state=CardState.REFUSED, refusal=str(_("Sudah diajukan di catatan lain")))
    return {"ended": ended, "refused": refused}


def _fill(kept: JobSeeker, removed: JobSeeker) -> dict[str, Any]:
    """Fill what is empty from the other; the answer names the filled fields with what they said before."""
    names = [name for name in FILLED if getattr(kept, name) in EMPTY and getattr(removed, name) not in EMPTY]
    before = {name: getattr(kept, name) for name in names}
    values = {name: getattr(removed, name) for name in names}
    if "user_id" in values:
        JobSeeker.objects.filter(pk=removed.pk).update(user=None)
    if kept.nik_cipher is None and removed.nik_cipher is not None:
        number = nik.decrypt(removed.nik_cipher, removed.key)
        JobSeeker.objects.filter(pk=removed.pk).update(nik_cipher=None, nik_index=None)
        kept.set_nik(number)
        before["nik"] = None
        values |= {"nik_cipher": kept.nik_cipher, "nik_index": kept.nik_index}
    JobSeeker.objects.filter(pk=kept.pk).update(**values, version=models.F("version") + 1)
    return before


@transaction.atomic
def undo(merged: Merge, *, by: User) -> None:
    """Both records as they were. What has been changed in the kept one since then stays changed. Raises CannotMerge."""
    if not Merge.objects.filter(pk=merged.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=by):
        raise CannotMerge(_("Penggabungan ini sudah dibatalkan."))
    kept = JobSeeker.objects.select_for_update().get(pk=merged.kept_id)
    removed = JobSeeker.objects.select_for_update().get(pk=merged.removed_id)
    if removed.merged_into_id != kept.pk or kept.state == JobSeeker.State.MERGED:
        raise CannotMerge(_("Catatan ini sudah berubah sejak digabung. Batalkan dulu penggabungan yang lebih baru."))
    _take_back(kept, removed, dict(merged.before))
    JobSeeker.objects.filter(pk=removed.pk).update(merged_into=None, state=merged.before["state"])
    for model in MOVED:
        rows = model._default_manager.filter(pk__in=merged.moved.get(model._meta.label_lower, []), job_seeker=kept)
        rows.update(job_seeker=removed)
    cards = RegistrationCard.objects.all()
    cards.filter(pk__in=merged.moved["ended"]).update(state=CardState.ISSUED, ended_on=None, end="")
    cards.filter(pk__in=merged.moved["refused"]).update(state=CardState.REQUESTED, refusal="")
    if merged.moved["in_register"]:
        RegisterEvent.objects.register(removed, by=by)
    note(kept, by=by, action=DataAccess.Action.CHANGE, reason=_("Penggabungan dibatalkan"))


def _take_back(kept: JobSeeker, removed: JobSeeker, before: dict[str, Any]) -> None:
    del before["state"]
    back: dict[str, Any] = {"state": before.pop("kept_state")}
    if "nik" in before:
        del before["nik"]
        removed.set_nik(nik.decrypt(kept.nik_cipher or b"", kept.key))
        back |= {"nik_cipher": None, "nik_index": None}
    user = kept.user_id if "user_id" in before else None
    back |= {
        name: value
        for name, value in before.items()
        if name == "user_id" or getattr(kept, name) == getattr(removed, name)
    }
    JobSeeker.objects.filter(pk=kept.pk).update(**back, version=models.F("version") + 1)
    changes: dict[str, Any] = {"user_id": user} if user else {}
    if back.get("nik_index", 0) is None:
        changes |= {"nik_cipher": removed.nik_cipher, "nik_index": removed.nik_index}
    if changes:
        JobSeeker.objects.filter(pk=removed.pk).update(**changes)
