"""The cheapest pages that Django can make of the benchmark's vacancies: what our own pages are measured against.

Built in for where no other floor is given. Same addresses as that one: /orm, /cari?q=, /v/<id>.
"""

import json

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.settings import DATABASES

settings.configure(
    SECRET_KEY="only for the benchmark",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES=DATABASES,
    USE_I18N=False,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()


class Vacancy(models.Model):  # noqa: DJ008
    title = models.TextField()
    employer = models.TextField()
    education = models.SmallIntegerField()
    district = models.SmallIntegerField()
    salary_min = models.IntegerField()
    closes_on = models.DateField()
    published_at = models.DateTimeField()
    is_open = models.BooleanField()
    description = models.TextField()
    objects: models.Manager["Vacancy"] = models.Manager()

    class Meta:
        app_label = "floor"
        db_table = "floor_vacancy"
        managed = False


FOUND = """
WITH found AS MATERIALIZED (
    SELECT id, published_at, sector, education, district FROM floor_vacancy
    WHERE is_open AND tsv @@ websearch_to_tsquery('indonesian', %s) ORDER BY published_at DESC, id DESC LIMIT 1001
)
SELECT grouping(sector, education, district), coalesce(sector, education, district), count(*), NULL
FROM found GROUP BY GROUPING SETS ((sector), (education), (district), ())
UNION ALL SELECT NULL, NULL, NULL, to_jsonb(newest) FROM (
    SELECT id, title, employer, education, district, salary_min, closes_on FROM floor_vacancy
    WHERE id IN (SELECT id FROM found LIMIT 20) ORDER BY published_at DESC, id DESC
) newest
"""
LIST = """<!doctype html><html lang="id"><title>Lowongan</title>
<form action="/cari"><label>Cari <input name="q" value="{{ q }}"></label><button>Cari</button></form>
<ul>{% for v in rows %}<li><a href="/v/{{ v.id }}">{{ v.title }}</a> <span>{{ v.employer }}</span>
<span>{{ v.district }}</span> <span>{{ v.education }}</span> <span>Rp {{ v.salary_min }}</span>
<time>{{ v.closes_on }}</time></li>{% endfor %}</ul>
{% for f in facets %}<label><input type="checkbox" value="{{ f.1 }}">{{ f.1 }} ({{ f.2 }})</label>{% endfor %}</html>"""
DETAIL = """<!doctype html><html lang="id"><title>{{ v.title }}</title><h1>{{ v.title }}</h1>
<p>{{ v.employer }} {{ v.salary_min }} {{ v.closes_on }}</p><p>{{ v.description }}</p></html>"""
list_page, detail_page = map(engines["django"].from_string, [LIST, DETAIL])


def orm(request: HttpRequest) -> HttpResponse:
    newest = Vacancy.objects.filter(is_open=True).defer("description").order_by("-published_at", "-id")
    return HttpResponse(list_page.render({"rows": newest[:20]}, request))


def cari(request: HttpRequest) -> HttpResponse:
    words = request.GET["q"]
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [words])
        answer = cursor.fetchall()
    rows = [json.loads(row) for *_counted, row in answer if row]
    facets = [(facet, value, number) for facet, value, number, row in answer if not row]
    return HttpResponse(list_page.render({"rows": rows, "facets": facets, "q": words}, request))


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(detail_page.render({"v": Vacancy.objects.get(pk=pk)}, request))


urlpatterns = [path("orm", orm), path("cari", cari), path("v/<int:pk>", detail)]
application = WSGIHandler()
