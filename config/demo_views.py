"""Pages that only the demo has: the mails it would have sent."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from config import mailcatcher

# A mail's HTML is a stranger's: no script, no forms, nothing fetched; a link opens a page of its own.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
MAIL_POLICY = f"sandbox {SANDBOX}; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


@require_safe
@login_not_required
def mail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mail_list.html", {"mails": mailcatcher.newest(100)})


@require_safe
@login_not_required
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail_detail.html", {"mail": _mail_or_404(name), "sandbox": SANDBOX})


@require_safe
@login_not_required
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame in `mail_detail`."""
    page = f'<base target="_blank">{_mail_or_404(name).html}'
    return HttpResponse(page, headers={"Content-Security-Policy": MAIL_POLICY})


def _mail_or_404(name: str) -> mailcatcher.CaughtMail:
    try:
        return mailcatcher.read(name)
    except FileNotFoundError as error:
        raise Http404 from error
