"""The rail of the staff workspace: which role sees which page, and how much work waits behind it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from announcements.models import Delivery
from canvassing.models import Vacancy, Visit
from jobseekers import gateways
from jobseekers.models import ChatMessage, DataRequest, RegistrationCard

Entry = tuple[str, str, Callable[[User], int] | None, tuple[str, ...]]  # label, URL name, count of work, roles
ICONS = {"workspace": "home", "visit_list": "route", "staff_vacancy_list": "briefcase"}
OFFICE = (Role.CANVASSER, Role.PUBLISHER, Role.MANAGER)


def rail_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of items {label, url, icon, count, bad, current}; a role sees only its own.

    The items with an icon stand in the bottom bar of a phone too.
    """
    user: User = request.user  # type: ignore[assignment]
    groups: list[tuple[str, list[Entry]]] = [
        (
            "",
            [
                (_("Hari ini"), "workspace", None, (*OFFICE, Role.BKK_OFFICER, Role.TRAINER, Role.ADMIN)),
            ],
        ),
        (
            _("Kanvas"),
            [
                (_("Perusahaan"), "employer_list", None, OFFICE),
                (_("Kunjungan"), "visit_list", _visits_due, OFFICE),
                (_("Lowongan"), "staff_vacancy_list", None, (*OFFICE, Role.BKK_OFFICER, Role.ADMIN)),
                (_("Pemeriksaan"), "review_queue", _waiting, (Role.PUBLISHER, Role.MANAGER)),
            ],
        ),
        (
            _("Layanan"),
            [
                (_("Pencari kerja"), "job_seeker_list", None, (Role.CANVASSER, Role.MANAGER)),
                (_("Alumni"), "job_seeker_list", None, (Role.BKK_OFFICER,)),
                (_("Kartu AK/I"), "card_list", _cards_waiting, (Role.CANVASSER, Role.MANAGER)),
                (_("Rujukan"), "application_list", None, (Role.CANVASSER, Role.MANAGER, Role.BKK_OFFICER)),
                (_("Kecocokan"), "match_overview", None, (Role.CANVASSER, Role.MANAGER)),
                (_("Pelatihan"), "cohort_list", None, (*OFFICE, Role.TRAINER)),
                (_("Permintaan data"), "data_request_list", _data_requests, (Role.CANVASSER, Role.MANAGER)),
                (_("Akses data"), "data_access_list", None, (Role.MANAGER,)),
            ],
        ),
        (
            _("Sebar luas"),
            [
                (_("Pengumuman"), "announcement_list", _failed, (*OFFICE, Role.ADMIN)),
                (_("Penarikan"), "outdated_list", None, OFFICE),
                *([(_("Balasan"), "inbox", _messages, (Role.CANVASSER, Role.MANAGER))] if gateways.any_on() else []),
            ],
        ),
        (_("Pengaturan"), [(_("Admin"), "admin:index", None, (Role.ADMIN,))]),
    ]
    rail = []
    for label, entries in groups:
        items = [_item(request, text, name, count) for text, name, count, roles in entries if user.has_role(*roles)]
        if items:
            rail.append({"label": label, "items": items})
    return rail


def _item(request: HttpRequest, label: str, name: str, count: Any) -> dict[str, Any]:
    url = reverse(name)
    number = count(request.user) if count else 0
    here = request.path == url if name == "workspace" else request.path.startswith(url)
    return {
        "label": label,
        "url": url,
        "icon": ICONS.get(name),
        "count": number,
        "bad": count is _failed and number > 0,
        "current": here,
    }


def _visits_due(user: User) -> int:
    return Visit.objects.planned().filter(officer=user, planned_for__date__lte=timezone.localdate()).count()


def _waiting(user: User) -> int:
    return Vacancy.objects.waiting_for_check().exclude(created_by=user).count()


def _cards_waiting(user: User) -> int:
    return RegistrationCard.objects.waiting().count()


def _data_requests(user: User) -> int:
    return DataRequest.objects.open().count()


def _messages(user: User) -> int:
    return ChatMessage.objects.open().count()


def _failed(user: User) -> int:
    return Delivery.objects.needing_action().count()
