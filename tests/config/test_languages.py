"""English pages and mails speak English throughout: no text of the program is seen in Indonesian there."""

import email
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from email import policy
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from announcements import services
from announcements.channels.email import render, slot_values
from announcements.models import Announcement, Delivery
from canvassing.models import Vacancy
from jobseekers import mail
from tests.conftest import People
from tests.factories import (
    make_contact,
    make_employer,
    make_office,
    make_school_centre,
    make_subscription,
    make_vacancy,
    make_visit,
    today,
)

ATTRIBUTES = {"alt", "aria-label", "content", "label", "placeholder", "title"}
SHORTEST = 7  # letters; shorter Indonesian texts may stand in an English sentence by chance
ADDRESS = re.compile(r"https?://\S+")  # the addresses of pages are Indonesian for everybody
VARYING = re.compile(r"%\(\w+\)[sd]|<[^>]+>")  # what the program puts in, and where a text of a page is cut

pytestmark = pytest.mark.django_db


def untranslated(text: str) -> list[str]:
    """Which Indonesian texts of the program stand in `text`, as whole words."""
    shown = " ".join(ADDRESS.sub("", text).split())
    return [piece for piece in PIECES if piece in shown and re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", shown)]


def pieces() -> Iterator[str]:
    """The parts of each Indonesian text that are the same wherever it is shown, where English has other words."""
    path = settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        indonesian = message.id if isinstance(message.id, tuple) else (message.id,)
        english = " ".join(message.string) if isinstance(message.string, tuple) else message.string
        for text in indonesian:
            for part in VARYING.split(text):
                piece = " ".join(part.split()).strip(" .,:;")
                if len(piece) >= SHORTEST and piece.lower() not in english.lower():
                    yield piece


PIECES = sorted(set(pieces()))


class Visible(HTMLParser):
    """Collects what a reader of a page sees or hears: its text, and the attributes that are read out.

    What says of itself that it is Indonesian (`lang="id"`, a mail as it was sent) is left out.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skipped = ""  # the element that we are in and do not read
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"} or ("lang", "id") in attrs:
            self.skipped = tag
        self.parts += [value for name, value in attrs if name in ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipped:
            self.skipped = ""

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return " | ".join(self.parts)


def assert_english(response: HttpResponse, status: int = 200) -> None:
    page = response.content.decode()
    where = getattr(response, "request", {}).get("PATH_INFO", "")
    assert response.status_code == status, where
    assert 'lang="en"' in page, where
    assert untranslated(Visible(page).text) == [], where


def assert_all_english(client: Client, addresses: Iterable[str]) -> None:
    for address in addresses:
        assert_english(client.get(address))


@pytest.fixture
def english(client_for: Callable[[User | None], Client]) -> Callable[[User | None], Client]:
    """Like client_for, in a browser that has chosen English."""

    def sign_in(user: User | None = None) -> Client:
        client = client_for(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


class World:
    """One of each thing that pages show. What people typed is English here, so that only the program's words count."""

    def __init__(self, people: People) -> None:
        make_office(name="Labour Office", short_name="Office", address="1 High Street", opening_hours="Mon-Fri 8-4")
        officer, self.publisher = people["canvasser"], people["publisher"]
        self.employer = make_employer(name="Acme", industry_id="C", region_id="18.72.01.1001")
        make_contact(employer=self.employer, name="Ann", position="Staffing")
        typed = {"person_met": "Ann", "purpose": "Meet", "next_step": "Call"}
        self.visit = make_visit("done", employer=self.employer, officer=officer, **typed)
        self.planned = make_visit(employer=self.employer, officer=officer, purpose="Meet")
        self.vacancies = {state: self.vacancy(state, officer) for state in Vacancy.State.values}
        for source in ("online", "employer", "job_fair"):
            self.vacancies[source] = self.vacancy("published", officer, source=source)
        school = make_school_centre(name="School")
        self.vacancies["bkk"] = self.vacancy("published", officer, source="bkk", school_centre=school)
        self.subscription = make_subscription(words="cook", language="en", places=["18.72", "luar"], education=3)

    def vacancy(self, state: str, officer: User, **fields: Any) -> Vacancy:
        """Complete, and asking for what makes pages show more: sex, age, experience, a range of wages."""
        defaults: dict[str, Any] = {
            "title": f"Cook {state}",
            "employer": self.employer,
            "created_by": officer,
            "source": "visit",
            "employer_words": "Two cooks",
            "description": "Serving guests.",
            "requirements": "Friendly",
            "openings_female": 2,
            "age_min": 18,
            "age_max": 40,
            "restriction_reason": "Night work",
            "experience_years": 1,
            "wage_min": 2_500_000,
            "wage_max": 3_000_000,
            "work_place": "Kitchen",
            "working_hours": "9-5",
            "working_conditions": "One year",
        }
        if fields.get("source", "visit") == "visit":
            defaults["visit"] = self.visit
        return make_vacancy(state, **(defaults | fields))

    def announce(self) -> Announcement:
        """An announcement of the office, of which one e-mail was rejected and one is uncertain."""
        wanted = [self.vacancies["online"], self.vacancies["bkk"]]
        announcement = services.announce(vacancies=wanted, by=self.publisher)
        assert announcement is not None
        for state, reason in (("failed", "unknown_address"), ("unknown", "no_answer"), ("sent", "accepted")):
            Delivery.objects.create(
                announcement=announcement,
                issue=announcement.issues.get(channel="email"),
                channel="email",
                address=f"{state}@example.test",
                subscription=self.subscription,
                state=state,
                last_class=reason,
                expires_at=announcement.expires_at,
            )
        Announcement.objects.filter(pk=announcement.pk).update(title="Two vacancies")  # by default it is Indonesian
        return announcement


@pytest.fixture
def world(people: People) -> World:
    return World(people)


def test_the_search_for_untranslated_texts_finds_them():
    seen = '<p>Wage <b>Tempat kerja</b></p><a title="Pekerjaannya">x</a>'
    not_read = '<script>"Berlaku sampai"</script><p lang="id">Berhenti</p>'
    assert untranslated(Visible(seen + not_read).text) == ["Pekerjaannya", "Tempat kerja"]
    assert untranslated("Tempat kerjanya, http://site.test/lowongan/") == []


def test_public_pages(english, world):
    token = mail.confirm_token(world.subscription)
    vacancy = world.vacancies["published"]
    assert_all_english(
        english(),
        [
            reverse("home"),
            reverse("vacancy_list"),
            reverse("vacancy_list") + "?tempat=18.72&tempat=luar&pendidikan=4&sejak=7&difabel=1&upah=2000000",
            reverse("vacancy_list") + "?q=nothing&tanpa_pengalaman=1",
            vacancy.get_absolute_url(),
            *(world.vacancies[source].get_absolute_url() for source in ("online", "employer", "job_fair", "bkk")),
            reverse("help"),
            reverse("privacy"),
            reverse("news_list"),
            reverse("alert_start"),
            reverse("vacancy_report", args=[world.vacancies["published"].pk]),
            reverse("alert_sent"),
            reverse("alert_confirm", args=[token]),
            reverse("alert_manage", args=[world.subscription.token]),
            reverse("alert_stop", args=[world.subscription.token]),
            reverse("account_login"),
            reverse("account_signup"),
            reverse("account_request_login_code"),
            reverse("account_reset_password"),
        ],
    )
    assert_english(english().get(world.vacancies["expired"].get_absolute_url()), 410)
    assert_english(english().get(reverse("alert_confirm", args=["broken"])), 404)
    assert_english(english().post(reverse("alert_start"), {"email": "x"}), 400)


def test_job_seeker_pages(english, people, world):
    make_subscription(email=people["job_seeker"].email, words="cook")
    assert_all_english(english(people["job_seeker"]), [reverse("account"), reverse("account_logout")])


def test_canvasser_pages(english, people, world):
    world.announce()
    client = english(people["canvasser"])
    assert_all_english(
        client,
        [
            reverse("workspace"),
            reverse("account"),
            reverse("mfa_index"),
            reverse("account_email"),
            reverse("account_reauthenticate_by_code"),
            reverse("staff_search") + "?q=cook",
            reverse("staff_search") + "?q=nothing",
            reverse("employer_list"),
            reverse("employer_list") + "?q=nothing",
            reverse("employer_new"),
            reverse("employer_detail", args=[world.employer.pk]),
            reverse("employer_edit", args=[world.employer.pk]),
            reverse("visit_list"),
            reverse("visit_list") + "?q=nothing",
            reverse("visit_new", args=[world.employer.pk]),
            reverse("visit_detail", args=[world.visit.pk]),
            reverse("visit_edit", args=[world.planned.pk]),
            reverse("staff_vacancy_list"),
            reverse("staff_vacancy_list") + "?q=nothing",
            reverse("vacancy_new"),
            reverse("vacancy_edit", args=[world.vacancies["draft"].pk]),
            reverse("announcement_list"),
            reverse("draft_new"),
            *(f"{reverse('draft_new')}?isi={content}" for content in ("vacancies", "course", "news")),
            *(reverse("staff_vacancy_detail", args=[vacancy.pk]) for vacancy in world.vacancies.values()),
        ],
    )


def test_errors_of_staff_forms(english, people, world):
    client = english(people["canvasser"])
    contact = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "0", "contacts-0-name": "Ann"}
    for source in ("visit", "bkk", "online"):
        entry = {"submit": "1", "source": source, "age_min": "9", "openings_any": "0", "valid_until": "2020-01-01"}
        assert_english(client.post(reverse("vacancy_new"), entry | {"wage_min": "9", "wage_max": "much"}), 400)
    assert_english(client.post(reverse("employer_new"), contact | {"nib": "1"}), 400)
    visit = {"visited_on": today() + timedelta(days=1), "planned_for_0": "x", "next_step_on": "2020-01-01"}
    assert_english(client.post(reverse("visit_new", args=[world.employer.pk]), visit), 400)


