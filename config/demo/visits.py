from collections.abc import Iterator
from functools import partial
from typing import Any

from canvassing.models import Visit
from config.demo.calendar import Calendar, Event, facts
from config.demo.employers import Employers
from config.demo.people import People


def visit_events(people: People, employers: Employers, calendar: Calendar) -> Iterator[Event]:
    """Visits are written down when they have taken place, planned ones today."""
    for fact in facts("visits"):
        visit = Visit(
            employer=employers[fact["employer"]],
            officer=people[fact["officer"]],
            planned_for=calendar.at(fact["day"], fact["time"]),
            purpose=fact["purpose"],
            **_result(fact, calendar),
        )
        yield Event(calendar.past(fact["day"], fact["time"]), visit.save)
        if fact.get("ticked"):
            yield Event(calendar.past(fact["next_day"], "08.00"), partial(Visit.tick_next_step, visit))


def _result(fact: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    if fact.get("cancelled"):
        return {"state": Visit.State.CANCELLED}
    if "met" not in fact:
        return {"state": Visit.State.PLANNED}
    return {
        "state": Visit.State.DONE,
        "visited_on": calendar.day(fact["day"]),
        "person_met": fact["met"],
        "outcome": fact["outcome"],
        "report": fact["report"],
        "next_step": fact["next"],
        "next_step_on": calendar.day(fact["next_day"]),
    }
