"""Dates as a calendar knows them (RFC 5545). Times are UTC, so no time zone needs describing."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings


def event(
    *,
    uid: str,
    stamp: datetime,
    begins: date,
    ends: date,
    summary: str,
    location: str = "",
    description: str = "",
    cancelled: bool = False,
) -> str:
    """A calendar file of one event, from a moment to a moment or, given days, from a day to the end of a day."""
    host = settings.SITE_URL.split("://")[-1].split(":")[0]
    fields = {
        "UID": f":{uid}@{host}",
        "DTSTAMP": f":{_utc(stamp)}",
        "DTSTART": _moment(begins),
        "DTEND": _moment(ends if isinstance(ends, datetime) else ends + timedelta(days=1)),
        "SUMMARY": f":{_escaped(summary)}",
        "LOCATION": location and f":{_escaped(location)}",
        "DESCRIPTION": description and f":{_escaped(description)}",
        "STATUS": ":CANCELLED" if cancelled else ":CONFIRMED",
    }
    inner = [f"{name}{value}" for name, value in fields.items() if value]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kanvas Kerja//ID", "METHOD:PUBLISH", "BEGIN:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in [*head, *inner, "END:VEVENT", "END:VCALENDAR"])


def _moment(when: date) -> str:
    return f":{_utc(when)}" if isinstance(when, datetime) else f";VALUE=DATE:{when:%Y%m%d}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> str:
    """At most 75 bytes a line; the rest follows after a blank."""
    parts, rest = [], line.encode()
    while len(rest) > 73:
        cut = 73
        while rest[cut] & 0xC0 == 0x80:  # not inside a character
            cut -= 1
        parts.append(rest[:cut].decode())
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest.decode()])
