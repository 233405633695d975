"""The form of an AK/I number as the office writes it, "{city}/{serial:06}/{year}", and what it may hold.

Names in braces are looked up in a closed list; the text never reaches `str.format`, which would follow attributes.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

IN_BRACES = re.compile(r"\{([^{}]*)\}")
PLAIN = re.compile(r"[A-Za-z0-9 ./-]*")
LONGEST = 40  # characters, as the column of the number
LARGEST_SERIAL = 999_999_999


def values(*, city_code: str, serial: int, on: date) -> dict[str, str]:
    """What each name in braces becomes. `city_code` as the ministry writes it: 18.72."""
    return {
        "city": city_code.replace(".", ""),
        "serial": str(serial),
        "serial:03": f"{serial:03}",
        "serial:06": f"{serial:06}",
        "year": f"{on:%Y}",
        "month": f"{on:%m}",
        "day": f"{on:%d}",
    }


NAMES = tuple(values(city_code="18.72", serial=1, on=date(2026, 1, 1)))


def written(form: str, *, city_code: str, serial: int, on: date) -> str:
    """The number. Raises KeyError for a name that `problem` would have refused."""
    known = values(city_code=city_code, serial=serial, on=on)
    return IN_BRACES.sub(lambda found: known[found[1]], form).strip()


def problem(form: str) -> str:
    """What is wrong with the form, in words, or "" if it can be used."""
    unknown = [name for name in IN_BRACES.findall(form) if name not in NAMES]
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    if unknown:
        return _("{%(name)s} tidak dikenal. Yang bisa dipakai: %(known)s.") % {"name": unknown[0], "known": known}
    if not PLAIN.fullmatch(IN_BRACES.sub("", form)):
        return _("Selain %(known)s hanya huruf, angka, spasi, titik, garis miring, dan tanda hubung.") % {
            "known": known
        }
    if "{serial" not in form:
        return _("Pakai {serial} atau {serial:06}, supaya setiap kartu mendapat nomor lain.")
    if len(written(form, city_code="18.72", serial=LARGEST_SERIAL, on=date(2026, 1, 1))) > LONGEST:
        return _("Nomor menjadi lebih dari 40 huruf. Perpendek bentuknya.")
    return ""
