"""Who gets which answer at which address: every address of the site, every kind of person.

`matrix.csv` has a row per url name, method and scope, and a column per person instead of a column "actor": nine times
fewer rows, and one sees at a glance who may. A cell is a status code, or `login` for being sent to sign in. A redirect
to the admin's sign-in page is followed, because the answer is given there. A pattern without a name stands under its
route.

Scope is whose object the address names: the person's `own`, an`other`'s, or nobody's that matters. For a BKK officer
"own" means of the own school. `forged` is a made-up token, `unpublished` a draft, `superuser` an account with more
power.

The cells are written from the design, never copied from what the code does.
"""

import csv
from collections import defaultdict
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.authz.world import ACTORS, Case, World

with Path(__file__).with_name("matrix.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))
ROWS_OF = defaultdict(list)
for row in ROWS:
    ROWS_OF[row["url name"]].append(row)


def patterns(resolver=None, route="", namespaces=()):
    """(key, route, view) of every address. The key is its name, or its route where it has none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield (":".join([*namespaces, pattern.name]) if pattern.name else here), here, pattern.callback
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from patterns(pattern, here, inner)


def area(route):
    """The part of the site that an address lies in: "lowongan", "petugas/lowongan", "admin/canvassing"."""
    first, second = f"{route}/".split("/")[:2]
    return f"{first}/{second}" if first in ("admin", "petugas") else first


AREAS = defaultdict(dict)
for key, route, _view in patterns():
    AREAS[area(route)][key] = ROWS_OF[key]


def answer(client, response):
    """What a cell of the matrix says."""
    path = urlsplit(response.headers.get("Location", "")).path
    if path == reverse("account_login"):
        return "login"
    if path == reverse("admin:login"):
        return answer(client, client.get(response.url))
    return str(response.status_code)


def ask(world, case):
    """The answer to one request, which leaves no trace."""
    path, data, client = world.path(case), world.data(case), world.browser(case)
    with transaction.atomic():
        response = client.get(path) if case.method == "GET" else client.post(path, data)
        given = answer(client, response)
        if response.streaming:
            list(response)  # and so close the file
        transaction.set_rollback(True)
    return given


@pytest.mark.django_db
@pytest.mark.parametrize("area", AREAS)
def test_answers(area, tmp_path, monkeypatch, settings):
    settings.TELEGRAM_BOT, settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = "kanvas_bot", "42:x", "rahasia"
    monkeypatch.setenv("KANVAS_STATE_DIR", str(tmp_path))  # for the mails that the demo has caught
    world = World()
    wrong = []
    for name, rows in AREAS[area].items():
        for row, actor in product(rows, ACTORS):
            given = ask(world, Case(name, row["method"], row["scope"], actor))
            if given != row[actor]:
                wrong.append(f"{row['method']} {name} {row['scope']}: {actor} gets {given} instead of {row[actor]}")
    assert not wrong, "\n".join(wrong)


def test_every_address_is_listed_and_no_other():
    listed = list(dict.fromkeys(row["url name"] for row in ROWS))
    assert listed == list(dict.fromkeys(key for key, _route, _view in patterns()))


@pytest.mark.parametrize("name", ROWS_OF)
def test_every_address_is_asked_with_both_methods(name):
    assert {row["method"] for row in ROWS_OF[name]} == {"GET", "POST"}


def test_no_row_is_there_twice():
    keys = [(row["url name"], row["method"], row["scope"]) for row in ROWS]
    assert sorted(set(keys)) == sorted(keys)


def test_deactivated_people_are_strangers():
    assert [row["deactivated"] for row in ROWS] == [row["anonymous"] for row in ROWS]


def test_every_form_needs_its_csrf_token_but_what_programs_post():
    """Mail programs press "stop", services tell what became of a message; each shows a signature of its own."""
    exempt = {key for key, _route, view in patterns() if getattr(view, "csrf_exempt", False)}
    assert exempt == {"alert_stop", "callback"}
