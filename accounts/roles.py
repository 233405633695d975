"""The roles of the office and what each may do: the one table behind every permission check.

A role is a Django group. After every `migrate` the groups are brought to this table, so a role
is changed here and nowhere else; what an admin adds to a group by hand does not stay.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as registry
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    CANVASSER = "canvasser", _("Petugas lapangan")
    PUBLISHER = "publisher", _("Pemeriksa")
    BKK_OFFICER = "bkk", _("Petugas BKK")
    TRAINER = "trainer", _("Pelatih")
    MANAGER = "manager", _("Kepala dinas")
    ADMIN = "admin", _("Admin")


def _view(*models: str) -> set[str]:
    return {f"{app}.view_{model}" for app, model in (name.split(".") for name in models)}


def _edit(*models: str) -> set[str]:
    return {
        f"{app}.{action}_{model}"
        for app, model in (name.split(".") for name in models)
        for action in ("add", "change", "view")
    }


CANVASSING = ("canvassing.employer", "canvassing.employercontact", "canvassing.visit", "canvassing.vacancy")
REFERENCE = (
    "canvassing.region",
    "canvassing.occupation",
    "canvassing.industry",
    "canvassing.educationlevel",
    "canvassing.schooljobcentre",
    "canvassing.wordingrule",
)
PEOPLE = ("jobseekers.jobseeker", "jobseekers.registrationcard", "jobseekers.application", "jobseekers.placement")
SERVICE = ("jobseekers.appointment", "jobseekers.followup", "jobseekers.talentlist", "jobseekers.datarequest")
SERVICE_SETTINGS = (
    "jobseekers.cardsettings",
    "jobseekers.documentkind",
    "jobseekers.matchweights",
    "jobseekers.outcomereason",
    "jobseekers.referralsettings",
    "jobseekers.removalreason",
)
TRAINING = ("training.course", "training.cohort", "training.enrolment", "training.session", "training.outcome")
TRAINING_SETTINGS = ("training.trainingsettings", "training.course", "training.courseunit", "training.admissionrule")
LEDGER = ("announcements.announcement", "announcements.issue", "announcements.delivery")
PROOF = ("announcements.posting", "announcements.letter", "announcements.letterreceipt")

PERMISSIONS: dict[str, set[str]] = {
    Role.CANVASSER: _edit(*CANVASSING, *PEOPLE, *SERVICE, *TRAINING)
    | {"jobseekers.view_chatmessage", "jobseekers.change_chatmessage"}
    | {"training.add_scoresheet", "training.announce_cohort", "training.issue_certificate"}
    | _edit("announcements.posting", "announcements.draft")
    | _view("announcements.announcement", "announcements.issue", "jobseekers.document", "jobseekers.disability")
    | {"jobseekers.issue_card", "jobseekers.find_by_nik", "jobseekers.merge_jobseeker"},
    Role.PUBLISHER: _view(*CANVASSING, *LEDGER, "training.cohort")
    | _edit(*PROOF, "announcements.draft")
    | _view("canvassing.vacancyreport")
    | {"canvassing.change_vacancy", "canvassing.publish_vacancy"}
    | {"announcements.add_piecetemplate", "announcements.view_piecetemplate"}
    | {"announcements.add_announcement", "announcements.approve_draft", "announcements.settle_delivery"},
    Role.BKK_OFFICER: _edit("canvassing.vacancy", "jobseekers.jobseeker")
    | _view("jobseekers.application", "jobseekers.placement"),
    # Only the own cohorts: the querysets see to it.
    Role.TRAINER: _view("training.cohort", "training.enrolment", "training.outcome")
    | _edit("training.session")
    | {"training.add_scoresheet"},
    Role.MANAGER: _view(
        *CANVASSING,
        *PEOPLE,
        *SERVICE,
        *TRAINING,
        *LEDGER,
        *PROOF,
        "announcements.draft",
        "announcements.piecetemplate",
        "jobseekers.document",
        "accounts.dataaccess",
        "jobseekers.chatmessage",
    )
    | _view("canvassing.vacancyreport")
    | {"canvassing.publish_vacancy", "announcements.settle_delivery", "jobseekers.change_application"}
    | {"announcements.release_announcement", "announcements.approve_draft"}
    | {"jobseekers.find_by_nik", "jobseekers.reveal_nik", "jobseekers.change_datarequest"}
    | {"jobseekers.view_fairness", "training.announce_cohort", "training.issue_certificate"},
    # Runs the site: reads employers and vacancies, and the ledger without what the mails say; no visits, no contacts,
    # no job seekers.
    Role.ADMIN: _edit(*REFERENCE, *SERVICE_SETTINGS, *TRAINING_SETTINGS, "accounts.user", "accounts.office")
    | _edit("announcements.lettersettings")
    | _edit("announcements.suppression", "announcements.channelcontrol")
    | {"announcements.delete_suppression"}
    | _view("auth.group", "canvassing.employer", "canvassing.vacancy", "canvassing.vacancylog")
    | _view("canvassing.vacancyreport")
    | _view("jobseekers.alertsubscription", "jobseekers.pushsubscription", "jobseekers.chatsubscription")
    | _view("announcements.announcement", "announcements.delivery", "announcements.attempt")
    | _view("announcements.providerevent", "announcements.draft", "announcements.draftstep"),
}


def sync_roles(app_config: AppConfig | None = None, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the groups hold exactly the permissions of the table. Runs after the last app has migrated.

    Raises KeyError for a permission that no model has.
    """
    if app_config is not None and app_config.label != _last_app_label():
        return
    for config in registry.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    group_model, permission_model = registry.get_model("auth", "Group"), registry.get_model("auth", "Permission")
    names = permission_model.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    known = {f"{app}.{codename}": pk for app, codename, pk in names}
    for role in Role:
        group, _created = group_model.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in sorted(PERMISSIONS[role])])


def _last_app_label() -> str:
    """The last app that post_migrate speaks of: only apps with models take part."""
    return [config.label for config in registry.get_app_configs() if config.models_module][-1]
