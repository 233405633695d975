"""Everything the office holds about one person: read once, shown as a page, as JSON and as a print.

The NIK is masked here too: the person has the card, and a lost file must not give it away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataAccess, User, current_office
from accounts.roles import Role
from canvassing.words import long_date
from jobseekers import prints
from jobseekers.models import FollowUp, JobSeeker, Merge, PeriodicReport
from jobseekers.prints.shapes import DataPrint, Letterhead
from jobseekers.prints.shapes import Section as PrintedSection

FORMAT = "kanvas-kerja/data-pribadi/1"  # raise the number when a key changes its meaning


@dataclass(frozen=True)
class Fact:
    key: str  # stable, English: what a program reads
    label: str | Promise
    value: Any  # as JSON knows it
    words: str


@dataclass(frozen=True)
class Section:
    """One kind of data. Each entry is one row of it: a single one for the person, one per card, job, application."""

    key: str
    title: str | Promise
    entries: list[list[Fact]]


PROFILE = (
    "name", "birth_place", "birth_date", "sex", "marital_status", "religion", "guardian_name", "siapkerja_id",
    "region", "address", "postal_code", "phone", "email", "education", "field_of_study", "school", "graduated_in",
    "skills", "summary", "occupation", "wage_from", "part_time", "state", "via", "school_centre",
    "in_register", "restricted_at", "created_at", "updated_at", "active_at",
)  # fmt: skip


# What apps above this one hold about a person; they add theirs when they are ready.
MORE: list[Callable[[JobSeeker], list[Section]]] = []


def sections(person: JobSeeker) -> list[Section]:
    """Sections without a row are left out."""
    cards, applications = person.cards.all(), person.applications.select_related("vacancy__employer", "reason")
    parts = [
        Section("profile", _("Data diri"), [_profile(person)]),
        rows(
            "experiences", _("Pengalaman kerja"), person.experiences.all(),
            "position", "employer", "from_year", "to_year", "duties",
        ),
        _disability(person),
        rows(
            "consents", _("Persetujuan"), person.consents.all(),
            "purpose", "wording", "given_at", "channel", "guardian", "evidence", "withdrawn_at",
        ),
        rows(
            "documents", _("Berkas"), person.documents.select_related("kind"),
            "kind", "media_type", "uploaded_at", "seen_at",
        ),
        rows(
            "cards", _("Kartu AK/I"), cards,
            "number", "state", "requested_at", "issued_on", "valid_until", "refusal", "ended_on", "end",
        ),
        rows(
            "reports", _("Wajib lapor"), PeriodicReport.objects.filter(card__in=cards),
            "number", "due_on", "reported_on", "answer", "via",
        ),
        rows(
            "register", _("Daftar aktif"), person.register_events.select_related("reason", "education", "occupation"),
            "kind", "on", "reason", "age", "sex", "education", "occupation", own={"age": gettext_lazy("Umur")},
        ),
        Section("applications", _("Lamaran dan rujukan"), [_application(each) for each in applications.all()]),
        rows(
            "appointments", _("Janji temu"), person.appointments.all(),
            "kind", "begins_at", "minutes", "place", "note", "state",
        ),
        rows(
            "placements", _("Penempatan"), person.placements.select_related("employer", "region"),
            "position", "employer", "started_on", "region", "scope", "recorded_at",
        ),
        rows(
            "follow_ups", _("Kabar sesudah bekerja"), FollowUp.objects.filter(placement__job_seeker=person),
            "months", "due_on", "asked_at", "answer", "answered_at", "via",
        ),
        rows(
            "talent_lists", _("Daftar bakat"), person.talent_entries.select_related("talent_list"),
            "talent_list", "by_matching", "added_at",
            own={"talent_list": gettext_lazy("Daftar"), "added_at": gettext_lazy("sejak")},
        ),
        rows(
            "overrides", _("Keputusan petugas pada pencocokan"), person.overrides.select_related("vacancy"),
            "vacancy", "verdict", "reason", "at",
            own={"vacancy": gettext_lazy("Lowongan"), "at": gettext_lazy("kapan")},
        ),
        rows(
            "chats", _("Kabar lewat pesan"), person.chats.all(),
            "channel", "state", "address", "wants_vacancies", "wants_courses", "wants_news",
            "consented_at", "linked_at", "stopped_at",
        ),
        rows(
            "messages", _("Pesan kepada kami"), person.chat_messages.all(),
            "channel", "address", "text", "kind", "received_at", "state", "answer", "way", "answered_at",
        ),
        rows(
            "requests", _("Permintaan tentang data"), person.data_requests.all(),
            "kind", "words", "via", "received_at", "state", "answer", "handled_at",
        ),
        rows(
            "merges", _("Catatan ganda yang digabung"), Merge.objects.filter(kept=person), "at", "undone_at",
            own={"at": gettext_lazy("digabung"), "undone_at": gettext_lazy("dibatalkan")},
        ),
        *(section for more in MORE for section in more(person)),
        Section("accesses", _("Siapa yang melihat data"), [_access(each) for each in accesses(person)]),
    ]  # fmt: skip
    return [part for part in parts if part.entries]


def export(person: JobSeeker) -> dict[str, Any]:
    """The same as a document for a program: {"format", "office", "printed_at", section: [{key: value}]}."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "office": current_office().name,
        "printed_at": timezone.localtime().isoformat(timespec="seconds"),
    }
    for section in sections(person):
        entries = [{fact.key: fact.value for fact in entry} for entry in section.entries]
        found[section.key] = entries[0] if section.key in ("profile", "disability") else entries
    return found


