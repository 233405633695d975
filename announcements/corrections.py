"""A correction goes to exactly those who got the old fact, once. Who they are is in the ledger."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from announcements import contents, expansion, facts, hints, outdated, services
from announcements.channels import CHANNELS
from announcements.channels.correction import correction_subject
from announcements.models import Announcement, Issue
from announcements.models.announcements import Audience
from canvassing.models import Vacancy
from training.models import Cohort

DAYS = 7  # a correction is worth sending, also of a vacancy whose last day is near or has passed


def facts_of(issue: Issue) -> list[facts.Facts]:
    """The vacancies or the class whose readers were told what is no longer true: facts of now, with what has changed
    and the state.

    Empty when the piece is right, or its readers have been told.
    """
    spoken: dict[str, list[outdated.Change]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            spoken[language] = outdated.changes_of([issue], language)[issue.pk]
    keys = {change.key for changes in spoken.values() for change in changes if change.key is not None}
    if contents.is_notice(issue.facts[0]):
        classes = Cohort.objects.filter(pk__in=keys).select_related("course")
        return [
            contents.course_facts(each) | {"changes": _of(each.pk, spoken), "state": each.state} for each in classes
        ]
    states = dict(Vacancy.objects.filter(pk__in=keys).values_list("pk", "state"))
    return [fact | {"changes": _of(fact["id"], spoken), "state": states[fact["id"]]} for fact in facts.freeze(keys)]


def _of(key: int, spoken: dict[str, list[outdated.Change]]) -> dict[str, Any]:
    def said(changes: list[outdated.Change]) -> list[dict[str, str]]:
        mine = (each for each in changes if each.key == key)
        return [{"label": capfirst(each.label), "old": each.old or "—", "new": each.new or "—"} for each in mine]

    return {language: said(changes) for language, changes in spoken.items()}


def fingerprint(frozen: list[facts.Facts]) -> str:
    """Of what somebody has read and agrees to."""
    return hashlib.sha256(json.dumps(frozen, sort_keys=True).encode()).hexdigest()


def draft(issue: Issue, frozen: list[facts.Facts]) -> Issue:
    """The piece as it would be sent, not saved."""
    return CHANNELS[issue.channel].issue(Announcement(audience=issue.announcement.audience), frozen)


class ChangedMeanwhile(Exception):
    """The facts are no longer those that were read."""


@transaction.atomic
def announce(issue: Issue, *, by: User, read: str) -> Announcement | None:
    """Correct this piece towards its readers. The correction there is already when nothing is left to say, or None.

    `read` is the fingerprint of what was agreed to; raises ChangedMeanwhile when it is no longer that.
    """
    if not by.has_perm("canvassing.publish_vacancy") or issue.channel not in outdated.CORRECTABLE:
        raise PermissionDenied
    # The lock keeps facts as they are, and makes a second press wait, which then finds nothing to say.
    spoken_of: Any = Cohort if contents.is_notice(issue.facts[0]) else Vacancy
    locked = spoken_of.objects.select_for_update(no_key=True).filter(pk__in=[each["id"] for each in issue.facts])
    list(locked.order_by("pk").values_list("pk"))
    services.call_back_stale()
    frozen = facts_of(issue)
    earlier = issue.corrections.exclude(state=Announcement.State.CANCELLED)
    if not frozen:
        return earlier.order_by("-pk").first()
    if fingerprint(frozen) != read:
        raise ChangedMeanwhile
    held = _needs_release(issue, frozen, by=by)
    correction = Announcement.objects.create(
        kind=Announcement.Kind.CORRECTION,
        corrects=issue,
        correction_number=(earlier.aggregate(last=Max("correction_number"))["last"] or 0) + 1,
        title=_title(frozen),
        audience=issue.announcement.audience,
        state=Announcement.State.HELD if held else Announcement.State.RUNNING,
        created_by=by,
        approved_by=None if held else by,
        expires_at=services.end_of_day(timezone.localdate() + timedelta(days=DAYS)),
    )
    services.make_issue(correction, issue.channel, frozen)
    if not held:
        hints.hint(hints.BULK)
    return correction


def _title(frozen: list[facts.Facts]) -> str:
    with translation.override("id"):
        if contents.is_notice(frozen[0]):
            return correction_subject(frozen, "id")[:300]
        return (_("Koreksi: %(title)s") % {"title": services.title_for(frozen, Audience.INSTANT)})[:300]


def count(issue: Issue, frozen: list[facts.Facts], limit: int | None = None) -> int:
    return expansion.count_corrected(issue, frozen, limit=limit)


def _needs_release(issue: Issue, frozen: list[facts.Facts], *, by: User) -> bool:
    most = settings.RECIPIENTS_WITHOUT_RELEASE
    return not by.has_perm("announcements.release_announcement") and count(issue, frozen, limit=most + 1) > most
