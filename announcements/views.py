from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from announcements import campaign, outdated, proof, reach, services
from announcements.channels.email import in_other_words
from announcements.contents import is_notice
from announcements.forms import DigestForm
from announcements.models import Announcement, ChannelControl, Delivery, Issue
from announcements.models.announcements import AUTOMATIC, ChannelKey
from announcements.progress import by_hand, channel_rows, email_or_first
from canvassing.forms import ReviewForm
from canvassing.models import Vacancy
from canvassing.models.vacancies import TransitionRefused
from canvassing.paging import keyset
from canvassing.views.review import review_page

PROBLEMS_SHOWN = 50
# A mail is shown as its reader sees it, with inline styles, so in a frame that can do nothing at all.
MAIL_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


@require_safe
@permission_required("announcements.view_announcement", raise_exception=True)
def announcement_list(request: StaffRequest) -> HttpResponse:
    issues = Prefetch("issues", Issue.objects.defer("facts", "text", "html"))
    announcements = Announcement.objects.visible_to(request.user).prefetch_related(issues)
    found = keyset(request, announcements, ("-pk",))
    keys = [row.pk for row in found.rows]
    tallies = Delivery.objects.filter(announcement__in=keys).tallies() | proof.tallies(keys)
    for row in found.rows:
        row.channels = channel_rows(row, tallies)
        row.email = email_or_first(row.channels)
        row.hand = by_hand(row.channels)
    may_announce = request.user.has_perm("announcements.add_announcement")
    context = {
        "found": found,
        "form": DigestForm() if may_announce else None,
        "control": ChannelControl.objects.filter(pk=ChannelKey.EMAIL).first(),
    }
    return render(request, "announcements/announcement_list.html", context)


@require_POST
@permission_required("announcements.add_announcement", raise_exception=True)
def announcement_create(request: StaffRequest) -> HttpResponse:
    """One digest of the vacancies that were ticked in the list."""
    form = DigestForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("announcement_list")
    announcement = services.announce(
        vacancies=form.cleaned_data["vacancies"], by=request.user, channels=form.cleaned_data["channels"]
    )
    if announcement is None:
        messages.error(request, _("Lowongan itu baru saja diumumkan orang lain."))
        return redirect("announcement_list")
    return redirect(announcement)


