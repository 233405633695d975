from collections.abc import Iterator
from functools import partial

from config.demo.calendar import Calendar, Event
from config.demo.people import People
from jobseekers.models import DataRequest, JobSeeker
from jobseekers.services import requests


def data_request_events(people: People, calendar: Calendar) -> Iterator[Event]:
    """Two questions that wait for the office, one of them almost too long, and one that has been answered."""
    kinds, web, desk = DataRequest.Kind, JobSeeker.Via.WEB, JobSeeker.Via.DESK
    officer = people["petugas"]
    answered = partial(_ask, "Rina Oktaviani", kinds.CORRECTION, "Tanggal lahir saya keliru satu hari.", via=web)
    yield Event(calendar.past(-9, "19.20"), answered)
    yield Event(calendar.past(-8, "09.15"), partial(_finish, "Rina Oktaviani", people))
    urgent = partial(_ask, "Lina Marlina", kinds.CORRECTION, "Nama di KTP: Lina Marlina Sari.", via=web)
    yield Event(calendar.past(-2, "20.45"), urgent)
    spoken = partial(_ask, "Maya Puspita", kinds.ACCESS, "Minta salinan data di loket.", via=desk, by=officer)
    yield Event(calendar.past(-1, "10.40"), spoken)


def _ask(name: str, kind: str, words: str, **how: object) -> None:
    requests.ask(JobSeeker.objects.get(name=name), kind, words=words, **how)  # type: ignore[arg-type]


def _finish(name: str, people: People) -> None:
    requests.finish(DataRequest.objects.get(job_seeker__name=name), by=people["petugas"], answer="Sudah dibetulkan.")
