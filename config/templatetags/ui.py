"""Icons, states, numbers and dates of every page. Called a hundred times a page, so nothing here renders a template."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from accounts import bots
from canvassing.words import MONTHS, NBSP, language, long_date

register = template.Library()

NB_HYPHEN = "\N{NON-BREAKING HYPHEN}"

# --- Icons: 24 grid, stroke 1.75, round ends (kk.css) -----------------------------------------

RING = '<circle cx="12" cy="12" r="9"/>'
SHAPES = {
    "accessible": '<circle cx="12" cy="4.5" r="1.5"/><path d="M5 8.5l7 1.5 7-1.5M12 10v5m0 0l-3 6m3-6l3 6"/>',
    "alert": '<path d="M12 4L2.8 20h18.4zM12 10v4.5M12 17.3v.2"/>',
    "arrow-left": '<path d="M19.5 12h-15M11 5.5L4.5 12l6.5 6.5"/>',
    "arrow-right": '<path d="M4.5 12h15M13 5.5l6.5 6.5-6.5 6.5"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4"/>',
    "briefcase": '<path d="M3.5 8h17v11.5h-17zM8.5 8V4.5h7V8M3.5 13h17"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8"/>',
    "check": '<path d="M4.5 12.5l5 5L19.5 7"/>',
    "check-circle": RING + '<path d="M8 12.3l2.8 2.8L16 9.5"/>',
    "chevron-down": '<path d="M6 9.5l6 6 6-6"/>',
    "clock": RING + '<path d="M12 7v5.3l3.3 2"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "cross-circle": RING + '<path d="M9 9l6 6M15 9l-6 6"/>',
    "dashed-circle": '<circle cx="12" cy="12" r="9" stroke-dasharray="3.2 2.46"/>',
    "download": '<path d="M12 4v11M7.5 10.5L12 15l4.5-4.5M4.5 20h15"/>',
    "filter": '<path d="M4 7h16M7 12h10M10 17h4"/>',
    "flag": '<path d="M5.5 21V4.5h13l-3 4.25 3 4.25h-13"/>',
    "home": '<path d="M4 11l8-7 8 7M6 9.5V20h4.5v-5.5h3V20H18V9.5"/>',
    "info": RING + '<path d="M12 11v5.5M12 7.7v.2"/>',
    "link": (
        '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5"/>'
        '<path d="M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5"/>'
    ),
    "mail": '<path d="M3.5 5.5h17v13h-17zM3.5 7l8.5 6.5L20.5 7"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "pencil": '<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5"/>',
    "phone": (
        '<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1.5 1.5 0 0 1-1.5 1.5'
        'A15.5 15.5 0 0 1 3.5 5.5 1.5 1.5 0 0 1 5 4z"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "printer": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6.5H7z"/>',
    "question": RING + '<path d="M9.4 9.3a2.7 2.7 0 1 1 3.9 2.4c-.9.5-1.3 1-1.3 2M12 16.7v.2"/>',
    "route": (
        '<circle cx="6" cy="18.5" r="2"/><circle cx="18" cy="5.5" r="2"/>'
        '<path d="M16 5.5H9a3.25 3.25 0 0 0 0 6.5h6a3.25 3.25 0 0 1 0 6.5H8"/>'
    ),
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "shield": '<path d="M12 3l8 2.8v5.7c0 4.7-3.2 8-8 9.5-4.8-1.5-8-4.8-8-9.5V5.8zM8.3 12l2.6 2.6 4.8-5"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.6-4 3.4-6 7.5-6s6.9 2 7.5 6"/>',
}
# Size and outline are attributes, so that an icon stays small when the stylesheet does not arrive.
SVG = '<svg class="kk-icon" width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" {}>{}</svg>'
ICONS = {name: SafeString(SVG.format('aria-hidden="true"', shapes)) for name, shapes in SHAPES.items()}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Beside a word it is hidden from screen readers; alone it needs a `label`."""
    if not label:
        return ICONS[name]
    return format_html(SVG, format_html('role="img" aria-label="{}"', label), SafeString(SHAPES[name]))


# --- States: always icon and word --------------------------------------------------------------

STATE_ICONS = {
    "ok": "check-circle",
    "info": "clock",
    "warn": "alert",
    "bad": "cross-circle",
    "neutral": "dashed-circle",
}
NOTICE_ICONS = STATE_ICONS | {"info": "info"}


@register.simple_tag
def status(kind: str, text: object, icon: str = "") -> SafeString:
    return format_html('<span class="kk-status kk-{}">{}{}</span>', kind, ICONS[icon or STATE_ICONS[kind]], text)


@register.simple_tag
def notice_icon(kind: str) -> SafeString:
    return ICONS[NOTICE_ICONS[kind]]


@register.simple_tag
def deadline(day: date | None) -> SafeString | str:
    """When a vacancy closes: muted, a warning within 7 days, urgent on the last day."""
    return _deadline(day, timezone.localdate(), language()) if day else ""


