"""What `lists` and `registrations` need of Django: filled databases, the paths to ask for, people signed in."""

import random
from importlib import import_module
from itertools import product
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from canvassing.models import Vacancy
from tests.benchmarks.vacancies import COMMON, LEVELS, PLACES, ROLES, fill

PATHS = 1_000

# The same rows and the same words for the floor. Its search column is ours, so that nothing is stemmed twice.
FLOOR_TABLE = """
DROP TABLE IF EXISTS floor_vacancy;
CREATE TABLE floor_vacancy AS
SELECT id, state = 'published' AS is_open, dense_rank() OVER (ORDER BY occupation_id)::smallint AS sector,
    education_id AS education, dense_rank() OVER (ORDER BY region_id)::smallint AS district, wage_min AS salary_min,
    valid_until AS closes_on, published_at, title, employer_name AS employer, description, search AS tsv
FROM canvassing_vacancy;
ALTER TABLE floor_vacancy ADD PRIMARY KEY (id);
CREATE INDEX ON floor_vacancy USING gin (sector, education, district, tsv) WITH (fastupdate=off) WHERE is_open;
CREATE INDEX ON floor_vacancy (published_at DESC, id DESC) WHERE is_open;
"""


def prepare(rows: int, directory_name: str) -> None:
    """Have `rows` vacancies, a tenth of them open, and write a file of paths for each side of each page."""
    if (Vacancy.objects.count(), Vacancy.objects.open().count()) != (rows, rows // 10):  # none, or of another day
        call_command("flush", interactive=False)
        fill(rows)
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_TABLE)
        cursor.execute("VACUUM ANALYZE floor_vacancy")
    open_rows = list(Vacancy.objects.open().only("title").order_by("pk"))
    chosen = random.Random(11).sample(open_rows, min(PATHS, len(open_rows)))
    paths = {
        "list": ([reverse("vacancy_list")], ["/orm"]),
        "search": zip(*((f"{reverse('vacancy_list')}?{asked}", f"/cari?{asked}") for asked in searches()), strict=True),
        "detail": zip(*((vacancy.get_absolute_url(), f"/v/{vacancy.pk}") for vacancy in chosen), strict=True),
    }
    directory = Path(directory_name)
    directory.mkdir(parents=True, exist_ok=True)
    for name, sides in paths.items():
        for side, listed in zip(("site", "floor"), sides, strict=True):
            (directory / f"{name}.{side}").write_text("".join(f"{each}\n" for each in listed))


def typed() -> list[str]:
    """What job seekers type, all different: a role, alone or with its level, its place or a common word."""
    pairs = [*product(LEVELS, ROLES), *product(ROLES, PLACES), *product(ROLES, COMMON)]
    return random.Random(13).sample(sorted({" ".join(pair).strip() for pair in pairs}), PATHS)


def searches() -> list[str]:
    return [urlencode({"q": words}) for words in typed()]


def make_accounts(number: int, file_name: str) -> None:
    """Empty the database but for reference data, sign new accounts in, and write their session keys, one a line."""
    call_command("flush", interactive=False, verbosity=0)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = []
    for count in range(number):
        user = User.objects.create_user(f"orang{count}@uji.test", name="Orang Uji")
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]
        session = store()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(str(session.session_key))
    Path(file_name).write_text("\n".join(keys))
