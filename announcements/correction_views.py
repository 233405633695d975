from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import StaffRequest
from announcements import corrections, outdated
from announcements.models import Announcement, Issue


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def correction_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Tell those who got this piece what is no longer true on it: what it says and to how many, then the button."""
    issues = Issue.objects.visible_to(request.user).filter(
        channel__in=outdated.CORRECTABLE,
        announcement__kind__in=(Announcement.Kind.VACANCIES, Announcement.Kind.COURSE),
    )
    issue = get_object_or_404(issues.select_related("announcement"), pk=pk)
    if request.method != "POST":
        return _page(request, issue)
    try:
        correction = corrections.announce(issue, by=request.user, read=request.POST.get("read", ""))
    except corrections.ChangedMeanwhile:
        messages.error(request, _("Faktanya baru saja berubah. Baca lagi sebelum mengumumkan."))
        return _page(request, issue, status=409)
    if correction is None:
        messages.info(request, _("Tidak ada lagi yang perlu dikoreksi pada keping ini."))
        return redirect("outdated_list")
    return redirect(correction)


def _page(request: StaffRequest, issue: Issue, status: int = 200) -> HttpResponse:
    frozen = corrections.facts_of(issue)
    number = corrections.count(issue, frozen)
    context = {
        "issue": issue,
        "read": corrections.fingerprint(frozen),
        "draft": corrections.draft(issue, frozen) if frozen else None,
        "number": number,
        "must_wait": number > settings.RECIPIENTS_WITHOUT_RELEASE
        and not request.user.has_perm("announcements.release_announcement"),
    }
    return render(request, "announcements/correction_new.html", context, status=status)