def test_publisher_and_manager_pages(english, people, world):
    announcement = world.announce()
    waiting = world.vacancies["in_check"]
    for who in ("publisher", "manager"):
        assert_all_english(
            english(people[who]),
            [
                reverse("workspace"),
                reverse("review", args=[waiting.pk]),
                reverse("staff_vacancy_detail", args=[waiting.pk]),
                reverse("visit_detail", args=[world.visit.pk]),
                reverse("employer_detail", args=[world.employer.pk]),
                reverse("announcement_list"),
                reverse("announcement_detail", args=[announcement.pk]),
                reverse("announcement_cancel", args=[announcement.pk]),
            ],
        )
    client = english(people["publisher"])
    assert_english(client.post(reverse("vacancy_publish", args=[waiting.pk]), {}), 400)
    Vacancy.objects.filter(pk=waiting.pk).update(state="draft")
    assert_english(client.get(reverse("review_queue")))


def test_admin_pages(english, people, world):
    world.announce()
    client = english(people["admin"])
    models = [
        "accounts_user",
        "accounts_office",
        "announcements_announcement",
        "announcements_attempt",
        "announcements_channelcontrol",
        "announcements_delivery",
        "announcements_suppression",
        "canvassing_schooljobcentre",
        "canvassing_vacancylog",
        "jobseekers_alertsubscription",
    ]
    forms = ["accounts_user", "canvassing_region", "canvassing_schooljobcentre", "canvassing_wordingrule"]
    changes = {"accounts_user": people["canvasser"].pk, "jobseekers_alertsubscription": world.subscription.pk}
    assert_all_english(
        client,
        [
            reverse("workspace"),
            reverse("admin:index"),
            *(reverse(f"admin:{model}_changelist") for model in models),
            *(reverse(f"admin:{model}_add") for model in forms),
            *(reverse(f"admin:{model}_change", args=[pk]) for model, pk in changes.items()),
            reverse("admin:auth_user_password_change", args=[people["canvasser"].pk]),
        ],
    )


