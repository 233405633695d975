from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from announcements import replies
from config.demo.calendar import Calendar, Event
from config.demo.people import People
from jobseekers.models import ChatMessage, JobSeeker

Kind, State = ChatMessage.Kind, ChatMessage.State
WHATSAPP, TELEGRAM = "whatsapp_msg", "telegram_msg"


def message_events(people: People, calendar: Calendar) -> Iterator[Event]:
    """What no program understood: answered yesterday, taken by a colleague, waiting; also of somebody unknown.

    Written down as rows: the services that would bring them are not set up in the demo, so nothing can be sent either.
    """
    asked = partial(_write, WHATSAPP, "Rina Oktaviani", "Apa ada pelatihan menjahit bulan depan, Kak?")
    yield Event(calendar.past(-2, "16.20"), asked)
    yield Event(calendar.past(-1, "08.10"), partial(_answer, "Rina Oktaviani", people))
    moved = partial(_write, TELEGRAM, "Fitri Handayani", "Saya ganti nomor HP, bagaimana cara mengubahnya?")
    yield Event(calendar.past(-1, "19.05"), moved)
    yield Event(calendar.past(-1, "19.30"), partial(_take, "Fitri Handayani", people))
    works = partial(_write, WHATSAPP, "Rizki Ramadhan", "Sudah kerja", kind=Kind.EMPLOYED)
    yield Event(calendar.past(0, "07.15"), works)
    unknown = partial(_write, WHATSAPP, None, "Pagi, lowongan kasir di Metro Pusat masih ada? Saya lulusan SMA.")
    yield Event(calendar.past(0, "07.40"), unknown)
    yield Event(calendar.past(0, "08.05"), partial(_write, TELEGRAM, None, ""))  # a voice message


def _write(channel: str, name: str | None, text: str, *, kind: str = Kind.OTHER) -> None:
    number = ChatMessage.objects.count() + 1
    ChatMessage.objects.create(
        channel=channel,
        event_id=f"demo-{number}",
        job_seeker=JobSeeker.objects.get(name=name) if name else None,
        address=f"62812000020{number:02d}" if channel == WHATSAPP else f"70000{number:02d}",
        text=text,
        kind=kind,
        state=State.OPEN,
        received_at=timezone.now(),
    )


def _answer(name: str, people: People) -> None:
    message = ChatMessage.objects.get(job_seeker__name=name)
    words = "Ditelepon: kelas menjahit dibuka lagi bulan depan, mendaftar di situs atau di loket."
    replies.answer(message, words, way=ChatMessage.Way.BY_HAND, by=people["petugas"])


def _take(name: str, people: People) -> None:
    ChatMessage.objects.get(job_seeker__name=name).take(people["petugas"])
