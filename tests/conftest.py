from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from accounts.keep import forget_everything
from accounts.models import User
from accounts.roles import Role
from tests.factories import make_school_centre, make_user


class People(dict[str, Any]):
    """The people that tests know, by what they are; each is made when a test first asks for it."""

    ROLES = {
        "canvasser": Role.CANVASSER,
        "other_canvasser": Role.CANVASSER,
        "publisher": Role.PUBLISHER,
        "bkk_officer": Role.BKK_OFFICER,
        "other_bkk_officer": Role.BKK_OFFICER,
        "trainer": Role.TRAINER,
        "manager": Role.MANAGER,
        "admin": Role.ADMIN,
        "job_seeker": None,
        "deactivated": Role.CANVASSER,
    }

    def __missing__(self, who: str) -> User | None:
        self[who] = None if who == "anonymous" else self._make(who)
        return self[who]

    def _make(self, who: str) -> User:
        user = make_user(
            self.ROLES[who],
            email=f"{who}@contoh.test",
            name=who.replace("_", " ").title(),
            is_active=who != "deactivated",
            is_staff=who == "admin",
        )
        if self.ROLES[who] == Role.BKK_OFFICER:
            make_school_centre(officers=(user,))
        return user


@pytest.fixture
def people(db: None) -> People:
    return People()


@pytest.fixture
def client_for() -> Callable[[User | None], Client]:
    """Answers a test client in which the given person has signed in; nobody for None."""

    def sign_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def our_mail_backend(settings: Any) -> None:
    """Django's test runner puts a backend of its own in the place of ours; mail is to become rows of the ledger."""
    settings.EMAIL_BACKEND = "announcements.mail.LedgerBackend"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """No test sees what an earlier one left in the process or in the cache."""
    translation.deactivate()  # of the last request
    forget_everything()
    cache.clear()