@lru_cache(maxsize=500)
def _deadline(day: date, today: date, language: str) -> SafeString:
    left = (day - today).days
    if left < 0:
        return status("neutral", gettext("Ditutup %(date)s") % {"date": longdate(day)}, icon="calendar")
    if left == 0:
        return status("bad", gettext("Tutup hari ini"), icon="clock")
    if left <= 7:
        text = ngettext("Tutup %(date)s, %(days)d hari lagi", "Tutup %(date)s, %(days)d hari lagi", left)
        return status("warn", text % {"date": shortdate(day), "days": left}, icon="clock")
    return status("plain", gettext("Tutup %(date)s") % {"date": longdate(day)}, icon="calendar")


@register.simple_tag
def ledger_bar(*, accepted: int, waiting: int, rejected: int, unknown: int) -> SafeString:
    """The progress bar of a delivery: widths are SVG attributes (no inline style), every part that exists is seen."""
    counts = {"accepted": accepted, "waiting": waiting, "rejected": rejected, "unknown": unknown}
    total = max(sum(counts.values()), 1)
    widths = {part: max(100 * count / total, 1.5) for part, count in counts.items() if count}
    scale = 100 / max(sum(widths.values()), 1)
    rects, x = [], 0.0
    for part, width in widths.items():
        rects.append((part, f"{x:.2f}%", f"{width * scale:.2f}%"))
        x += width * scale
    label = gettext("%(accepted)s diterima, %(waiting)s menunggu, %(rejected)s ditolak, %(unknown)s tidak pasti")
    return format_html(
        '<svg class="kk-ledger" role="img" aria-label="{}">{}</svg>',
        label % {part: number(count) for part, count in counts.items()},
        format_html_join("", '<rect class="kk-part-{}" x="{}" width="{}" height="100%"/>', rects),
    )


# --- Numbers and dates ---------------------------------------------------------------------------

WEEKDAYS = {
    "id": "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


@register.filter
def number(value: int | Decimal | None) -> str:
    """1204 -> 1.204 in Indonesian, 1,204 in English."""
    if value is None or value == "":
        return ""
    text = f"{value:,.0f}"
    return text if language() == "en" else text.replace(",", ".")


@register.filter
def rupiah(value: int | Decimal | None) -> str:
    """2700000 -> Rp2.700.000, the same in every language."""
    return "" if value is None or value == "" else f"Rp{value:,.0f}".replace(",", ".")


def local_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) and timezone.is_aware(value) else value


def days_until(value: date) -> int:
    return (local_day(value) - timezone.localdate()).days


@register.filter
def shortdate(value: date | None) -> str:
    """24 November"""
    if not value:
        return ""
    day = local_day(value)
    return f"{day.day}{NBSP}{MONTHS[language()][day.month - 1]}"


@register.filter
def longdate(value: date | None) -> str:
    """24 November 2026, which never breaks inside."""
    return long_date(local_day(value)) if value else ""


@register.filter
def daydate(value: date | None) -> str:
    """Selasa, 24 November 2026"""
    return f"{WEEKDAYS[language()][local_day(value).weekday()]}, {longdate(value)}" if value else ""


@register.filter
def clocktime(value: datetime | time | None) -> str:
    """14.05 in Indonesian, 14:05 in English."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%H:%M}" if language() == "en" else f"{value:%H.%M}"


@register.filter
def longdatetime(value: datetime | None) -> str:
    """24 November 2026, 14.05"""
    return f"{longdate(value)}, {clocktime(value)}" if value else ""


@register.filter
def days_left(value: date | None) -> int | str:
    """Whole days from today: 0 on the day itself, negative after it."""
    return days_until(value) if value else ""


@register.filter
def age(value: datetime | None) -> str:
    """How long ago, in one unit: "1 hari", "5 jam", "3 menit"."""
    return timesince(value, depth=1) if value else ""


@register.filter
def phone(value: str | None) -> str:
    """A telephone number that never breaks over two lines."""
    return (value or "").replace("-", NB_HYPHEN).replace(" ", NBSP)


@register.filter
def tel(value: str | None) -> str:
    """The same number for a tel: address."""
    return "".join(character for character in value or "" if character.isdigit() or character == "+")


@register.filter
def wa(value: str | None) -> str:
    """0812-0000-0110 -> 6281200000110, as wa.me wants it."""
    digits = tel(value).lstrip("+")
    return "62" + digits[1:] if digits.startswith("0") else digits


# --- Navigation -----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, view_name: str, text: str, *, exact: bool = False) -> SafeString:
    """A link that knows when its section, or with `exact` its very page, is the current one."""
    url, path = reverse(view_name), context["request"].path
    current = SafeString(' aria-current="true"') if path == url or (not exact and path.startswith(url)) else ""
    return format_html('<a href="{}"{}>{}</a>', url, current, text)


# --- Forms --------------------------------------------------------------------------------------


@register.simple_tag
def bot_trap() -> SafeString:
    """The two fields of `BotTrap` for a form that is written by hand."""
    fields = bots.BotTrap(auto_id=False)
    return fields[bots.TRAP].as_widget() + fields[bots.SHOWN_AT].as_widget()
