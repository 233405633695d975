"""Staff: certificates of a cohort, all at once, and the competence certificates that an LSP has given."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import StaffRequest
from accounts.models import DataAccess
from jobseekers.models import JobSeeker
from jobseekers.services import people
from training.forms.enrolments import CompetenceForm
from training.models import CompetenceCertificate, Enrolment, TrainingCertificate
from training.models.enrolments import StepRefused
from training.services import certificates as services
from training.views.cohorts import cohort_or_404, frame


@require_http_methods(["GET", "POST"])
@permission_required("training.view_enrolment", raise_exception=True)
def cohort_certificates(request: StaffRequest, pk: int) -> HttpResponse:
    """Who has which number; the button asks for all that are missing and the page then shows how far it is."""
    cohort = cohort_or_404(request, pk)
    may_issue = request.user.has_perm("training.issue_certificate")
    if request.method == "POST":
        if not may_issue:
            raise PermissionDenied
        try:
            services.go_on(services.start(cohort, by=request.user))  # the first batch now, the rest by the sweep
        except StepRefused as refused:
            messages.error(request, str(refused))
        return redirect("cohort_certificates", pk)
    context = {
        **frame(request, cohort),
        "run": cohort.certificate_runs.first(),
        "missing": services.missing(cohort),
        "certificates": TrainingCertificate.objects.filter(enrolment__cohort=cohort).select_related(
            "enrolment__job_seeker"
        ),
        "competences": CompetenceCertificate.objects.filter(enrolment__cohort=cohort).select_related("job_seeker"),
        "may_issue": may_issue,
    }
    if request.htmx:
        return render(request, "training/certificates/_progress.html", context)
    return render(request, "training/certificates/list.html", context)


@require_safe
@permission_required("training.issue_certificate", raise_exception=True)
def certificates_print(request: StaffRequest, pk: int) -> HttpResponse:
    """All certificates of a cohort in one file, by name."""
    cohort = cohort_or_404(request, pk)
    found = list(
        TrainingCertificate.objects.standing()
        .filter(enrolment__cohort=cohort)
        .exclude(enrolment__job_seeker__state=JobSeeker.State.ERASED)
        .select_related("enrolment__job_seeker")
        .order_by("enrolment__job_seeker__name", "pk")
    )
    if not found:
        raise Http404
    for each in found:
        people.note(
            each.enrolment.job_seeker, by=request.user, action=DataAccess.Action.PRINT,
            reason=gettext_lazy("mencetak sertifikat pelatihan"),
        )  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="sertifikat.pdf"'}
    return HttpResponse(services.pdf(found), content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "POST"])
@permission_required("training.issue_certificate", raise_exception=True)
def competence_new(request: StaffRequest, pk: int) -> HttpResponse:
    rows = Enrolment.objects.visible_to(request.user).select_related("cohort__course", "job_seeker")
    enrolment = get_object_or_404(rows, pk=pk)
    fresh = CompetenceCertificate(enrolment=enrolment, job_seeker=enrolment.job_seeker, recorded_by=request.user)
    form = CompetenceForm(request.POST or None, instance=fresh)
    if request.method == "POST" and form.is_valid():
        form.save()
        people.note(
            enrolment.job_seeker, by=request.user, action=DataAccess.Action.CHANGE,
            reason=gettext_lazy("mencatat sertifikat kompetensi"),
        )  # fmt: skip
        messages.success(request, _("Sertifikat kompetensi tercatat."))
        return redirect("cohort_certificates", enrolment.cohort_id)
    context = {"form": form, "enrolment": enrolment, "cohort": enrolment.cohort}
    return render(request, "training/certificates/competence.html", context, status=400 if form.errors else 200)
