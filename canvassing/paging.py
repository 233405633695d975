"""Keyset paging for staff lists: a page begins after a row, so no page costs more than the first."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import b64_decode, b64_encode
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SIZE = 25


@dataclass
class Found:
    rows: list[Any]
    previous: str
    next: str


def keyset(request: HttpRequest, rows: QuerySet[Any], order: tuple[str, ...], size: int = SIZE) -> Found:
    """One page of `rows` in the given order ("-field" falls); the position is read from ?sesudah= or ?sebelum=."""
    after, before = request.GET.get("sesudah", ""), request.GET.get("sebelum", "")
    position = _read(after or before, len(order))
    backwards = bool(before and not after and position)
    sequence = tuple(_reversed(name) for name in order) if backwards else order
    if position:
        rows = rows.filter(_beyond(sequence, position))
    found = list(rows.order_by(*sequence)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_previous = bool(position) and (more if backwards else True)
    has_next = bool(backwards) or more
    return Found(
        rows=found,
        previous=_link(request, "sebelum", found[0], order) if found and has_previous else "",
        next=_link(request, "sesudah", found[-1], order) if found and has_next else "",
    )


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: tuple[str, ...], position: list[Any]) -> Q:
    """(a, b) > (x, y) as a > x or (a = x and b > y), each part in its own direction."""
    beyond = Q()
    for index in range(len(order)):
        part = Q(**dict(zip((name.lstrip("-") for name in order[:index]), position, strict=False)))
        name = order[index]
        beyond |= part & Q(**{f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}": position[index]})
    return beyond


def _link(request: HttpRequest, parameter: str, row: Model, order: tuple[str, ...]) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    token = b64_encode(json.dumps(values, cls=MicrosecondEncoder).encode()).decode()
    query = request.GET.copy()
    for name in ("sesudah", "sebelum"):
        query.pop(name, None)
    query[parameter] = token
    return f"?{query.urlencode()}"


class MicrosecondEncoder(DjangoJSONEncoder):
    """Django's encoder cuts times to milliseconds, which would make neighbours of the same millisecond vanish."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _read(token: str, parts: int) -> list[Any] | None:
    try:
        values = json.loads(b64_decode(token.encode()))
    except ValueError:
        return None
    usable = isinstance(values, list) and len(values) == parts and all(isinstance(v, str | int) for v in values)
    return values if usable else None
