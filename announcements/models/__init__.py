from announcements.models.announcements import (
    AnnouncedVacancy,
    Announcement,
    Issue,
    repeatable_vacancies,
    unannounced_vacancies,
)
from announcements.models.controls import ChannelControl, Suppression
from announcements.models.deliveries import Attempt, Delivery
from announcements.models.drafts import Draft
from announcements.models.events import ProviderEvent
from announcements.models.pieces import (
    Letter,
    LetterReceipt,
    LetterSettings,
    LinkDay,
    PieceFile,
    Posting,
    ShortLink,
)
from announcements.models.steps import DraftStep
from announcements.models.templates import PieceTemplate

__all__ = [
    "AnnouncedVacancy",
    "Announcement",
    "Attempt",
    "ChannelControl",
    "Delivery",
    "Draft",
    "DraftStep",
    "Issue",
    "Letter",
    "LetterReceipt",
    "LetterSettings",
    "LinkDay",
    "PieceFile",
    "PieceTemplate",
    "Posting",
    "ProviderEvent",
    "ShortLink",
    "Suppression",
    "repeatable_vacancies",
    "unannounced_vacancies",
]