def print_copy(person: JobSeeker) -> bytes:
    """The same as PDF."""
    office = current_office()
    return prints.personal_data(
        DataPrint(
            office=Letterhead(name=office.name, address=office.address, phone=office.phone),
            name=person.name,
            printed=_when(timezone.now()),
            sections=[
                PrintedSection(
                    title=str(section.title) if number == 0 else f"{section.title} ({number + 1})",
                    pairs=[(str(fact.label), fact.words) for fact in entry],
                )
                for section in sections(person)
                for number, entry in enumerate(section.entries)
            ],
        )
    )


def accesses(person: JobSeeker) -> QuerySet[DataAccess]:
    return DataAccess.objects.filter(subject=person.key).select_related("actor").prefetch_related("actor__groups")


def who(actor: User | None) -> str:
    """What the person reads: an office, never the name of an officer."""
    if actor is None:
        return _("Sistem")
    names = {group.name for group in actor.groups.all()}
    if Role.BKK_OFFICER in names:
        return _("Petugas BKK sekolah")
    if not names:
        return _("Anda sendiri")
    return (_("Kepala kantor, %s") if Role.MANAGER in names else _("Petugas %s")) % current_office().short_name


def _access(access: DataAccess) -> list[Fact]:
    at, *rest = _facts(access, "at", "action", "reason")
    return [at, Fact("by", _("Siapa"), who(access.actor), who(access.actor)), *rest]


def _profile(person: JobSeeker) -> list[Fact]:
    facts = _facts(person, *PROFILE)
    lists = {
        "languages": (_("bahasa"), person.languages, person.language_names),
        "other_occupations": (_("jabatan lain yang dicari"), person.other_occupations, person.other_occupation_names),
        "places": (_("mau bekerja di"), person.places, person.place_names),
    }
    more = [
        Fact(key, capfirst(label), list(raw), ", ".join(names)) for key, (label, raw, names) in lists.items() if raw
    ]
    number = Fact("nik_masked", "NIK", person.nik_masked, person.nik_masked)
    return [facts[0], *([number] if person.nik_masked else []), *facts[1:], *more]


def _disability(person: JobSeeker) -> Section:
    known = getattr(person, "disability", None)
    if known is None:
        return Section("disability", "", [])
    kinds = Fact("kinds", capfirst(_("ragam disabilitas")), known.kinds, str(known))
    return Section("disability", _("Disabilitas"), [[kinds, *_facts(known, "needs")]])


def _application(application: Any) -> list[Fact]:
    """With what the employer got to know, why it ended in the person's words, and every step."""
    vacancy = application.vacancy
    facts = _facts(application, "vacancy", "way", "state", "message", "referral", "created_at", "answer_by")
    facts.insert(1, Fact("employer", _("Pemberi kerja"), vacancy.employer.name, vacancy.employer.name))
    if application.reason:
        facts.append(Fact("reason", _("Alasan"), application.reason_id, application.reason.words))
    steps = [
        {"at": each.at.isoformat(), "state": each.to_state, "words": f"{_when(each.at)} {each.get_to_state_display()}"}
        for each in application.log.order_by("pk")
    ]
    if steps:
        facts.append(Fact("steps", _("Riwayat"), steps, " · ".join(each["words"] for each in steps)))
    return facts


def rows(
    key: str, title: str | Promise, found: Iterable[Model], *names: str, own: dict[str, str | Promise] | None = None
) -> Section:
    return Section(key, title, [_facts(row, *names, own=own or {}) for row in found])


def _facts(row: Model, *names: str, own: dict[str, str | Promise] | None = None) -> list[Fact]:
    """The named fields that say something, with the labels of the forms; `own` labels those that have none."""
    found = []
    for name in names:
        value = getattr(row, name)
        if value is None or value == "" or value == []:
            continue
        label = (own or {}).get(name) or row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        display = getattr(row, f"get_{name}_display", None)
        found.append(Fact(name, capfirst(str(label)), _plain(value), str(display()) if display else _in_words(value)))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, datetime):
        return _when(value)
    return long_date(value) if isinstance(value, date) else str(value)


def _when(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{long_date(local.date())}, {local:%H.%M}"
