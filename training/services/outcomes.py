"""What becomes of graduates, and which class is needed next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DataAccess, User
from canvassing.models import Vacancy
from jobseekers.matching import same_spelling
from jobseekers.models import JobSeeker, Placement
from jobseekers.services import people
from training import mails
from training.models import Course, Outcome

Answer = Outcome.Answer
NOTHING: Mapping[str, str] = MappingProxyType({})


def sweep(now: datetime | None = None, limit: int = 500) -> int:
    """Ask by mail who is due; how many. Each is a transaction and happens once."""
    today, done = timezone.localdate(now), 0
    due = Outcome.objects.to_ask(today).select_related("enrolment__job_seeker", "enrolment__cohort__course")
    for row in due[:limit]:
        with transaction.atomic():
            if Outcome.objects.to_ask(today).filter(pk=row.pk).update(asked_at=timezone.now()):
                mails.please_tell(row)
                done += 1
    return done


def answer(
    row: Outcome,
    value: str,
    *,
    by: User | None = None,
    details: Mapping[str, str] = NOTHING,
    photo: bytes | None = None,
) -> None:
    """Keep an answer: of the person through the link, or told to an officer. A later one takes its place.

    Somebody placed by the office after the course is linked to that placement. `details`: of `Outcome.DETAILS`.
    `photo`: of the business, a JPEG that is safe; without one an earlier one stays while there is a business.
    """
    picture = {} if value == Answer.BUSINESS and photo is None else {"business_photo": photo}
    person = row.enrolment.job_seeker
    since = row.enrolment.cohort.begins_on
    placed = Placement.objects.filter(job_seeker=person, started_on__gte=since).first()
    Outcome.objects.filter(pk=row.pk).update(
        answer=value,
        answered_at=timezone.now(),
        asked_at=row.asked_at or timezone.now(),
        via=Outcome.Via.PHONE if by else Outcome.Via.MESSAGE,
        by=by,
        placement=placed if value == Answer.EMPLOYED else None,
        **details,
        **picture,
    )
    if value != Answer.NOT_REACHED:
        person.touch()
    if by is not None:
        people.note(person, by=by, action=DataAccess.Action.CHANGE, reason=_("mencatat hasil sesudah pelatihan"))


@dataclass(frozen=True)
class Funnel:
    """What is known of graduates `months` after the end. graduates = answered + not_reached + open."""

    months: int
    graduates: int
    answered: int
    not_reached: int
    employed: int
    business: int
    seeking: int
    studying: int

    @property
    def open(self) -> int:
        return self.graduates - self.answered - self.not_reached

    @property
    def answered_percent(self) -> int | None:
        return round(100 * self.answered / self.graduates) if self.graduates else None

    @property
    def working_percent(self) -> int | None:
        """Employed or in business, of those who answered."""
        return round(100 * (self.employed + self.business) / self.answered) if self.answered else None


def funnel(rows: QuerySet[Outcome]) -> list[Funnel]:
    """One row for 3, 6 and 12 months, of the outcomes among `rows` that are due."""

    def told(*answers: str) -> Count:
        return Count("pk", filter=Q(answer__in=answers))

    counted = (
        rows.due(timezone.localdate())  # type: ignore[attr-defined]
        .order_by()
        .values("months")
        .annotate(
            graduates=Count("pk"),
            answered=Count("pk", filter=~Q(answer__in=("", Answer.NOT_REACHED))),
            not_reached=told(Answer.NOT_REACHED),
            employed=told(Answer.EMPLOYED),
            business=told(Answer.BUSINESS),
            seeking=told(Answer.SEEKING),
            studying=told(Answer.STUDYING),
        )
    )
    found = {row["months"]: Funnel(**row) for row in counted}
    return [found.get(months, Funnel(months, *[0] * 7)) for months in Outcome.MONTHS]


# --- The next class -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """A course and the numbers that speak for it."""

    course: Course
    openings: int  # of open vacancies that ask for something the course teaches
    lacking: int  # people who seek that work and have none of it
    results: Funnel | None  # of past cohorts after six months

    @property
    def weight(self) -> float:
        """For the order only: every opening that somebody could fill after the course, by how many found work."""
        working = self.results.working_percent if self.results and self.results.answered else None
        return min(self.openings, self.lacking) * (working if working is not None else 50)


def needs() -> list[Need]:
    """Courses by what open vacancies ask and seekers lack, the most needed first. Shown with all its numbers."""
    asked: Counter[str] = Counter()
    groups: dict[str, set[str]] = {}
    for skills, occupation, *openings in Vacancy.objects.open().values_list(
        "skills", "occupation_id", "openings_male", "openings_female", "openings_any"
    ):
        for skill in {same_spelling(each) for each in skills}:
            asked[skill] += sum(number or 0 for number in openings)
            groups.setdefault(skill, set()).add((occupation or "")[:2])
    seekers = [
        ({same_spelling(each) for each in skills}, (occupation or "")[:2])
        for skills, occupation in JobSeeker.objects.usable().values_list("skills", "occupation_id")
    ]
    found = []
    for course in Course.objects.filter(is_current=True).select_related("trade"):
        taught = {same_spelling(each) for each in course.skills}
        wanted = max((asked[skill] for skill in taught), default=0)
        fields = set().union(*(groups.get(skill, set()) for skill in taught)) | {course.trade_id[:2]}
        lacking = sum(1 for held, field in seekers if field in fields and not held & taught)
        past = Outcome.objects.filter(enrolment__cohort__course=course)
        results = funnel(past)[1]
        found.append(Need(course, wanted, lacking, results if results.graduates else None))
    return sorted(found, key=lambda need: (-need.weight, need.course.title))