@require_safe
@permission_required("announcements.view_announcement", raise_exception=True)
def announcement_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The whole page, or for htmx only the part that changes while mails go out."""
    announcement = _announcement_or_404(request, pk)
    template = "_progress" if request.htmx else "announcement_detail"
    return render(request, f"announcements/{template}.html", _progress(request, announcement))


@require_safe
@permission_required("announcements.view_announcement", raise_exception=True)
def announcement_report(request: StaffRequest, pk: int) -> HttpResponse:
    """The campaign on paper, as it stands now; kept nowhere."""
    announcement = _announcement_or_404(request, pk)
    name = f"laporan-{announcement.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    document = campaign.report(announcement, by=request.user)
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _announcement_or_404(request: StaffRequest, pk: int) -> Announcement:
    announcements = Announcement.objects.visible_to(request.user).prefetch_related("issues")
    people = ("created_by", "approved_by", "cancelled_by")
    return get_object_or_404(announcements.select_related(*people, "corrects__announcement"), pk=pk)


def _progress(request: StaffRequest, announcement: Announcement) -> dict[str, Any]:
    deliveries = Delivery.objects.filter(announcement=announcement)
    tallies = deliveries.tallies() | proof.tallies([announcement.pk])
    rows = channel_rows(announcement, tallies, reach.by_channel(announcement))
    made = {row.channel.key for row in rows}
    email = email_or_first(rows)
    control = ChannelControl.objects.filter(pk=ChannelKey.EMAIL).first()
    per_minute = (control and control.per_minute) or settings.MAIL_PER_MINUTE
    problems = deliveries.visible_to(request.user).problems().with_pauses().order_by("-state", "pk")
    return {
        "announcement": announcement,
        "about_notice": is_notice(email.issue.facts[0]),
        "most": settings.RECIPIENTS_WITHOUT_RELEASE,
        "rows": rows,
        "email": email,
        "unknown": sum(row.progress.unknown for row in rows),
        "facts": [each["words"][get_language()] | {"path": each["path"]} for each in email.issue.facts],
        "control": control,
        "minutes_left": email.progress.minutes_left(per_minute),
        "problems": problems[:PROBLEMS_SHOWN],
        "problems_shown": PROBLEMS_SHOWN,
        "missing": []
        if announcement.is_correction
        else [(key.value, key.label) for key in ChannelKey if key not in made and key not in AUTOMATIC],
        "outdated": outdated.standing_outdated(request.user, announcement),
    }


@require_safe
@permission_required("announcements.view_announcement", raise_exception=True)
@xframe_options_sameorigin
def announcement_preview(request: StaffRequest, pk: int) -> HttpResponse:
    """The newest version of the mail with all that it speaks of, for the frame in `announcement_detail`; `bahasa=en` as
    it is read in English."""
    mails = _announcement_or_404(request, pk).issues.filter(channel=ChannelKey.EMAIL)
    issue = get_object_or_404(mails.select_related("announcement").order_by("-facts_version")[:1])
    language = mail_language(request)
    html = issue.html if language == settings.LANGUAGE_CODE else in_other_words(issue, language).html
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def mail_language(request: StaffRequest) -> str:
    """In which language a mail is to be shown, whatever language the officer works in."""
    asked = request.GET.get("bahasa", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("announcements.settle_delivery", raise_exception=True)
def announcement_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    announcement = _announcement_or_404(request, pk)
    if request.method != "POST":
        waiting = announcement.deliveries.waiting().count()
        return render(
            request, "announcements/announcement_cancel.html", {"announcement": announcement, "waiting": waiting}
        )
    if services.cancel(announcement, by=request.user):
        messages.success(request, _("Pengumuman ditarik. Yang belum terkirim tidak dikirim lagi."))
    else:
        messages.info(request, _("Pengumuman ini sudah tidak berjalan."))
    return redirect(announcement)


@require_POST
@permission_required("announcements.release_announcement", raise_exception=True)
def announcement_release(request: StaffRequest, pk: int) -> HttpResponse:
    announcement = _announcement_or_404(request, pk)
    if services.release(announcement, by=request.user):
        messages.success(request, _("Pengumuman dilepas. E-mail mulai berangkat."))
    else:
        messages.info(request, _("Pengumuman ini tidak lagi menunggu."))
    return redirect(announcement)


@require_POST
@permission_required("announcements.settle_delivery", raise_exception=True)
def delivery_settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide on a delivery of which nobody knows whether it arrived: `decision` is repeat or give_up."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).select_related("announcement"), pk=pk)
    decide = services.repeat if request.POST.get("decision") == "repeat" else services.give_up
    if not decide(delivery, by=request.user):
        messages.info(request, _("Kiriman ini sudah diputuskan."))
    return redirect(delivery.announcement or "announcement_list")


@require_POST
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def vacancy_publish(request: StaffRequest, pk: int) -> HttpResponse:
    """What the review page posts to: publish and announce in one step."""
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user), pk=pk)
    form = ReviewForm(request.POST, instance=vacancy)
    if not form.is_valid():
        return review_page(request, vacancy, form, status=400)
    try:
        announcement = services.publish(
            vacancy=vacancy,
            by=request.user,
            confirmed_with=form.cleaned_data["confirmed_with"],
            confirmed_on=form.cleaned_data["confirmed_on"],
            way=form.cleaned_data["confirmed_by_way"],
            announce_later=form.cleaned_data["announce_later"],
            version=form.cleaned_data["version"],
        )
    except TransitionRefused as refused:
        form.add_error(None, str(refused))
        vacancy.refresh_from_db()
        return review_page(request, vacancy, form, status=409)
    messages.success(request, _("“%(title)s” sudah terbit.") % {"title": vacancy.title})
    if announcement and announcement.is_held:
        messages.info(
            request,
            _("E-mailnya lebih dari %(number)s, jadi menunggu kepala dinas.")
            % {"number": settings.RECIPIENTS_WITHOUT_RELEASE},
        )
    return redirect("review_queue")
