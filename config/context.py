from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import current_office
from config.navigation import rail_for


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: the office, and for staff the rail of their role."""
    context: dict[str, Any] = {"office": current_office(), "SITE_URL": settings.SITE_URL}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.is_office_staff:
        if request.path.startswith("/petugas/"):
            context |= {"rail": rail_for(request), "idle_seconds": settings.STAFF_IDLE_SECONDS}
        elif request.path.startswith("/admin/"):
            context["idle_seconds"] = settings.STAFF_IDLE_SECONDS
    return context
