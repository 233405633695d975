from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class StaffRequest(HttpRequest):
    """What a view gets behind the login: somebody is signed in, and htmx may have asked."""

    user: User
    htmx: HtmxDetails
