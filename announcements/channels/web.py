from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.channels.base import Standing, Tally
from announcements.channels.hand import WithoutFiles
from announcements.contents import notice_in
from announcements.facts import Facts
from announcements.models import Announcement, Issue
from announcements.models.announcements import ChannelKey


class WebChannel(WithoutFiles):
    """The public pages of what is announced: there from the moment of publication, so nothing is delivered."""

    key = ChannelKey.WEB

    def issue(self, announcement: Announcement, facts: list[Facts]) -> Issue:
        text = "\n".join(settings.SITE_URL + each["path"] for each in facts)
        if notice := notice_in(facts, settings.LANGUAGE_CODE):
            text = "\n\n".join([notice["url"], *notice["paragraphs"], notice["until"]]).rstrip()
        return Issue(announcement=announcement, channel=self.key, facts=facts, subject=announcement.title, text=text)

    def description(self, issue: Issue) -> str:
        number = len(issue.facts)
        return ngettext("%(number)s halaman", "%(number)s halaman", number) % {"number": number}

    def standing(self, announcement: Announcement, tally: Tally) -> Standing:
        return Standing("ok", _("Terbit"), _("Halaman itu sendiri"))

    def sender(self) -> None:
        return None
