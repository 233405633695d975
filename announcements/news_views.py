"""The office's news for everybody, as a second person approved it."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from announcements.models import Announcement
from canvassing.paging import keyset


@require_safe
@login_not_required
def news_list(request: HttpRequest) -> HttpResponse:
    """What is still true, the newest first."""
    valid = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
    rows = Announcement.objects.published_news().filter(valid).select_related("draft")
    return render(request, "announcements/news/list.html", {"found": keyset(request, rows, ("-pk",))})


@require_safe
@login_not_required
def news_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Also when it is over: old letters and posters lead here. `pk` is the draft's, see Announcement.public_path."""
    news = get_object_or_404(Announcement.objects.published_news().select_related("draft"), draft=pk)
    if request.path != news.public_path:
        return redirect(news.public_path, permanent=True)
    return render(request, "announcements/news/detail.html", {"news": news})
