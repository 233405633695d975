"""What PostgreSQL alone takes for the list and its search, without the web around it."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection

from canvassing.models import Vacancy
from canvassing.search import Criteria, count, page
from canvassing.views.public import open_rows
from tests.benchmarks.prepare import typed

REPEATS = 200


class Watch:
    """Adds up the milliseconds that the statements of a call take."""

    def __call__(self, call: Callable[[], Any]) -> float:
        self.spent = 0.0
        with connection.execute_wrapper(self.time):
            call()
        return 1000 * self.spent

    def time(self, execute: Callable, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.spent += time.perf_counter() - began


def report() -> None:
    watch = Watch()
    criteria = [Criteria(words=words) for words in typed()[:REPEATS]]
    counts = [watch(partial(count, each, Vacancy.objects.open())) for each in criteria]
    pages = [watch(partial(page, each.apply(open_rows()))) for each in criteria]
    deep = deep_cursor()
    first, later = [], []
    for _time in range(REPEATS):  # in turn, so that what else the machine does falls on both
        first.append(watch(partial(page, open_rows())))
        later.append(watch(partial(page, open_rows(), after=deep)))
    show("search, counts", counts)
    show("search, rows", pages)
    show("list, first page", first)
    show("list, page in the middle", later)
    print(  # noqa: T201
        f"  middle over first page: {statistics.median(later) / statistics.median(first):.2f} (goal: at most 1.50)"
    )


def deep_cursor() -> str:
    """The position in the middle of all open vacancies."""
    vacancies = Vacancy.objects.open().newest_first()
    middle = vacancies.count() // 2
    found = page(vacancies.filter(published_at__lte=vacancies[middle].published_at))
    assert found.next
    return found.next


def show(what: str, times: list[float]) -> None:
    parts = statistics.quantiles(times, n=100)
    print(f"  {what:<26} {parts[49]:6.2f} {parts[94]:6.2f} {parts[98]:6.2f} ms")  # noqa: T201
