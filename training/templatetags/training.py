"""What pages of the apps below show of training, and the seats of a cohort as a picture."""

from dataclasses import dataclass
from typing import Any

from django import template

from jobseekers.matching import Match, same_spelling
from jobseekers.models import JobSeeker
from training.models import Cohort, Enrolment
from training.models.enrolments import State
from training.views.own import panel

register = template.Library()
ACTIVE = (State.APPLIED, State.WAITING, State.OFFERED, State.ENROLLED)


@register.inclusion_tag("training/_panel.html", takes_context=True)
def training_of(context: Any, person: JobSeeker) -> dict[str, Any]:
    """On the staff page of a person: cohorts, and the form that applies for one."""
    user, enrolments = context["user"], Enrolment.objects.filter(job_seeker=person)
    standing = enrolments.standing().values("cohort")
    may_add = user.has_perm("training.add_enrolment") and context.get("may_edit")
    open_ones = Cohort.objects.taking_applications().exclude(pk__in=standing).select_related("course")
    return {
        "training_panel": enrolments.visible_to(user).select_related("cohort__course"),
        "open_cohorts": open_ones if may_add else [],
        "person": person,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("training/_account.html", takes_context=True)
def own_training(context: Any, person: JobSeeker) -> dict[str, Any]:
    """On the person's summary, while something is going on."""
    running = Enrolment.objects.filter(job_seeker=person, state__in=ACTIVE).exists()
    found = panel(person) if running else {"enrolments": None}
    return {**found, "csrf_token": context.get("csrf_token"), "quiet": not running}


@register.inclusion_tag("training/_open.html")
def open_training() -> dict[str, Any]:
    """On the home page: the next two that take applications."""
    cohorts = Cohort.objects.taking_applications().select_related("course").order_by("intake_until", "pk")
    return {"cohorts": cohorts[:2]}


@register.simple_tag
def upcoming_classes() -> list[Cohort]:
    """Once a page, for `class_for`."""
    return list(Cohort.objects.taking_applications().select_related("course").order_by("begins_on", "pk"))


@register.simple_tag
def class_for(classes: list[Cohort], match: Match) -> Cohort | None:
    """The next class that teaches a skill which is all that is missing in this match."""
    if not match.is_one_class_away:
        return None
    missing = {same_spelling(skill) for skill in match.missing_skills}
    return next((each for each in classes if missing & {same_spelling(one) for one in each.course.skills}), None)


@dataclass(frozen=True)
class Seats:
    filled: int
    offered: int
    free: int

    @property
    def kinds(self) -> list[str]:
        """A word for every seat, for the squares."""
        return ["filled"] * self.filled + ["offered"] * self.offered + ["free"] * self.free

    @property
    def filled_part(self) -> str:
        return self._part(self.filled)

    @property
    def offered_part(self) -> str:
        return self._part(self.offered)

    def _part(self, number: int) -> str:
        """Of a hundred, as SVG writes numbers."""
        return f"{100 * number / (self.filled + self.offered + self.free):.2f}"


@register.simple_tag
def seat_counts(cohort: Cohort, offered: int) -> Seats:
    return Seats(cohort.taken - offered, offered, cohort.free)
