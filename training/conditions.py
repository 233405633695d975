"""Whether somebody meets the conditions of a course, in words. The rules are rows that the office edits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from canvassing.reference import reference_names
from jobseekers.models import JobSeeker, RegistrationCard
from training.models import AdmissionRule, Cohort, Enrolment
from training.models.enrolments import SEATED

Kind = AdmissionRule.Kind


@dataclass(frozen=True)
class Known:
    """What the conditions ask of other tables, for some people at once: primary keys."""

    trained: Collection[int]  # have a seat in another class of this year
    carded: Collection[int]  # hold a valid AK/I card


def known_about(people: Collection[int], cohort: Cohort) -> Known:
    seats = Enrolment.objects.filter(job_seeker__in=people, state__in=SEATED).exclude(cohort=cohort)
    seats = seats.filter(cohort__begins_on__year=cohort.begins_on.year).exclude(cohort__state=Cohort.State.CANCELLED)
    cards = RegistrationCard.objects.standing().filter(job_seeker__in=people)
    return Known(set(seats.values_list("job_seeker", flat=True)), set(cards.values_list("job_seeker", flat=True)))


def unmet(person: JobSeeker, cohort: Cohort, rules: Iterable[AdmissionRule], known: Known | None = None) -> list[str]:
    """What is missing, a sentence each; [] when everything is met. What the record does not say counts as missing."""
    known = known or known_about([person.pk], cohort)
    return [words for rule in rules if (words := _unmet(person, rule, known))]


def _unmet(person: JobSeeker, rule: AdmissionRule, known: Known) -> str:
    value, age = rule.value or 0, person.age
    match rule.kind:
        case Kind.ONE_A_YEAR if person.pk in known.trained:
            return _("Sudah ikut pelatihan lain tahun ini.")
        case Kind.LOWEST_EDUCATION if person.education_id is None or person.education_id < value:
            return _("Pendidikan paling rendah %(level)s.") % {"level": reference_names().education_level(value)}
        case Kind.LOWEST_AGE if age is None or age < value:
            return _("Umur paling muda %(years)s tahun.") % {"years": value}
        case Kind.HIGHEST_AGE if age is None or age > value:
            return _("Umur paling tua %(years)s tahun.") % {"years": value}
        case Kind.RESIDENT if not person.is_resident:
            return _("Hanya untuk warga kota ini.")
        case Kind.REGISTERED if person.pk not in known.carded:
            return _("Perlu kartu AK/I yang berlaku.")
    return ""
