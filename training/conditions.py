"""Whether somebody meets the conditions of a course, in words. The rules are rows that the office edits."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from canvassing.reference import reference_names
from jobseekers.models import JobSeeker
from training.models import AdmissionRule, Cohort, Enrolment
from training.models.enrolments import State

Kind = AdmissionRule.Kind
TRAINED = (State.OFFERED, State.ENROLLED, State.COMPLETED, State.FAILED)


def unmet(person: JobSeeker, cohort: Cohort, rules: Iterable[AdmissionRule]) -> list[str]:
    """What is missing, a sentence each; [] when everything is met. What the record does not say counts as missing."""
    return [words for rule in rules if (words := _unmet(person, cohort, rule))]


def _unmet(person: JobSeeker, cohort: Cohort, rule: AdmissionRule) -> str:
    value, age = rule.value or 0, person.age
    match rule.kind:
        case Kind.ONE_A_YEAR:
            others = Enrolment.objects.filter(job_seeker=person, state__in=TRAINED).exclude(cohort=cohort)
            if others.filter(cohort__begins_on__year=cohort.begins_on.year).exists():
                return _("Sudah ikut pelatihan lain tahun ini.")
        case Kind.LOWEST_EDUCATION:
            if person.education_id is None or person.education_id < value:
                return _("Pendidikan paling rendah %(level)s.") % {"level": reference_names().education_level(value)}
        case Kind.LOWEST_AGE:
            if age is None or age < value:
                return _("Umur paling muda %(years)s tahun.") % {"years": value}
        case Kind.HIGHEST_AGE:
            if age is None or age > value:
                return _("Umur paling tua %(years)s tahun.") % {"years": value}
        case Kind.RESIDENT:
            if not person.is_resident:
                return _("Hanya untuk warga kota ini.")
        case Kind.REGISTERED:
            if not person.cards.standing().exists():
                return _("Perlu kartu AK/I yang berlaku.")
    return ""
