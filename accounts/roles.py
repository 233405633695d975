"""The roles of the office and what each may do: the one table behind every permission check.

A role is a Django group. After every `migrate` the groups are brought to this table, so a role
is changed here and nowhere else; what an admin adds to a group by hand does not stay.
"""

from typing import Any

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
REFERENCE = ("canvassing.region", "canvassing.occupation", "canvassing.industry", "canvassing.educationlevel")
LEDGER = ("announcements.announcement", "announcements.issue", "announcements.delivery")

PERMISSIONS: dict[str, set[str]] = {
    Role.CANVASSER: _edit(*CANVASSING) | _view("announcements.announcement"),
    Role.PUBLISHER: _edit("canvassing.vacancy")
    | _view(*CANVASSING, *LEDGER)
    | {"canvassing.publish_vacancy", "announcements.add_announcement", "announcements.settle_delivery"},
    Role.BKK_OFFICER: _edit("canvassing.vacancy"),
    Role.TRAINER: set(),
    Role.MANAGER: _view(*CANVASSING, *LEDGER) | {"canvassing.publish_vacancy", "announcements.settle_delivery"},
    Role.ADMIN: _view(*CANVASSING, *LEDGER, "announcements.attempt", "canvassing.vacancylog", "auth.group")
    | _view("jobseekers.alertsubscription")
    | _edit(*REFERENCE, "accounts.user", "accounts.office", "canvassing.schooljobcentre", "canvassing.wordingrule")
    | _edit("announcements.suppression", "announcements.channelcontrol"),
}


def sync_roles(app_config: Any = None, using: str = DEFAULT_DB_ALIAS, apps: Any = registry, **kwargs: Any) -> None:
    """Make the groups hold exactly the permissions of the table. Runs after the last app has migrated."""
    if app_config is not None and app_config.label != _last_app_label():
        return
    for config in registry.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    from django.contrib.auth.models import Group, Permission  # not importable before the registry is ready

    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(using).values_list("pk", "content_type__app_label", "codename")
    }
    for role in Role:
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in sorted(PERMISSIONS[role])])


def _last_app_label() -> str:
    return [config.label for config in registry.get_app_configs() if config.models_module][-1]
