"""The staff start page: what must I do today. It reads all apps, so it lives with the project."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StaffRequest
from accounts.models import User
from accounts.roles import Role
from announcements import ledger
from announcements.models import Announcement, Delivery, Draft
from canvassing import wording
from canvassing.models import Vacancy, VacancyLog, VacancyReport, Visit
from training.models import Cohort, Enrolment, Session

SHOWN = 4


@require_safe
def workspace(request: StaffRequest) -> HttpResponse:
    user = request.user
    if not user.is_office_staff:
        raise PermissionDenied
    today = timezone.localdate()
    standstill = ledger.standstill_minutes() if user.has_perm("announcements.view_announcement") else 0
    context = {
        "today": today,
        "standstill": standstill,
        "queues": _queues(user, today),
        "loop": _loop_of_month(user, today),
    }
    return render(request, "workspace.html", context)


def _queues(user: User, today: Any) -> dict[str, Any]:
    """The five queues, each only for who may act on it: rows to show and how many there are in all."""
    queues: dict[str, Any] = {}
    if user.has_perm("canvassing.view_visit"):
        visits = Visit.objects.visible_to(user).select_related("employer__region")
        if user.has_perm("canvassing.change_visit"):
            visits = visits.filter(officer=user)
        queues["visits"] = _queue(visits.due(today).order_by("planned_for", "pk"))
        queues["calls"] = _queue(visits.to_call_back(today).order_by("next_step_on", "pk"))
        queues["calls"]["late"] = sum(visit.days_overdue(today) > 0 for visit in queues["calls"]["rows"])
        for visit in queues["calls"]["rows"]:
            visit.late = visit.days_overdue(today)
            visit.reminder = visit.reminder_day(today)
    if user.has_perm("canvassing.view_vacancy"):
        vacancies = Vacancy.objects.visible_to(user).defer("search")
        waiting = vacancies.waiting_for_check().select_related("created_by").order_by("updated_at", "pk")
        if user.has_perm("canvassing.publish_vacancy"):
            waiting = waiting.exclude(created_by=user)
        queues["checks"] = _queue(waiting)
        for vacancy in queues["checks"]["rows"]:
            vacancy.findings = wording.warnings(vacancy)
        queues["ending"] = _queue(vacancies.ending_within(3, today).order_by("valid_until", "pk"))
        queues["sent_back"] = _queue(
            vacancies.filter(state=Vacancy.State.DRAFT, created_by=user, log__from_state="in_check").distinct()
        )
    if user.has_perm("canvassing.publish_vacancy"):
        reports = VacancyReport.objects.visible_to(user).waiting().select_related("vacancy")
        queues["reports"] = _queue(reports.order_by("at", "pk"))
    if user.has_perm("announcements.release_announcement"):
        held = Announcement.objects.visible_to(user).held().select_related("created_by")
        queues["held"] = _queue(held.order_by("pk"))
    if user.has_perm("announcements.approve_draft"):
        submitted = Draft.objects.waiting_for(user).select_related("created_by")
        queues["drafts"] = _queue(submitted.order_by("submitted_at", "pk"))
    if user.has_role(Role.TRAINER):
        sessions = Session.objects.visible_to(user).filter(on=today).select_related("cohort__course")
        queues["sessions"] = _queue(sessions.order_by("pk"))
        judging = Enrolment.objects.visible_to(user).to_judge(user).select_related("job_seeker", "cohort__course")
        queues["judging"] = _queue(judging.order_by("created_at", "pk"))
        classes = Cohort.objects.visible_to(user).filter(ends_on__gte=today).select_related("course")
        queues["classes"] = _queue(classes.order_by("begins_on", "pk"))
    if user.has_perm("announcements.view_delivery"):
        failed = Delivery.objects.needing_action()
        by_announcement = Announcement.objects.filter(deliveries__in=failed).annotate(
            failed=Count("deliveries", filter=Q(deliveries__in=failed))
        )
        queues["failed"] = {"rows": by_announcement.order_by("-pk")[:SHOWN], "count": failed.count()}
    return queues


def _queue(rows: Any) -> dict[str, Any]:
    first = list(rows[: SHOWN + 1])
    return {"rows": first[:SHOWN], "count": len(first) if len(first) <= SHOWN else rows.count()}


def _loop_of_month(user: User, today: Any) -> list[tuple[int, str]] | None:
    """The month so far, along the one loop: visited, entered, checked, published, announced."""
    if not user.has_perm("canvassing.view_visit"):
        return None
    since = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    steps = VacancyLog.objects.filter(at__gte=since)
    return [
        (Visit.objects.done().filter(visited_on__gte=since.date()).count(), "visits"),
        (Vacancy.objects.filter(created_at__gte=since).count(), "entered"),
        (steps.filter(from_state="in_check").count(), "checked"),
        (steps.filter(to_state="published").count(), "published"),
        (Announcement.objects.filter(created_at__gte=since).count(), "announced"),
    ]
