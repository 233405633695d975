"""How far the pieces by hand are proved: counts by channel, in the same shape as the ledger's tallies."""

from collections.abc import Iterable

from django.db.models import Count, Q

from announcements.channels import Tally
from announcements.models import LetterReceipt, Posting
from announcements.models.announcements import ChannelKey

PROVEN = Q(photo__isnull=False) | ~Q(link="") | ~Q(witness="")


def tallies(announcements: Iterable[int]) -> dict[tuple[int, str], Tally]:
    """By announcement and channel: posted, standing, proven; of the letter also numbered, asked, received."""
    keys = list(announcements)
    found: dict[tuple[int, str], Tally] = {}
    postings = Posting.objects.filter(issue__announcement__in=keys)
    rows = postings.values_list("issue__announcement", "issue__channel").annotate(
        posted=Count("pk"), standing=Count("pk", filter=Q(ended_at=None)), proven=Count("pk", filter=PROVEN)
    )
    for announcement, channel, posted, standing, proven in rows:
        found[announcement, channel] = {"posted": posted, "standing": standing, "proven": proven}
    letters = LetterReceipt.objects.filter(issue__announcement__in=keys).order_by("issue__facts_version")
    for row in letters.values("issue__announcement", "issue", "issue__facts_version").annotate(
        asked=Count("pk"), received=Count("received_at"), numbered=Count("issue__letter")
    ):  # the newest letter is the one that counts
        counts = {name: row[name] for name in ("asked", "received", "numbered")}
        found.setdefault((row["issue__announcement"], ChannelKey.LETTER), {}).update(counts)
    return found
