"""The CV that a profile makes. Nothing is on it that an employer may not weigh: no age, sex, religion, photo or NIK."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from canvassing.words import rupiah
from jobseekers import prints
from jobseekers.models import JobSeeker
from jobseekers.prints.shapes import CvPrint
from jobseekers.services.card_print import education, experience


def cv_pdf(person: JobSeeker) -> bytes:
    """A4, in Indonesian."""
    with translation.override(settings.LANGUAGE_CODE):
        return prints.cv(cv_facts(person))


def cv_facts(person: JobSeeker) -> CvPrint:
    home = f"{person.address}, {person.region}" if person.region else person.address
    return CvPrint(
        name=person.name,
        headline=str(person.occupation or ""),
        address=home,
        phone=person.phone,
        email=person.email,
        summary=person.summary,
        wishes=_wishes(person),
        experience=experience(person),
        education=[education(person)] if person.education else [],
        skills=person.skills,
        languages=person.language_names,
    )


def _wishes(person: JobSeeker) -> list[str]:
    wage = _("Upah mulai %s sebulan") % rupiah(person.wage_from) if person.wage_from else ""
    hours = _("Bersedia paruh waktu") if person.part_time else ""
    return [
        wish for wish in (", ".join(person.other_occupation_names), ", ".join(person.place_names), wage, hours) if wish
    ]
