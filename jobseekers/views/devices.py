"""Notices in the browser itself. Everything here works without script but the one step that only a browser can do."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import limited
from canvassing.search import Criteria
from jobseekers import vapid
from jobseekers.forms.devices import DeviceForm, DeviceSearchForm
from jobseekers.models import PushSubscription
from jobseekers.services import devices as services
from jobseekers.signals import alerts_wanted


@require_safe
@login_not_required
@cache_control(no_cache=True)
def push_worker(request: HttpRequest) -> FileResponse:
    """The service worker. It must stand at the root of the site to speak for all of it."""
    path = finders.find("push-worker.js")
    assert isinstance(path, str)
    return FileResponse(open(path, "rb"), content_type="text/javascript")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@limited("subscribe", when=lambda request: request.method == "POST")
def device_start(request: HttpRequest) -> HttpResponse:
    """Ask for notices on this device. The list's own search is carried over by the query string."""
    form = DeviceForm(request.POST if request.method == "POST" else None, criteria=Criteria.from_query(request.GET))
    if request.method == "POST" and vapid.is_on() and form.is_valid():
        if form.is_bot:
            return redirect("device_start")
        data = form.cleaned_data
        subscription = services.subscribe(
            endpoint=data["endpoint"],
            p256dh=data["p256dh"],
            auth=data["auth"],
            criteria=form.criteria,
            language=form.language,
            wishes=form.wishes,
        )
        alerts_wanted.send(sender=None, request=request)
        messages.success(request, _("Perangkat ini akan diberi tahu."))
        return redirect(subscription.manage_path())
    context = {"form": form, "key": vapid.public_key() if vapid.is_on() else ""}
    status = 400 if request.method == "POST" else 200
    return render(request, "jobseekers/device_start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def device_manage(request: HttpRequest, token: str) -> HttpResponse:
    """Change the search of one device."""
    subscription = PushSubscription.objects.from_token(token).first()
    if subscription is None:
        return _gone(request)
    form = DeviceSearchForm(
        request.POST if request.method == "POST" else None,
        criteria=subscription.criteria,
        initial={"kabar": DeviceSearchForm.chosen(subscription)},
    )
    if request.method == "POST" and form.is_valid():
        if not services.change(subscription, criteria=form.criteria, wishes=form.wishes):
            return _gone(request)
        messages.success(request, _("Langganan diubah."))
        return redirect("device_manage", token)
    context = {"form": form, "subscription": subscription}
    return render(request, "jobseekers/device_manage.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def device_stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing; POST stops at once, and a second POST says the same."""
    subscription = PushSubscription.objects.from_token(token).first()
    if request.method == "POST" or subscription is None:
        if subscription is not None:
            services.stop(subscription)
        return _gone(request, status=200 if request.method == "POST" else 404)
    return render(request, "jobseekers/device_stop.html", {"subscription": subscription})


def _gone(request: HttpRequest, status: int = 404) -> HttpResponse:
    """Stopped, cleaned up after the browser forgot us, or never there: for the person it is the same."""
    return render(request, "jobseekers/device_gone.html", status=status)
