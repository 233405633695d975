"""What everybody may see: home, the vacancy list with its search, one vacancy."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.limits import limited
from accounts.models import current_office
from canvassing import facets, posting
from canvassing.models import Vacancy
from canvassing.search import Counts, Criteria, count, page

ROW_FIELDS = (
    "title", "employer_name", "source", "visit__visited_on", "school_centre__name", "confirmed_on",
    "confirmed_by_way", "wage_min", "wage_max", "wage_period", "region_id", "work_place", "valid_until",
    "published_at", "education_id", "field_of_study", "openings_any", "openings_female", "openings_male",
    "experience_years", "open_to_disability", "part_time", "state",
)  # fmt: skip
PAGE_FIELDS = (
    *ROW_FIELDS, "age_max", "age_min", "apply_to", "apply_via", "city", "confirmed_with", "created_at", "description",
    "documents", "employment", "ended_at", "occupation_group", "requirements", "restriction_reason", "skills",
    "updated_at", "wage_note", "working_conditions", "working_hours",
)  # fmt: skip
SIMILAR_FIELDS = ("title", "employer_name", "region_id", "work_place", "wage_min", "wage_max", "wage_period")


def open_rows():
    """Open vacancies with just what a row of a list shows."""
    return Vacancy.objects.open().select_related("visit", "school_centre").only(*ROW_FIELDS)


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    people = F("openings_any") + F("openings_female") + F("openings_male")
    numbers = Vacancy.objects.open(today).aggregate(
        open=Count("pk"),
        people=Sum(people),
        this_week=Count("pk", filter=Q(published_at__gte=timezone.now() - timedelta(days=7))),
        closing=Count("pk", filter=Q(valid_until__lte=today + timedelta(days=3))),
        no_experience=Count("pk", filter=Q(experience_years=0)),
        school=Count("pk", filter=Q(education__lte=4)),
        home=Count("pk", filter=Q(city=current_office().city_code)),
        disability=Count("pk", filter=Q(open_to_disability=True)),
    )
    year = Vacancy.objects.filter(published_at__year=today.year).aggregate(
        vacancies=Count("pk"), employers=Count("employer", distinct=True), openings=Sum(people)
    )
    context = {
        "numbers": numbers,
        "year": year,
        "today": today,
        "rows": open_rows().newest_first()[:4],
        "places": facets.place_choices(),
        "home_code": current_office().city_code,
    }
    return render(request, "canvassing/home.html", context)


@require_safe
@login_not_required
@vary_on_headers("HX-Request")
@limited("search", when=lambda request: bool(request.GET.get("q")))
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """The list and its search. The same address serves the page and, for htmx, only its results."""
    criteria = Criteria.from_query(request.GET)
    counts = count(criteria, Vacancy.objects.open())
    after, before = request.GET.get("sesudah", ""), request.GET.get("sebelum", "")
    found = page(criteria.apply(open_rows()), after=after, before=before)
    context = {
        "criteria": criteria,
        "counts": counts,
        "rows": found.rows,
        "facets": facets.build(criteria, counts),
        "chips": facets.chips(criteria),
        "places": facets.place_choices(),
        "previous": _page_link(criteria, sebelum=found.previous),
        "next": _page_link(criteria, sesudah=found.next),
        "ways": _ways_on(criteria) if not counts.total else [],
        "today": timezone.localdate(),
    }
    template = "canvassing/_results.html" if request.htmx else "canvassing/vacancy_list.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _page_link(criteria: Criteria, **position: str | None) -> str:
    if None in position.values():
        return ""
    return f"?{'&'.join(filter(None, [criteria.query, urlencode(position)]))}"


def _ways_on(criteria: Criteria) -> list[dict[str, Any]]:
    """Two or three looser searches that do find something, each with its count."""
    base = reverse("vacancy_list")
    candidates: list[tuple[str, Criteria]] = []
    if criteria.words:
        everywhere = Criteria(words=criteria.words)
        if everywhere != criteria:
            candidates.append((_("Cari “%(words)s” tanpa saringan") % {"words": criteria.words}, everywhere))
        candidates += [
            (_("Cari “%(words)s” di semua tempat") % {"words": word}, Criteria(words=word))
            for word in criteria.words.split()[:3]
            if word != criteria.words
        ]
    candidates += [
        (_("Hapus saringan %(label)s") % {"label": label}, criteria.without(name, value))
        for name, value, label in criteria.labels()
        if name != "words"
    ]
    candidates.append((_("Semua lowongan terbuka"), Criteria()))
    ways = []
    for text, looser in candidates[:6]:
        number = count(looser, Vacancy.objects.open())
        if number.total:
            ways.append({"text": text, "url": f"{base}?{looser.query}", "count": _vacancies(number)})
    return ways[:3]


def _vacancies(counts: Counts) -> str:
    return ngettext("%(number)s lowongan", "%(number)s lowongan", counts.total) % {"number": counts.shown}


@require_safe
@login_not_required
def vacancy_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One vacancy. A closed one still answers, says so, and offers similar ones; others do not exist."""
    known = Vacancy.objects.exclude(published_at=None).exclude(state=Vacancy.State.WITHDRAWN)
    vacancy = get_object_or_404(known.select_related("visit", "school_centre").only(*PAGE_FIELDS), pk=pk)
    if slug != vacancy.slug:
        return redirect(vacancy, permanent=True)
    context = {
        "vacancy": vacancy,
        "similar": Vacancy.objects.similar_to(vacancy).only(*SIMILAR_FIELDS)[:3],
        "posting": posting.json_ld(vacancy) if vacancy.is_open else None,
        "share_text": f"{vacancy.title}, {vacancy.employer_name}: {settings.SITE_URL}{vacancy.get_absolute_url()}",
        "requirements": [line.strip("-• \t") for line in vacancy.requirements.splitlines() if line.strip()],
        "similar_query": Criteria(occupation_group=vacancy.occupation_group or "").query,
    }
    return render(request, "canvassing/vacancy_detail.html", context, status=200 if vacancy.is_open else 410)
