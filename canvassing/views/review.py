"""The check before publishing: a second person compares the employer's words with what the public would read."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest
from accounts.models import User, current_office
from canvassing import wording
from canvassing.forms import ReasonForm, ReviewForm
from canvassing.models import Vacancy
from canvassing.models.vacancies import TransitionRefused


@dataclass
class Waiting:
    vacancy: Vacancy
    findings: list[wording.Finding]

    @property
    def has_fraud_sign(self) -> bool:
        return any(finding.is_fraud_sign for finding in self.findings)


def _queue(user: User) -> list[Waiting]:
    """What this person may check, longest waiting first. Own entries are checked by a colleague."""
    waiting = Vacancy.objects.visible_to(user).waiting_for_check().defer("search").order_by("updated_at", "pk")
    if not current_office().author_may_publish:
        waiting = waiting.exclude(created_by=user)
    return [Waiting(vacancy, wording.warnings(vacancy)) for vacancy in waiting[:50]]


@require_GET
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def review_queue(request: StaffRequest) -> HttpResponse:
    queue = _queue(request.user)
    if queue and "dari" not in request.GET:
        return redirect("review", queue[0].vacancy.pk)
    return render(request, "canvassing/review_empty.html", {"queue": queue})


@require_GET
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def review(request: StaffRequest, pk: int) -> HttpResponse:
    vacancy = get_object_or_404(_reviewable(request.user), pk=pk)
    if vacancy.state != Vacancy.State.IN_CHECK:
        messages.info(request, _("Lowongan ini tidak lagi menunggu pemeriksaan."))
        return redirect("staff_vacancy_detail", pk)
    return review_page(request, vacancy, ReviewForm(instance=vacancy))


def _reviewable(user: User) -> Any:
    return Vacancy.objects.visible_to(user).select_related(
        "employer", "visit__officer", "school_centre", "created_by", "occupation"
    )


def review_page(request: StaffRequest, vacancy: Vacancy, form: ReviewForm, status: int = 200) -> HttpResponse:
    """The page with the queue at its left; also shown again with the form's errors when publishing is refused."""
    vacancy.confirmed_on = vacancy.confirmed_on or timezone.localdate()  # so that the label shows as it will be
    vacancy.confirmed_by_way = vacancy.confirmed_by_way or Vacancy.Confirmed.PHONE
    own = vacancy.created_by_id == request.user.pk and not current_office().author_may_publish
    context = {
        "vacancy": vacancy,
        "queue": _queue(request.user),
        "form": form,
        "reason_form": ReasonForm(),
        "employer_words": wording.marked(vacancy.employer_words),
        "findings": wording.warnings(vacancy),
        "own": own,
    }
    return render(request, "canvassing/review.html", context, status=status)


@require_POST
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def vacancy_send_back(request: StaffRequest, pk: int) -> HttpResponse:
    vacancy = get_object_or_404(_reviewable(request.user), pk=pk)
    form = ReasonForm(request.POST)
    try:
        vacancy.send_back(by=request.user, reason=form.cleaned_data["reason"] if form.is_valid() else "")
    except TransitionRefused as refused:
        messages.error(request, str(refused))
        return redirect("review", pk)
    messages.success(request, _("“%(title)s” dikembalikan kepada pencatatnya.") % {"title": vacancy.title})
    return redirect("review_queue")
