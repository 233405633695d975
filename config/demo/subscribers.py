from collections.abc import Iterator
from functools import partial
from typing import Any

from canvassing.search import Criteria
from config.demo.calendar import Calendar, Event, facts
from jobseekers.models import AlertSubscription
from jobseekers.services.alerts import fields_of, subscribe


def subscriber_events(calendar: Calendar) -> Iterator[Event]:
    for fact in facts("subscribers"):
        if fact.get("pending"):
            continue
        subscription = AlertSubscription(
            email=fact["email"],
            frequency=fact.get("frequency", AlertSubscription.Frequency.INSTANT),
            language=fact.get("language", "id"),
            wants_courses=fact.get("courses", False),
            wants_news=fact.get("news", False),
            **fields_of(criteria(fact)),
        )
        yield Event(calendar.past(-fact["days"], "19.00"), subscription.save)
        yield Event(calendar.past(-fact["days"], "19.05"), partial(AlertSubscription.confirm, subscription))
        if "stopped" in fact:
            yield Event(calendar.past(-fact["stopped"], "06.30"), partial(AlertSubscription.stop, subscription))


def ask_for_confirmation() -> None:
    """The newest subscribers have their letter in the mail catcher and have not answered yet."""
    for fact in facts("subscribers"):
        if fact.get("pending"):
            subscribe(
                email=fact["email"],
                criteria=criteria(fact),
                frequency=fact.get("frequency", AlertSubscription.Frequency.INSTANT),
                language=fact.get("language", "id"),
            )


def criteria(fact: dict[str, Any]) -> Criteria:
    values = {name: fact[name] for name in Criteria.PARAMETERS if name in fact}
    return Criteria(**values | {"places": tuple(fact.get("places", ()))})