def test_error_pages(english, people, rf):
    make_office(opening_hours="Mon-Fri 8-4", name="Labour Office")
    assert_english(english().get("/nowhere/"), 404)
    assert_english(english(people["canvasser"]).get(reverse("review_queue")), 403)
    request = rf.get("/")
    request.user = AnonymousUser()
    with translation.override("en"):
        for name in ("400", "403_csrf", "429", "500", "503"):
            html = render_to_string(f"{name}.html", {"reference": "abc", "phone": "0725"}, request)
            assert_english(HttpResponse(html))


def test_mails_of_a_subscription(world):
    mail.please_confirm(world.subscription)
    mail.already_subscribed(world.subscription)
    assert [assert_mail_english(delivery) for delivery in Delivery.objects.order_by("pk")] == [
        "Confirm your job alerts",
        "You already get alerts for this search",
    ]


@pytest.mark.parametrize("audience", ["instant", "daily"])
def test_mail_with_vacancies(world, audience):
    facts = world.announce().issues.get(channel="email").facts
    subjects = []
    for number in (1, 2, 30):
        piece = render((facts * 15)[:number], language="en", audience=audience).filled(slot_values(world.subscription))
        subjects.append(piece.subject)
        assert untranslated("\n".join([piece.subject, piece.text, Visible(piece.html).text])) == []
    assert subjects == [
        "New vacancy: Cook published, Acme",
        "2 new vacancies match your search",
        "30 new vacancies match your search",
    ]


def test_mails_about_an_account(english, world):
    """Asked for in English by somebody without an account: our own text inside allauth's mail."""
    english().post(reverse("account_request_login_code"), {"email": "nobody@example.test"})
    assert assert_mail_english(Delivery.objects.get()) == "No sign-in code for this address"


def assert_mail_english(delivery: Delivery) -> str:
    """Answers the subject."""
    assert delivery.message is not None
    message = email.message_from_bytes(bytes(delivery.message), policy=policy.default)
    for kind in ("plain", "html"):
        if body := message.get_body((kind,)):
            content = body.get_content()
            assert untranslated(Visible(content).text if kind == "html" else content) == [], message["Subject"]
    assert untranslated(message["Subject"]) == []
    return message["Subject"]
