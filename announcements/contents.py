"""What an announcement of one class or of free news says: one neutral shape, which every channel renders its own way.

A fact stands beside those of vacancies (announcements.facts), fit to be frozen as JSON:
{"kind", "id", "version", "path", "valid_until": "2026-12-08" or None, "words": {"id": {}, "en": {}}, "detail": {}}
`words` are those of a reader:
    label       what it is: "Pelatihan gratis"
    subject     one line, of a mail or a notice on a phone
    title, lead a headline, and the line below it or ""
    rows        [label, value], the most important first; none of news
    paragraphs  plain text
    until       "Daftar paling lambat 8 Desember 2026", or ""
    button, free
    facts       of a class: what a reader acts upon, by name; see `_acted_upon`
`detail`, always in Indonesian, is what only pieces by hand say: see `_course_detail` and `_news_detail`.
News is what the office wrote, in every language; only the words around it are translated.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from announcements.facts import Facts
from announcements.models import Announcement, Draft
from announcements.models.announcements import news_path
from canvassing.words import long_date, people
from training.models import Cohort

NEWS_LIFE = timedelta(days=14)  # how long news without a last day may still be sent
COURSE, NEWS = Announcement.Kind.COURSE, Announcement.Kind.NEWS
NOTHING_LEFT: dict[str, Promise] = {
    Draft.Content.VACANCIES: gettext_lazy("Tidak ada lowongan yang masih bisa diumumkan."),
    Draft.Content.COURSE: gettext_lazy("Angkatan ini tidak menerima pendaftaran lagi."),
    Draft.Content.NEWS: gettext_lazy("Masa berlaku kabar ini sudah lewat."),
}


def announceable_cohorts() -> Any:
    """Classes that somebody can still apply for, now or from a day that is set; the first to close on top.

    A class without selection is left out when its seats are taken: whoever reads of it could only wait.
    """
    open_ones = Cohort.objects.filter(
        state=Cohort.State.OPEN, announced_at=None, intake_until__gte=timezone.localdate()
    ).exclude(intake=Cohort.Intake.FIRST_COME, taken__gte=F("capacity"))
    return open_ones.select_related("course").order_by("intake_until", "pk")


# The same question as `announceable_cohorts`, and whether news is still true, for an announcement `a` of a statement
# that knows the day as `clock.local`; see announcements.ledger.
STILL_TRUE = """CASE a.kind
    WHEN 'course' THEN EXISTS (
        SELECT FROM training_cohort c WHERE c.id = a.cohort_id
            AND c.state = 'open' AND c.announced_at IS NULL AND c.intake_until >= clock.local::date
            AND NOT (c.intake = 'first_come' AND c.taken >= c.capacity))
    ELSE coalesce(a.valid_until >= clock.local::date, true) END"""


def is_notice(fact: Facts) -> bool:
    return "kind" in fact


def notice_in(facts: list[Facts], language: str) -> dict[str, Any] | None:
    """The words of a class or of news beside its address and last day; None where the facts are of vacancies."""
    if not facts or not is_notice(facts[0]):
        return None
    (fact,) = facts
    last = fact["valid_until"]
    beside = {
        "url": settings.SITE_URL + fact["path"],
        "valid_until": date.fromisoformat(last) if last else None,
        "detail": fact["detail"],
    }
    return fact["words"][language] | beside


def of_draft(draft: Draft) -> list[Facts]:
    """What would be said at this moment; empty when it would no longer be true."""
    if draft.content == Draft.Content.COURSE:
        return of_cohorts(announceable_cohorts().filter(pk=draft.cohort_id))
    if draft.valid_until and draft.valid_until < timezone.localdate():
        return []
    return [_news(draft.pk, draft.title, draft.text, draft.valid_until)]


def of_announcement(announcement: Announcement) -> list[Facts]:
    """The same for an announcement of these kinds."""
    if announcement.kind == COURSE:
        return of_cohorts(announceable_cohorts().filter(pk=announcement.cohort_id))
    if announcement.is_over or announcement.is_cancelled:
        return []
    return [_news(announcement.draft.pk, announcement.title, announcement.text, announcement.valid_until)]


def of_cohorts(cohorts: Iterable[Cohort]) -> list[Facts]:
    return [course_facts(each) for each in cohorts]


def expiry(fact: Facts) -> date:
    """The last day on which it may be sent."""
    last = fact["valid_until"]
    return date.fromisoformat(last) if last else timezone.localdate() + NEWS_LIFE


def course_facts(cohort: Cohort) -> Facts:
    """Needs `course` loaded with the cohort."""
    rules = list(cohort.course.rules.all())
    spoken = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            spoken[language] = _course_words(cohort, [str(rule) for rule in rules])
    with translation.override("id"):
        detail = _course_detail(cohort, [str(rule) for rule in rules])
    return {
        "kind": COURSE.value,
        "id": cohort.pk,
        "version": f"{cohort.version}.{cohort.course.version}",
        "path": cohort.get_absolute_url(),
        "valid_until": cohort.intake_until.isoformat(),
        "words": spoken,
        "detail": detail,
    }


def _course_words(cohort: Cohort, rules: list[str]) -> dict[str, Any]:
    """In the language that is active."""
    hours = cohort.course.lesson_hours
    required = [*rules, *_paragraphs(cohort.course.requirements)]
    rows = [
        (_("Pendaftaran"), _span(cohort.intake_from, cohort.intake_until)),
        (_("Pelatihan"), _span(cohort.begins_on, cohort.ends_on)),
        (pgettext("satu", "Tempat"), cohort.place),
        (_("Kursi"), people(cohort.capacity)),
        (_("Syarat"), "; ".join(text.rstrip(".") for text in required)),
        (_("Cara masuk"), str(cohort.get_intake_display())),
        (_("Lama"), ngettext("%(hours)s jam pelajaran", "%(hours)s jam pelajaran", hours) % {"hours": hours}),
    ]
    title = str(cohort)
    return {
        "label": _("Pelatihan gratis"),
        "subject": _one_line(_("Pelatihan gratis: %(title)s") % {"title": title}),
        "title": str(cohort.course),
        "lead": cohort.name,
        "rows": [[label, value] for label, value in rows if value],
        "paragraphs": _paragraphs(cohort.course.summary),
        "until": _("Daftar paling lambat %(date)s") % {"date": long_date(cohort.intake_until)},
        "button": _("Lihat dan daftar"),
        "free": _("Gratis, tidak dipungut biaya."),
        "facts": _acted_upon(cohort),
    }


def _acted_upon(cohort: Cohort) -> dict[str, str]:
    """What a reader acts upon, in the language that is active: a change of one of these makes a piece outdated."""
    return {
        "begins_on": long_date(cohort.begins_on),
        "ends_on": long_date(cohort.ends_on),
        "intake_from": long_date(cohort.intake_from),
        "intake_until": long_date(cohort.intake_until),
        "place": cohort.place,
        "capacity": people(cohort.capacity),
    }


def _course_detail(cohort: Cohort, rules: list[str]) -> dict[str, Any]:
    """`core` is always read out on the radio, `more` as far as time allows; `how` ends "Caranya: ..."; `asks` are what
    the letter asks of the kecamatan besides the usual."""
    begins, last = long_date(cohort.begins_on), long_date(cohort.intake_until)
    spoken = ", ".join(f"{rule[:1].lower()}{rule[1:].replace(': ', ' ')}" for rule in rules)
    required = [f"Syaratnya {spoken}."] if spoken else []
    return {
        "core": [
            f"Pelatihan {cohort.course}, untuk {cohort.capacity} orang, mulai {begins}, di {cohort.place}.",
            f"Pendaftaran paling lambat {last}.",
        ],
        "more": [*required, *_sentences(cohort.course.summary)],
        "free": "Pelatihan ini tidak dipungut biaya.",
        "last_label": "Daftar paling lambat",
        "how": "daftar di situs kami lewat kode ini, atau datang ke kantor dengan membawa KTP.",
        "letter": {
            "subject": "Penyampaian Informasi Pelatihan Kerja",
            "title": "Pelatihan kerja",
            "opening": "Sehubungan dengan dibukanya pendaftaran pelatihan kerja yang diselenggarakan oleh {office}, "
            "bersama ini disampaikan keterangan pelatihan sebagaimana terlampir.",
            "tell": "mengumumkan pelatihan dimaksud kepada masyarakat melalui para lurah di wilayah Saudara;",
            "free": "menegaskan bahwa mengikuti pelatihan tidak dipungut biaya apa pun.",
            "foot": "Mengikuti pelatihan tidak dipungut biaya.",
        },
        "facts": _acted_upon(cohort),
    }


def _news(key: int, title: str, text: str, valid_until: date | None) -> Facts:
    spoken = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            spoken[language] = {
                "label": _("Kabar kantor"),
                "subject": _one_line(title),
                "title": _one_line(title),
                "lead": "",
                "rows": [],
                "paragraphs": _paragraphs(text),
                "until": _("Berlaku sampai %(date)s") % {"date": long_date(valid_until)} if valid_until else "",
                "button": _("Baca di situs kami"),
                "free": _("Semua layanan kami gratis."),
            }
    with translation.override("id"):
        detail = _news_detail(title, text, valid_until)
    return {
        "kind": NEWS.value,
        "id": key,
        "version": 1,
        "path": news_path(key, title),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "words": spoken,
        "detail": detail,
    }


def _news_detail(title: str, text: str, valid_until: date | None) -> dict[str, Any]:
    core = [f"{_one_line(title).rstrip('.')}."]
    if valid_until:
        core.append(f"Berlaku sampai {long_date(valid_until)}.")
    return {
        "core": core,
        "more": _sentences(text),
        "free": "Semua layanan kami tidak dipungut biaya.",
        "last_label": "Berlaku sampai",
        "how": "",
        "letter": {
            "subject": "Penyampaian Informasi",
            "title": _one_line(title),
            "opening": "Sehubungan dengan adanya informasi dari {office} yang perlu diketahui masyarakat, bersama ini "
            "disampaikan informasi sebagaimana terlampir.",
            "tell": "menyampaikan informasi dimaksud kepada masyarakat melalui para lurah di wilayah Saudara;",
            "free": "menegaskan bahwa layanan ketenagakerjaan tidak dipungut biaya apa pun.",
            "foot": "Layanan ketenagakerjaan tidak dipungut biaya.",
        },
        "facts": {},
    }


def _span(first: date, last: date) -> str:
    return f"{long_date(first)} – {long_date(last)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> list[str]:
    """An empty line, or any line break, parts paragraphs."""
    return [_one_line(line) for line in text.splitlines() if line.strip()]


def _sentences(text: str) -> list[str]:
    """Each with its full stop; a paragraph always ends one."""
    found = []
    for paragraph in _paragraphs(text):
        found += [f"{each.rstrip('.')}." if each[-1] not in "!?" else each for each in _parted(paragraph)]
    return found


def _parted(paragraph: str) -> list[str]:
    return [each for each in re.split(r"(?<=[\w)]{3}[.!?])(?<!Jln\.)\s+(?=[A-Z0-9])", paragraph) if each]
