from announcements.models.announcements import AnnouncedVacancy, Announcement, Issue, unannounced_vacancies
from announcements.models.controls import ChannelControl, Suppression
from announcements.models.deliveries import Attempt, Delivery
from announcements.models.pieces import (
    Letter,
    LetterReceipt,
    LetterSettings,
    LinkDay,
    PieceFile,
    Posting,
    ShortLink,
)

__all__ = [
    "AnnouncedVacancy",
    "Announcement",
    "Attempt",
    "ChannelControl",
    "Delivery",
    "Issue",
    "Letter",
    "LetterReceipt",
    "LetterSettings",
    "LinkDay",
    "PieceFile",
    "Posting",
    "ShortLink",
    "Suppression",
    "unannounced_vacancies",
]
