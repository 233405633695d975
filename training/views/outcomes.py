"""Staff: what became of graduates, new entrepreneurs, the next class. Everybody with a link: one tap."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from canvassing.paging import keyset
from jobseekers.models import JobSeeker
from training import mails
from training.forms.enrolments import OutcomeForm
from training.models import Cohort, Outcome
from training.services import outcomes as services

Answer = Outcome.Answer


@require_safe
@permission_required("training.view_outcome", raise_exception=True)
def outcome_list(request: StaffRequest) -> HttpResponse:
    """What is known, of all cohorts or (?angkatan=) of one; below it who is to be called."""
    rows, cohort = Outcome.objects.visible_to(request.user), None
    if (asked := request.GET.get("angkatan", "")).isdecimal():
        cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("course"), pk=asked)
        rows = rows.filter(enrolment__cohort=cohort)
    may_record = request.user.has_perm("training.change_outcome")
    calls = rows.to_call() if may_record else rows.none()  # telephone numbers only for who telephones
    calls = calls.select_related("enrolment__job_seeker", "enrolment__cohort__course")
    context = {
        "cohort": cohort,
        "funnel": services.funnel(rows),
        "found": keyset(request, calls, ("due_on", "pk")),
        "answers": [each for each in Answer.choices if each[0] != Answer.NOT_REACHED],
        "may_record": may_record,
    }
    return render(request, "training/outcomes/list.html", context)


@require_POST
@permission_required("training.change_outcome", raise_exception=True)
def outcome_record(request: StaffRequest, pk: int) -> HttpResponse:
    """What was told on the telephone, or that nobody could be reached."""
    row = get_object_or_404(
        Outcome.objects.visible_to(request.user).to_call().select_related("enrolment__job_seeker", "enrolment__cohort"),
        pk=pk,
    )
    form = OutcomeForm(request.POST)
    if "failed" in request.POST:
        services.answer(row, Answer.NOT_REACHED, by=request.user)
        messages.success(request, _("Dicatat: tidak terhubungi."))
    elif form.is_valid():
        services.answer(row, form.cleaned_data["answer"], by=request.user, details=_details(form))
        messages.success(request, _("Jawaban tersimpan."))
    else:
        messages.error(request, _("Pilih jawabannya dulu."))
    return redirect("outcome_list")


def _details(form: OutcomeForm) -> dict[str, str]:
    """Only what belongs to the answer."""
    belongs = {Answer.EMPLOYED: ("employer_name",), Answer.BUSINESS: ("business_name", "business_sector")}
    names = belongs.get(form.cleaned_data["answer"], ())
    return {name: form.cleaned_data[name] if name in names else "" for name in Outcome.DETAILS}


@require_safe
@permission_required("training.view_outcome", raise_exception=True)
def entrepreneurs(request: StaffRequest) -> HttpResponse:
    """Graduates with a business of their own, the newest word about each."""
    shown = Outcome.objects.visible_to(request.user).entrepreneurs()
    found = keyset(
        request,
        shown.with_photo().select_related("enrolment__job_seeker__region", "enrolment__cohort__course"),
        ("-answered_at", "-pk"),
    )
    return render(request, "training/outcomes/entrepreneurs.html", {"found": found, "total": shown.count()})


@require_safe
@permission_required("training.view_outcome", raise_exception=True)
def entrepreneur_photo(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Outcome.objects.visible_to(request.user).pictured(), pk=pk)
    policy = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return HttpResponse(bytes(row.business_photo or b""), content_type="image/jpeg", headers=policy)


@require_safe
@permission_required("training.view_course", raise_exception=True)
def next_class(request: StaffRequest) -> HttpResponse:
    return render(request, "training/outcomes/next_class.html", {"needs": services.needs()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def outcome_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a letter: the link shows the form, only the button answers, because mail scanners open every link."""
    try:
        key = mails.read_outcome_token(token)
    except signing.BadSignature:
        return render(request, "training/outcomes/link.html", {"outcome": "broken"}, status=404)
    rows = Outcome.objects.select_related("enrolment__cohort__course", "enrolment__job_seeker")
    row = rows.defer("business_photo").filter(pk=key).first()
    if row is None or row.enrolment.job_seeker.state == JobSeeker.State.ERASED:
        return render(request, "training/outcomes/link.html", {"outcome": "broken"}, status=404)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OutcomeForm(*sent, initial={name: getattr(row, name) for name in ("answer", *Outcome.DETAILS)})
    kept = request.method == "POST" and form.is_valid()
    if kept:
        data = form.cleaned_data
        services.answer(row, data["answer"], details=_details(form), photo=data["business_photo"])
    context = {"outcome": "kept" if kept else "ask", "row": row, "form": form}
    return render(request, "training/outcomes/link.html", context, status=400 if form.errors else 200)
