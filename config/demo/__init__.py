"""The demo: an invented office, its last six weeks and what is due today. Every fact is in the .toml files.

The weeks are lived through: what happened then is done by the same methods as today, with Django's clock standing at
that moment. So whatever the product refuses, the demo cannot show either.
"""

from datetime import datetime
from operator import attrgetter

from django.db import transaction

from config.demo.announcements import announcement_events
from config.demo.calendar import Calendar, Event
from config.demo.employers import make_employers
from config.demo.jobseekers import job_seeker_events
from config.demo.messages import message_events
from config.demo.people import make_office, make_people, make_school_centres
from config.demo.personal_data import data_request_events
from config.demo.referrals import referral_events
from config.demo.reports import make_reports
from config.demo.subscribers import ask_for_confirmation, subscriber_events
from config.demo.training import training_events
from config.demo.vacancies import vacancy_events
from config.demo.visits import visit_events


@transaction.atomic
def build(now: datetime) -> None:
    """Fill an empty database with the demo as it stands at `now`. The same for the same moment."""
    calendar = Calendar(now)
    make_office()
    people = make_people()
    schools = make_school_centres(people, calendar)
    employers = make_employers(people)
    events: list[Event] = [
        *subscriber_events(calendar),
        *job_seeker_events(people, schools, calendar),
        *visit_events(people, employers, calendar),
        *vacancy_events(people, employers, schools, calendar),
        *announcement_events(people, calendar),
        *referral_events(people, calendar),
        *data_request_events(people, calendar),
        *training_events(people, calendar),
        *message_events(people, calendar),
    ]
    for event in sorted(events, key=attrgetter("moment")):  # stable: what shares a moment keeps its order
        event.happen()
    ask_for_confirmation()
    make_reports()
