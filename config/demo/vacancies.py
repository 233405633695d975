from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accounts.models import User
from canvassing.models import Employer, EmployerContact, SchoolJobCentre, Vacancy, Visit
from config.demo.calendar import Calendar, Event, facts
from config.demo.employers import Employers
from config.demo.people import People

State = Vacancy.State
DOCUMENTS = "Fotokopi KTP, fotokopi ijazah, daftar riwayat hidup"

# What a vacancy and its fact have under the same name or another, where the fact gives it.
COLUMNS = {
    "title": "title",
    "occupation": "occupation_id",
    "education": "education_id",
    "study": "field_of_study",
    "experience": "experience_years",
    "people": "openings_any",
    "women": "openings_female",
    "reason": "restriction_reason",
    "wage_period": "wage_period",
    "wage_note": "wage_note",
    "place": "work_place",
    "hours": "working_hours",
    "terms": "working_conditions",
    "employment": "employment",
    "part_time": "part_time",
    "open_to_disability": "open_to_disability",
    "skills": "skills",
    "url": "source_url",
    "words": "employer_words",
    "description": "description",
    "requirements": "requirements",
    "apply_via": "apply_via",
    "apply_to": "apply_to",
}


def vacancy_events(
    people: People, employers: Employers, schools: dict[str, SchoolJobCentre], calendar: Calendar
) -> Iterator[Event]:
    for number, fact in enumerate(facts("vacancies")):
        yield from Life(number, fact, people, employers, schools, calendar).events()


@dataclass
class Life:
    """One vacancy from the day it was obtained to where it stands today."""

    number: int
    fact: dict[str, Any]
    people: People
    employers: Employers
    schools: dict[str, SchoolJobCentre]
    calendar: Calendar
    vacancy: Vacancy = field(init=False)

    @property
    def state(self) -> str:
        """The state that it reaches in the end."""
        return self.fact.get("state", State.PUBLISHED)

    @property
    def source(self) -> str:
        return self.fact.get("source", Vacancy.Source.VISIT)

    @cached_property
    def visit(self) -> Visit | None:
        """The last visit to the employer when the vacancy was obtained, if it comes from one."""
        if self.source != Vacancy.Source.VISIT:
            return None
        earlier = self.employer.visits.done().filter(visited_on__lte=self.calendar.day(-self.fact["obtained"]))
        return earlier.latest("visited_on")

    @property
    def employer(self) -> Employer:
        return self.employers[self.fact["employer"]]

    @cached_property
    def contact(self) -> EmployerContact:
        return self.employer.contacts.all()[0]

    @property
    def author(self) -> User:
        return self.visit.officer if self.visit else self.people[self.fact.get("by", "petugas")]

    @property
    def publisher(self) -> User:
        return self.people["penerbit" if self.number % 3 else "penerbit2"]

    def events(self) -> Iterator[Event]:
        # A vacancy heard on a visit is entered in the afternoon, when every visit of the day is over.
        obtained = -self.fact["obtained"]
        clock = "16" if "source" not in self.fact else "07"
        yield Event(self.calendar.past(obtained, f"{clock}.{self.number:02}"), self.enter)
        if "published" in self.fact:
            yield Event(self.calendar.past(-self.fact["published"], self.morning), self.publish)
        if self.state == State.EXPIRED:
            yield Event(self.calendar.at(self.fact["until"] + 1, "00.10"), self.end)
        elif "ended" in self.fact:
            yield Event(self.calendar.at(-self.fact["ended"], self.morning), self.end)

    @property
    def morning(self) -> str:
        """A time between nine and one, another for every vacancy."""
        return f"{9 + self.number % 4:02}.{self.number * 7 % 60:02}"

    def enter(self) -> None:
        """Write it down, and hand it to the check where it gets that far."""
        is_lead = self.source == Vacancy.Source.ONLINE
        self.vacancy = Vacancy.objects.create(
            state=State.LEAD if is_lead else State.DRAFT, created_by=self.author, **self._columns()
        )
        if is_lead and ("published" in self.fact or self.state == State.IN_CHECK):
            self.vacancy.take_up(by=self.author)
        if self.vacancy.state == State.DRAFT and not self.fact.get("unfinished"):
            self.vacancy.submit(by=self.author)
        if reason := self.fact.get("sent_back"):
            self.vacancy.send_back(by=self.publisher, reason=reason)

    def publish(self) -> None:
        self.vacancy.publish(
            by=self.publisher,
            confirmed_with=self.contact.position,
            confirmed_on=self.calendar.day(-self.fact["published"]),
            way=Vacancy.Confirmed.VISIT if self.visit else Vacancy.Confirmed.PHONE,
            announce_later=True,
        )

    def end(self) -> None:
        if self.state == State.FILLED:
            female, male = self.fact.get("filled", (None, None))
            self.vacancy.fill(by=self.author, answer=self.fact["answer"], female=female, male=male)
        elif self.state == State.EXPIRED:
            self.vacancy.expire()
        else:
            self.vacancy.withdraw(by=self.publisher, reason=self.fact["withdrawn_because"])
        if self.fact.get("relisted"):
            self.vacancy.relist(by=self.author)

    def _columns(self) -> dict[str, Any]:
        given = {column: self.fact[name] for name, column in COLUMNS.items() if name in self.fact}
        return {
            **given,
            **self._wage(),
            "employer": self.employer,
            "source": self.source,
            "visit": self.visit,
            "school_centre": self.schools.get(self.fact.get("school", "")),
            "obtained_on": self.calendar.day(-self.fact["obtained"]),
            "region_id": self.fact.get("region", self.employer.region_id),
            "valid_until": self.calendar.day(self.fact["until"]) if "until" in self.fact else None,
            "documents": self.fact.get("documents", DOCUMENTS),
            "contact": f"{self.contact.name}, {self.contact.phone}",
        }

    def _wage(self) -> dict[str, Any]:
        """[least, most] or [amount]; without either the employer did not state it, unless the work is unfinished."""
        low, high = (*self.fact.get("wage", ()), None, None)[:2]
        return {"wage_min": low, "wage_max": high, "wage_not_stated": low is None and "hours" in self.fact}
