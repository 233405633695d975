"""What an employer answers to a letter, without an account: the letter's token is the proof. Names only."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.limits import limited
from jobseekers.forms.referral import EmployerAnswerForm
from jobseekers.models import Application, JobSeeker, Referral
from jobseekers.models.applications import StepRefused
from jobseekers.services import applications as services

State = Application.State
OPEN = (State.REFERRED, State.INVITED, State.SILENT)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limited("answer", when=lambda request: request.method == "POST")
def employer_answer(request: HttpRequest, token: UUID) -> HttpResponse:
    """Looking changes nothing; only the button sends answers, each person's once."""
    referral = Referral.objects.filter(token=token).select_related("vacancy").first()
    if referral is None or referral.link_is_over:
        status = 404 if referral is None else 410
        return render(request, "jobseekers/referral/answer_over.html", {"referral": referral}, status=status)
    named = _named(referral)
    data = request.POST if request.method == "POST" else None
    forms = [EmployerAnswerForm(data, application=each) for each in named if each.state in OPEN]
    refused: list[str] = []
    kept = 0
    valid = [form.is_valid() for form in forms]  # all of them, so that every error is told at once
    if request.method == "POST" and all(valid):
        for form in forms:
            if answer := form.cleaned_data["answer"]:
                try:
                    services.answer_from_employer(
                        form.application, answer, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"]
                    )
                    kept += 1
                except StepRefused as words:
                    refused.append(f"{form.application.job_seeker.name}: {words}")
        if not refused:
            named = _named(referral)
            forms = [EmployerAnswerForm(application=each) for each in named if each.state in OPEN]
    context = {
        "referral": referral,
        "forms": forms,
        "answered": [each for each in named if each.state not in OPEN],
        "kept": kept,
        "refused": refused,
        "bad": any(form.errors for form in forms),
    }
    status = 409 if refused else 400 if context["bad"] else 200
    return render(request, "jobseekers/referral/answer.html", context, status=status)


def _named(referral: Referral) -> list[Application]:
    """Who stands in the letter, without those who have asked the office to stop, or are gone."""
    rows = referral.applications.filter(job_seeker__restricted_at=None)
    rows = rows.filter(job_seeker__state=JobSeeker.State.COMPLETE)
    return list(rows.select_related("job_seeker__user", "vacancy").order_by("job_seeker__name", "pk"))
