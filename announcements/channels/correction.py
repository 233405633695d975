"""The words of a correction. Its facts carry {"changes": {"id": [{"label", "old", "new"}], "en": [...]}, "state"}."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.contents import is_notice
from announcements.facts import Facts
from announcements.outdated import TAKEN
from training.models import Cohort


def is_correction(facts: list[Facts]) -> bool:
    return "changes" in facts[0]


def correction_subject(facts: list[Facts], language: str) -> str:
    """In the language that is active, as everything here. One line, whatever was typed into a title."""
    if len(facts) > 1:
        words = ngettext("Koreksi untuk %(number)s lowongan", "Koreksi untuk %(number)s lowongan", len(facts))
        return words % {"number": len(facts)}
    (fact,) = facts
    told = fact["words"][language]
    values = {"title": told["title"], "employer": told["lead"] if is_notice(fact) else told["employer"]}
    text = _("Koreksi: %(title)s, %(employer)s")
    if _closed(fact):
        of_class = _("Pelatihan batal: %(title)s, %(employer)s")
        text = of_class if is_notice(fact) else _("Sudah ditutup: %(title)s, %(employer)s")
    return " ".join((text % values).split())


def corrected(facts: list[Facts], language: str) -> list[dict[str, Any]]:
    """What the mail shows of each vacancy, or of the class; `closed` is the sentence for one that is over, or ""."""
    rows = []
    for each in facts:
        words = each["words"][language]
        rows.append(
            {
                "url": settings.SITE_URL + each["path"],
                "title": words["title"],
                "under": words["lead"] if is_notice(each) else f"{words['employer']} · {words['place']}",
                "closed": _end_of(each) if _closed(each) else "",
                "changes": each["changes"][language],
            }
        )
    return rows


def correction_sentence(facts: list[Facts], language: str) -> str:
    """All of it for the small space of a notice."""
    if len(facts) > 1:
        titles = ", ".join(fact["words"][language]["title"] for fact in facts)
        return _("Yang kami kabarkan sebelumnya berubah: %(titles)s.") % {"titles": titles}
    (fact,) = facts
    if _closed(fact):
        return _end_of(fact)
    return "; ".join(_("%(label)s: %(old)s menjadi %(new)s") % each for each in fact["changes"][language]) + "."


def _closed(fact: Facts) -> bool:
    return fact["state"] == Cohort.State.CANCELLED if is_notice(fact) else fact["state"] in TAKEN


def _end_of(fact: Facts) -> str:
    if is_notice(fact):
        return _("Pelatihan ini batal. Pendaftaran Anda tidak berlaku lagi; tanyakan penggantinya di kantor.")
    return _("Lowongan ini sudah ditutup, jangan melamar lagi.")
