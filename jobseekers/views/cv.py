"""The CV from the profile as PDF: for the person, and for staff who are helping."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import StaffRequest
from accounts.models import DataAccess
from jobseekers.models import JobSeeker
from jobseekers.services import people
from jobseekers.services.cv import cv_pdf


@require_safe
@never_cache
def own_cv(request: StaffRequest) -> HttpResponse:
    return _download(get_object_or_404(JobSeeker.objects.of(request.user)))


@require_safe
@never_cache
@permission_required("jobseekers.view_jobseeker", raise_exception=True)
def cv_print(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(JobSeeker.objects.visible_to(request.user).alive(), pk=pk)
    people.note(person, by=request.user, action=DataAccess.Action.PRINT, reason=_("mencetak CV"))
    return _download(person)


def _download(person: JobSeeker) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="cv.pdf"'}
    return HttpResponse(cv_pdf(person), content_type="application/pdf", headers=headers)
