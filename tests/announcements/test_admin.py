import pytest

from announcements.models import ChannelControl, Delivery, Suppression
from tests.announcements.conftest import work
from tests.factories import make_subscription, make_user

pytestmark = pytest.mark.django_db

ADMIN = "/admin/announcements"
SITI = "siti@contoh.test"


@pytest.fixture
def admin(client_for):
    return client_for(make_user("admin", is_staff=True))


@pytest.fixture
def delivery(announced, sink):
    make_subscription(email=SITI)
    announced()
    work()
    return Delivery.objects.get()


@pytest.mark.parametrize("model", ["announcement", "delivery", "attempt", "suppression", "channelcontrol"])
def test_lists_open(model, admin, delivery):
    assert admin.get(f"{ADMIN}/{model}/").status_code == 200


def test_ledger_shows_no_whole_address_and_no_text(admin, delivery):
    for address in (f"{ADMIN}/delivery/", f"{ADMIN}/delivery/{delivery.pk}/change/"):
        page = admin.get(address).content.decode()
        assert "s***@contoh.test" in page
        assert SITI not in page


def test_delivery_is_found_by_its_whole_address(admin, delivery):
    assert "s***@contoh.test" in admin.get(f"{ADMIN}/delivery/", {"q": SITI}).content.decode()
    assert "s***@contoh.test" not in admin.get(f"{ADMIN}/delivery/", {"q": "siti"}).content.decode()


@pytest.mark.parametrize("model", ["announcement", "delivery", "attempt"])
def test_ledger_can_only_be_read(model, admin, delivery):
    assert admin.get(f"{ADMIN}/{model}/add/").status_code == 403
    assert admin.post(f"{ADMIN}/delivery/{delivery.pk}/delete/", {"post": "yes"}).status_code == 403


def test_address_is_put_on_the_list_in_lower_case(admin):
    admin.post(f"{ADMIN}/suppression/add/", {"address": "Siti@contoh.test", "reason": "by_hand"})
    assert Suppression.objects.count() == 0
    admin.post(f"{ADMIN}/suppression/add/", {"address": SITI, "reason": "by_hand"})
    assert Suppression.objects.get().address == SITI


def test_address_cannot_be_paused_by_hand(admin):
    answer = admin.post(f"{ADMIN}/suppression/add/", {"address": SITI, "reason": "returned"})
    assert (answer.status_code, Suppression.objects.count()) == (200, 0)


def test_channel_can_be_paused(admin):
    ChannelControl.objects.create(channel="email")
    admin.post(f"{ADMIN}/channelcontrol/email/change/", {"channel": "email", "paused": "on", "per_minute": ""})
    assert ChannelControl.objects.get().paused is True
