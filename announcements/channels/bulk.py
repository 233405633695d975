"""What the channels that send to many recipients by themselves have in common."""

from typing import ClassVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from announcements.channels.base import Standing, Tally
from announcements.channels.hand import WithoutFiles, amount
from announcements.contents import is_notice
from announcements.facts import Facts
from announcements.models import Announcement, Issue
from announcements.models.deliveries import WAITING, State


class BulkChannel(WithoutFiles):
    """`repeats`: how often what may have arrived is sent again before an officer decides."""

    key: ClassVar[str]
    repeats: ClassVar[int] = 1

    def description(self, issue: Issue) -> str:
        return amount(issue)

    def standing(self, announcement: Announcement, tally: Tally) -> Standing:
        accepted = sum(tally.get(state, 0) for state in (State.SENT, State.DELIVERED))
        proof = _("%(number)s diterima server") % {"number": number_format(accepted, force_grouping=True)}
        if announcement.is_cancelled:
            return Standing("neutral", _("Ditarik"), proof)
        if announcement.is_held:
            return Standing("warn", _("Menunggu kepala dinas"), proof)
        if announcement.expanded_at is None or any(tally.get(state) for state in WAITING):
            return Standing("info", _("Berjalan"), proof)
        if tally.get(State.UNKNOWN):
            return Standing("warn", _("Perlu diputuskan"), proof)
        if tally.get(State.FAILED):
            return Standing("warn", _("Terkirim, sebagian ditolak"), proof)
        if not tally:
            return Standing("neutral", _("Tidak ada pelanggan yang cocok"), proof)
        return Standing("ok", _("Terkirim"), proof)


def one_line(text: str, longest: int) -> str:
    """Without line breaks, and cut with an ellipsis where it is longer than `longest` characters."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def in_order(facts: list[Facts], vacancy_ids: tuple[int, ...]) -> list[Facts]:
    """What a permit lets a message speak of, as it was frozen: of the vacancies those; a class or news as a whole."""
    return [each for each in facts if is_notice(each) or each["id"] in vacancy_ids]
