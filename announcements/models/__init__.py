from announcements.models.announcements import AnnouncedVacancy, Announcement, Issue, unannounced_vacancies
from announcements.models.controls import ChannelControl, Suppression
from announcements.models.deliveries import Attempt, Delivery

__all__ = [
    "AnnouncedVacancy",
    "Announcement",
    "Attempt",
    "ChannelControl",
    "Delivery",
    "Issue",
    "Suppression",
    "unannounced_vacancies",
]
