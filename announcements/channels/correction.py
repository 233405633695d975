"""The words of a correction. Its facts carry {"changes": {"id": [{"label", "old", "new"}], "en": [...]}, "state"}."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.facts import Facts
from announcements.outdated import TAKEN


def is_correction(facts: list[Facts]) -> bool:
    return "changes" in facts[0]


def correction_subject(facts: list[Facts], language: str) -> str:
    """In the language that is active, as everything here. One line, whatever was typed into a title."""
    if len(facts) > 1:
        words = ngettext("Koreksi untuk %(number)s lowongan", "Koreksi untuk %(number)s lowongan", len(facts))
        return words % {"number": len(facts)}
    (fact,) = facts
    text = _("Sudah ditutup: %(title)s, %(employer)s") if _closed(fact) else _("Koreksi: %(title)s, %(employer)s")
    return " ".join((text % fact["words"][language]).split())


def corrected(facts: list[Facts], language: str) -> list[dict[str, Any]]:
    """What the mail shows of each vacancy."""
    return [
        each["words"][language]
        | {"url": settings.SITE_URL + each["path"], "closed": _closed(each), "changes": each["changes"][language]}
        for each in facts
    ]


def correction_sentence(facts: list[Facts], language: str) -> str:
    """All of it for the small space of a notice."""
    if len(facts) > 1:
        titles = ", ".join(fact["words"][language]["title"] for fact in facts)
        return _("Yang kami kabarkan sebelumnya berubah: %(titles)s.") % {"titles": titles}
    (fact,) = facts
    if _closed(fact):
        return _("Lowongan ini sudah ditutup, jangan melamar lagi.")
    return "; ".join(_("%(label)s: %(old)s menjadi %(new)s") % each for each in fact["changes"][language]) + "."


def _closed(fact: Facts) -> bool:
    return fact["state"] in TAKEN
