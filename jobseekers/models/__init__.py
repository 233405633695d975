from jobseekers.models.alerts import AlertSubscription
from jobseekers.models.applications import (
    Application,
    ApplicationLog,
    Appointment,
    OutcomeReason,
    Referral,
    ReferralSettings,
    TalentList,
    TalentListEntry,
)
from jobseekers.models.cards import CardSettings, PeriodicReport, RegistrationCard
from jobseekers.models.devices import PushSubscription
from jobseekers.models.documents import Document, DocumentKind
from jobseekers.models.matching import (
    MatchOverride,
    MatchPerson,
    MatchRun,
    MatchVacancy,
    MatchWeights,
    PublishedVacancy,
    Skill,
)
from jobseekers.models.people import Consent, Disability, Experience, JobSeeker, Merge
from jobseekers.models.placements import FollowUp, Placement
from jobseekers.models.register import RegisterEvent, RemovalReason
from jobseekers.models.requests import DataRequest

__all__ = [
    "AlertSubscription",
    "Application",
    "ApplicationLog",
    "Appointment",
    "CardSettings",
    "Consent",
    "DataRequest",
    "Disability",
    "Document",
    "DocumentKind",
    "Experience",
    "FollowUp",
    "JobSeeker",
    "MatchOverride",
    "MatchPerson",
    "MatchRun",
    "MatchVacancy",
    "MatchWeights",
    "Merge",
    "OutcomeReason",
    "PeriodicReport",
    "Placement",
    "PublishedVacancy",
    "PushSubscription",
    "Referral",
    "ReferralSettings",
    "RegisterEvent",
    "RegistrationCard",
    "RemovalReason",
    "Skill",
    "TalentList",
    "TalentListEntry",
]
