from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import limited, within
from canvassing.search import Criteria
from jobseekers import mail
from jobseekers.forms.alerts import SearchForm, SubscribeForm
from jobseekers.models import AlertSubscription
from jobseekers.services import alerts as services
from jobseekers.signals import alerts_wanted


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@limited("subscribe", when=lambda request: request.method == "POST")
def alert_start(request: HttpRequest) -> HttpResponse:
    """Ask for alerts of a search. The list's own search is carried over by the query string."""
    form = SubscribeForm(request.POST if request.method == "POST" else None, criteria=Criteria.from_query(request.GET))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not form.is_bot and within("subscribe_address", email):
            services.subscribe(
                email=email,
                criteria=form.criteria,
                frequency=form.cleaned_data["frequency"],
                language=form.language,
                wishes=form.wishes,
            )
            alerts_wanted.send(sender=None, request=request)
        return redirect("alert_sent")
    return render(request, "jobseekers/alert_start.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@login_not_required
def alert_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "jobseekers/alert_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def alert_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; only the button confirms, because mail scanners open every link."""
    try:
        subscription = AlertSubscription.objects.filter(key=mail.read_confirm_token(token)).first()
    except signing.SignatureExpired:
        return _link_page(request, "expired")
    except signing.BadSignature:
        return _link_page(request, "broken")
    if subscription is None or subscription.state == AlertSubscription.State.STOPPED:
        return _link_page(request, "used")
    if request.method == "POST":
        subscription.confirm()
        subscription.refresh_from_db()
    return render(request, "jobseekers/alert_confirm.html", {"subscription": subscription})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def alert_manage(request: HttpRequest, token: str) -> HttpResponse:
    subscription = AlertSubscription.objects.from_token(token).first()
    if subscription is None:
        return _link_page(request, "broken")
    if subscription.state == AlertSubscription.State.STOPPED:
        return _link_page(request, "used")
    form = SearchForm(
        request.POST if request.method == "POST" else None,
        criteria=subscription.criteria,
        initial={"frequency": subscription.frequency, "kabar": SearchForm.chosen(subscription)},
    )
    if request.method == "POST" and form.is_valid():
        frequency = form.cleaned_data["frequency"]
        if services.change(subscription, criteria=form.criteria, frequency=frequency, wishes=form.wishes):
            messages.success(request, _("Langganan diubah."))
            return redirect("alert_manage", token)
        form.add_error(None, _("Alamat ini sudah berlangganan pencarian yang sama."))
    context = {"form": form, "subscription": subscription, "stop_path": subscription.stop_path()}
    return render(request, "jobseekers/alert_manage.html", context, status=400 if form.errors else 200)


@csrf_exempt  # RFC 8058: the mail program posts without a cookie; the signed token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def alert_stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing; POST, from the button or from the mail program, stops at once."""
    subscription = AlertSubscription.objects.from_token(token).first()
    if subscription is None:
        return _link_page(request, "broken")
    if request.method == "POST":
        subscription.stop()
        subscription.refresh_from_db()
    return render(request, "jobseekers/alert_stop.html", {"subscription": subscription})


def _link_page(request: HttpRequest, why: str) -> HttpResponse:
    """A link of a mail that no longer works: say why and what to do next. 404 for broken, 410 for old or used."""
    status = 404 if why == "broken" else 410
    return render(request, "jobseekers/alert_link.html", {"why": why}, status=status)
