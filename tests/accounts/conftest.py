import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from allauth.account.models import EmailAddress
from pytest_django.fixtures import Settings

from accounts.models import User
from announcements.models import Delivery
from tests.factories import make_user

PASSWORD = "kanvas untuk semua"
CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)


@pytest.fixture(autouse=True)
def real_mail_backend(settings: Settings) -> None:
    """Django's test runner keeps mail in memory; here it becomes a row of the ledger, as in production."""
    settings.EMAIL_BACKEND = "announcements.mail.LedgerBackend"


def make_person(role: str | None = None, **fields: str | bool) -> User:
    """Somebody whose address is confirmed; with PASSWORD."""
    user = make_user(role, **({"email": "siti@contoh.test", "name": "Siti", "password": PASSWORD} | fields))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def mails_to(address: str) -> list[EmailMessage]:
    """What waits in the ledger for this address, oldest first."""
    rows = Delivery.objects.filter(address=address).order_by("pk")
    return [message_from_bytes(bytes(row.message), policy=policy.default) for row in rows]  # type: ignore[misc]


def last_text_to(address: str) -> str:
    body = mails_to(address)[-1].get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def last_code_to(address: str) -> str:
    (code,) = CODE.findall(last_text_to(address))
    return code
