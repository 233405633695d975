from canvassing.models import Employer, EmployerContact
from config.demo.calendar import facts
from config.demo.people import People

Employers = dict[str, Employer]


def make_employers(people: People) -> Employers:
    """Every employer with its contacts, by name."""
    return {each["name"]: _make(each, people) for each in facts("employers")}


def _make(fact: dict, people: People) -> Employer:
    contacts = fact.pop("contacts")
    employer = Employer.objects.create(
        industry_id=fact.pop("industry"), region_id=fact.pop("region"), created_by=people["petugas"], **fact
    )
    EmployerContact.objects.bulk_create(EmployerContact(employer=employer, **contact) for contact in contacts)
    return employer
