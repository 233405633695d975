"""What the addresses of the matrix name and what is posted to them: one object of each kind, the actor's own or not."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from announcements import drafts, piece_templates, services
from announcements.models import (
    Announcement,
    Attempt,
    ChannelControl,
    Delivery,
    Draft,
    Issue,
    LetterSettings,
    Posting,
    ProviderEvent,
    Suppression,
)
from announcements.models.pieces import receipt_signer
from canvassing.models import (
    EducationLevel,
    Industry,
    Occupation,
    Region,
    Vacancy,
    VacancyLog,
    VacancyReport,
    Visit,
    WordingRule,
)
from config import mailcatcher
from jobseekers import card_mail, mail, referral_mail
from jobseekers.models import (
    Application,
    Appointment,
    CardSettings,
    ChatMessage,
    ChatSubscription,
    DataRequest,
    Document,
    DocumentKind,
    FollowUp,
    JobSeeker,
    MatchWeights,
    Merge,
    OutcomeReason,
    PeriodicReport,
    PushSubscription,
    Referral,
    ReferralSettings,
    RegistrationCard,
    RemovalReason,
    TalentList,
)
from jobseekers.services import merging, people, requests
from tests.browser_keys import BrowserKeys
from tests.conftest import People
from tests.factories import (
    make_application,
    make_card,
    make_chat,
    make_cohort,
    make_course,
    make_draft,
    make_employer,
    make_enrolment,
    make_job_seeker,
    make_message,
    make_news_draft,
    make_nik,
    make_office,
    make_placement,
    make_referral,
    make_school_centre,
    make_subscription,
    make_user,
    make_vacancy,
    make_visit,
    shown_a_minute_ago,
    today,
)
from training import mails
from training.models import Cohort, Complaint, Enrolment, Outcome, Session, TrainingCertificate, TrainingSettings
from training.services.certificates import facts_of

ACTORS = (
    "anonymous",
    "job_seeker",
    "bkk_officer",
    "canvasser",
    "trainer",
    "publisher",
    "manager",
    "admin",
    "deactivated",
)
BROWSER = Client()
PASSWORD = make_password("kanvas untuk semua")
MAIL = b"Subject: Halo\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Halo</p>\r\n"
NO_CONTACTS = {"contacts-TOTAL_FORMS": "0", "contacts-INITIAL_FORMS": "0"}
ENTRY = {
    "title": "Kasir",
    "employer_name": "Toko Contoh",
    "source": "employer",
    "obtained_on": "2026-11-24",
    "openings_any": "1",
    "openings_female": "0",
    "openings_male": "0",
    "education": "3",
    "experience_years": "0",
    "wage_period": "month",
    "employment": "pkwt",
    "apply_via": "office",
}
IDENTITY = {
    "name": "Siti Contoh",
    "birth_place": "Metro",
    "birth_date": "1998-04-17",
    "sex": "female",
}
PERSON = IDENTITY | {
    "region": "18.72.01.1003",
    "address": "Jalan Contoh 7",
    "phone": "0812-0000-0123",
    "education": "4",
    "occupation": "52",
    "read": "on",
    "not_same": "on",
    "experience-TOTAL_FORMS": "0",
    "experience-INITIAL_FORMS": "0",
}
COURSE = {
    "title": "Digital Marketing",
    "trade": "24",
    "lesson_hours": "160",
    "summary": "Berjualan lewat internet.",
    "skills": "Pemasaran digital",
    **{f"{part}-{name}_FORMS": "0" for part in ("units", "rules") for name in ("TOTAL", "INITIAL")},
}
COHORT = {
    "name": "Angkatan IX",
    "begins_on": "2030-03-01",
    "ends_on": "2030-03-31",
    "place": "Laboratorium Komputer",
    "capacity": "40",
    "reserves": "2",
    "intake": "selection",
    "intake_from": "2030-01-01",
    "intake_until": "2030-02-01",
    "offer_hours": "48",
    "replace_until_day": "3",
    "attendance_percent": "80",
    "criteria-TOTAL_FORMS": "0",
    "criteria-INITIAL_FORMS": "0",
}
REVIEW = {
    "confirmed_with": "Bu Lina, bagian umum",
    "confirmed_by_way": "phone",
    "employer_agrees": "on",
    "no_fraud": "on",
}


class Case(NamedTuple):
    """One request of the matrix. `actor` is a key of People; `scope` says whose object it is."""

    name: str
    method: str
    scope: str
    actor: str


class World:
    """Makes what a case needs. Objects are the actor's own with scope `own`, of a stranger otherwise.

    Staff have a password here: allauth's pages ask for it again, or send people without one elsewhere.
    """

    def __init__(self) -> None:
        self.people = People()
        self.made: dict[tuple[str, str], Any] = {}
        self.sessions = {actor: self._sign_in(actor) for actor in ACTORS}
        self.stranger = make_user(Role.CANVASSER)
        self.superuser = make_user(is_staff=True, is_superuser=True)
        self.employer = make_employer()
        make_office()
        CardSettings.current()
        MatchWeights.objects.get_or_create(pk=1)
        ReferralSettings.current()
        TrainingSettings.current()

    def _sign_in(self, actor: str) -> str:
        client, user = Client(), self.people[actor]
        if user is None:
            return ""
        if actor != "job_seeker":
            user.password = PASSWORD
            user.save()
        client.force_login(user)
        return client.session.session_key or ""

    def browser(self, case: Case) -> Client:
        """One in which the actor has signed in. All share its machinery, because starting that takes a while."""
        BROWSER.cookies.clear()
        if session := self.sessions[case.actor]:
            BROWSER.cookies[settings.SESSION_COOKIE_NAME] = session
        return BROWSER

    def path(self, case: Case) -> str:
        if "/" in case.name:  # the admin's patterns without a name
            model = "_".join(case.name.split("/")[1:3])
            key = self._admin_key(model, case) if model in self.ADMIN_OBJECTS else ""
            return "/" + case.name.replace("<path:object_id>", key).replace("(?P<url>.*)$", "tidak-ada/")
        path = reverse(case.name, args=self._arguments(case))
        return path + self.QUERIES.get(case.name, "")

    def data(self, case: Case) -> dict[str, Any]:
        """What is posted: valid where being allowed and being refused would look alike otherwise."""
        return self.POSTED.get(case.name, lambda world, case: {})(self, case)

    def _arguments(self, case: Case) -> list[Any]:
        if case.name in self.ARGUMENTS:
            return self.ARGUMENTS[case.name](self, case)
        model, _underscore, action = case.name.removeprefix("admin:").rpartition("_")
        if model in self.ADMIN_OBJECTS and action in ("change", "history", "delete"):
            return [self._admin_key(model, case)]
        return []

    def _admin_key(self, model: str, case: Case) -> str:
        return str(self.ADMIN_OBJECTS[model](self, case).pk)

    # --- Whose ------------------------------------------------------------------------------

    def actor(self, case: Case) -> User | None:
        return self.people[case.actor]

    def owner(self, case: Case) -> User:
        """The actor for an own object; a colleague, or somebody unknown, for another's."""
        user = self.actor(case)
        return user if user and case.scope == "own" else self.stranger

    def _once(self, kind: str, case: Case, make: Callable[[], Any]) -> Any:
        """One object serves all requests with the same owner, because every request is rolled back."""
        key = (kind, f"{self.owner(case).pk} {case.actor if case.actor == 'bkk_officer' else ''}")
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]

    # --- Objects ----------------------------------------------------------------------------

    def vacancy(self, state: str, case: Case) -> Vacancy:
        origin = {"source": "bkk", "school_centre": self.school(case)} if case.actor == "bkk_officer" else {}
        make = lambda: make_vacancy(state, created_by=self.owner(case), **origin)  # noqa: E731
        return self._once(f"vacancy {state}", case, make)

    def school(self, case: Case) -> Any:
        officer = "bkk_officer" if case.scope != "other" else "other_bkk_officer"
        return self.people[officer].school_centres.get()  # type: ignore[union-attr]

    def visit(self, state: str, case: Case) -> Visit:
        return self._once(f"visit {state}", case, lambda: make_visit(state, officer=self.owner(case)))

    def vacancy_report(self, case: Case) -> VacancyReport:
        vacancy = self.vacancy("published", case)
        return self._once(
            "report of a vacancy", case, lambda: VacancyReport.objects.create(vacancy=vacancy, reason="fee")
        )

    def announcement(self, case: Case) -> Announcement:
        def make() -> Announcement:
            vacancy = make_vacancy(created_by=self.owner(case))
            announcement = services.announce(vacancies=[vacancy], by=self.people["publisher"])  # type: ignore[arg-type]
            assert announcement is not None
            return announcement

        return self._once("announcement", case, make)

    def draft(self, case: Case, state: str = "draft") -> Draft:
        def make() -> Draft:
            submitted = {"state": state, "submitted_at": None if state == "draft" else timezone.now()}
            return make_draft(self.owner(case), self.vacancy("published", case), channels=["board"], **submitted)

        return self._once(f"draft {state}", case, make)

    def news(self, case: Case) -> Announcement:
        def make() -> Announcement:
            author, publisher = self.people["canvasser"], self.people["publisher"]
            draft = make_news_draft(author)  # type: ignore[arg-type]
            drafts.submit(draft, by=author)  # type: ignore[arg-type]
            read = drafts.reading(draft, drafts.facts_now(draft))
            drafts.approve(draft, by=publisher, read=read, at_once=True)  # type: ignore[arg-type]
            assert draft.announcement is not None
            return draft.announcement

        return self._once("news", case, make)

    def piece(self, channel: str, case: Case) -> Issue:
        return self.announcement(case).issues.get(channel=channel)

    def letter(self, case: Case) -> Issue:
        def make() -> Issue:
            issue = services.make_piece(self.announcement(case), "letter", by=self.people["publisher"])  # type: ignore[arg-type]
            assert issue is not None
            return issue

        return self._once("letter", case, make)

    def posting(self, case: Case) -> Posting:
        def make() -> Posting:
            return Posting.objects.create(
                issue=self.piece("board", case),
                place="Papan kantor",
                posted_at=timezone.now(),
                photo=b"\xff\xd8\xff",
                recorded_by=self.people["publisher"],
            )

        return self._once("posting", case, make)

    def delivery(self, case: Case) -> Delivery:
        announcement = self.announcement(case)
        return self._once(
            "delivery",
            case,
            lambda: Delivery.objects.create(
                announcement=announcement,
                issue=announcement.issues.get(channel="email"),
                channel="email",
                address="siti@contoh.test",
                message_id=f"<{uuid4()}@contoh.test>",
                state="unknown",
                expires_at=timezone.now() + timedelta(days=1),
            ),
        )

    def attempt(self, case: Case) -> Attempt:
        tried = {"number": 1, "started_at": timezone.now(), "outcome": "no_answer"}
        return self._once("attempt", case, lambda: Attempt.objects.create(delivery=self.delivery(case), **tried))

    def person(self, case: Case) -> JobSeeker:
        """The actor's own record, or of the actor's school; somebody else's otherwise."""
        if case.actor == "bkk_officer":
            return self._once("person", case, lambda: make_job_seeker(school_centre=self.school(case)))
        own = self.people["job_seeker"] if case.actor == "job_seeker" and case.scope == "own" else None
        return self._once("person", case, lambda: make_job_seeker(user=own))

    def card(self, state: str, case: Case) -> RegistrationCard:
        return self._once(f"card {state}", case, lambda: make_card(state, job_seeker=self.person(case)))

    def report(self, case: Case) -> PeriodicReport:
        card = self.card("issued", case)
        return self._once("report", case, lambda: PeriodicReport.objects.create(card=card, number=1, due_on=today()))

    def application(self, case: Case) -> Application:
        """Of somebody who agrees to be introduced."""

        def make() -> Application:
            people.agree(self.person(case), {"share"}, channel="desk", by=None)
            return make_application(job_seeker=self.person(case))

        return self._once("application", case, make)

    def referral(self, case: Case) -> Referral:
        make = lambda: make_referral(make_application(job_seeker=self.person(case)))  # noqa: E731
        return self._once("referral", case, make)

    def meeting(self, case: Case) -> Appointment:
        facts = {"kind": "counselling", "place": "Kantor", "begins_at": timezone.now() + timedelta(days=9)}
        make = lambda: Appointment.objects.create(job_seeker=self.person(case), **facts)  # noqa: E731
        return self._once("meeting", case, make)

    def talents(self, case: Case) -> TalentList:
        make = lambda: TalentList.objects.create(name="Penjahit", created_by=self.stranger)  # noqa: E731
        return self._once("talents", case, make)

    def follow_up(self, case: Case) -> FollowUp:
        """Due, of somebody without an e-mail address."""
        begun = today() - timedelta(days=91)
        make = lambda: make_placement(job_seeker=self.person(case), started_on=begun).follow_ups.get(months=3)  # noqa: E731
        return self._once("follow-up", case, make)

    def own(self, thing: Any) -> list[Any]:
        """No argument: the address names what is the actor's own, which is there now."""
        return []

    def document(self, case: Case) -> Document:
        def make() -> Document:
            kept = {"file": ContentFile(b"%PDF-", "x"), "media_type": "application/pdf", "size": 5}
            return Document.objects.create(
                job_seeker=self.person(case), kind_id="cv", uploaded_at=timezone.now(), **kept
            )

        return self._once("document", case, make)

    def data_request(self, case: Case) -> DataRequest:
        kind = "erasure" if case.scope == "erasure" else "correction"
        return self._once(kind, case, lambda: requests.ask(self.person(case), kind, via="web", words="Nama"))

    def twin(self, case: Case) -> JobSeeker:
        return self._once("twin", case, make_job_seeker)

    def merge(self, case: Case) -> Merge:
        by = self.people["canvasser"]
        make = lambda: merging.merge(make_job_seeker(), make_job_seeker(), by=by)  # type: ignore[arg-type]  # noqa: E731
        return self._once("merge", case, make)

    def cohort(self, state: str, case: Case) -> Cohort:
        """Taught by the actor, or by somebody else."""
        return self._once(f"cohort {state}", case, lambda: make_cohort(state, trainer=self.owner(case)))

    def enrolment(self, state: str, case: Case, *, cohort: str = "open") -> Enrolment:
        """Of the actor's own person, in a cohort whose applicants are judged by one criterion."""

        def make() -> Enrolment:
            where = make_cohort(cohort, trainer=self.owner(case))
            where.criteria.get_or_create(label="Tes")
            made = make_enrolment(state, cohort=where, job_seeker=self.person(case))
            checked = True if case.name in ("enrolment_judge", "enrolment_relation", "selection_announce") else None
            Enrolment.objects.filter(pk=made.pk).update(files_complete=checked)
            return made

        return self._once(f"enrolment {state} {cohort} {case.name}", case, make)

    def complaint(self, case: Case) -> Complaint:
        make = lambda: Complaint.objects.create(enrolment=self.enrolment("not_selected", case), words="Keliru")  # noqa: E731
        return self._once("complaint", case, make)

    def session(self, case: Case) -> Session:
        """Today, in a running class with the actor's person."""

        def make() -> Session:
            where = self.enrolment("enrolled", case, cohort="running").cohort
            return where.sessions.create(on=today(), topic="Warna")

        return self._once("session", case, make)

    def certificate(self, case: Case) -> TrainingCertificate:
        def make() -> TrainingCertificate:
            graduate = self.enrolment("completed", case, cohort="finished")
            facts = facts_of(graduate.cohort, TrainingSettings.current(), self.stranger)
            return TrainingCertificate.objects.create(
                enrolment=graduate, number=str(uuid4()), issued_by=self.stranger, facts=facts
            )

        return self._once("certificate", case, make)

    def outcome(self, case: Case) -> Outcome:
        """Due, of somebody without an e-mail address."""
        make = lambda: Outcome.objects.create(  # noqa: E731
            enrolment=self.enrolment("completed", case, cohort="finished"), months=3, due_on=today()
        )
        return self._once("outcome", case, make)

    def business(self, case: Case) -> Outcome:
        """With a photo."""
        make = lambda: Outcome.objects.create(  # noqa: E731
            enrolment=self.enrolment("completed", case, cohort="finished"), months=6, due_on=today(), via="message",
            answer="business", answered_at=timezone.now(), business_photo=b"jpeg",
        )  # fmt: skip
        return self._once("business", case, make)

    def token(self, kind: str, case: Case) -> list[str]:
        if case.scope == "forged":
            return ["palsu"]
        subscription = self._once(kind, case, lambda: make_subscription("pending" if kind == "confirm" else "active"))
        return [mail.confirm_token(subscription) if kind == "confirm" else subscription.token]

    def device(self, case: Case) -> PushSubscription:
        fields = BrowserKeys().fields | {"endpoint": f"https://fcm.googleapis.com/fcm/send/{uuid4()}"}
        return self._once("device", case, lambda: PushSubscription.objects.create(**fields))

    def chat(self, case: Case) -> ChatSubscription:
        make = lambda: make_chat("telegram_msg", job_seeker=self.person(case))  # noqa: E731
        return self._once("chat", case, make)

    def message(self, case: Case) -> ChatMessage:
        return self._once("message", case, lambda: make_message(job_seeker=self.person(case)))

    def account(self, case: Case) -> User:
        if case.scope == "own":
            return self.people[case.actor] or self.stranger
        return self.superuser if case.scope == "superuser" else self.stranger

    def passkey(self, case: Case) -> Authenticator:
        fields = {"type": Authenticator.Type.WEBAUTHN, "data": {"name": "Kunci", "credential": {}}}
        return self._once("passkey", case, lambda: Authenticator.objects.create(user=self.owner(case), **fields))

    @cached_property
    def caught_mail(self) -> str:
        mailcatcher.store(MAIL, ["siti@contoh.test"])
        return mailcatcher.newest(1)[0].name

    ADMIN_OBJECTS: dict[str, Callable[["World", Case], Any]] = {
        "auth_group": lambda world, case: Group.objects.get(name=Role.TRAINER),
        "accounts_user": lambda world, case: world.account(case),
        "accounts_office": lambda world, case: make_office(),
        "canvassing_region": lambda world, case: Region.objects.get(pk="18.72"),
        "canvassing_occupation": lambda world, case: Occupation.objects.get(pk="52"),
        "canvassing_industry": lambda world, case: Industry.objects.order_by("pk").first(),
        "canvassing_educationlevel": lambda world, case: EducationLevel.objects.get(pk=3),
        "canvassing_wordingrule": lambda world, case: WordingRule.objects.order_by("pk").first(),
        "canvassing_schooljobcentre": lambda world, case: world._once("centre", case, make_school_centre),
        "canvassing_employer": lambda world, case: world.employer,
        "canvassing_visit": lambda world, case: world.visit("planned", case),
        "canvassing_vacancy": lambda world, case: world.vacancy("draft", case),
        "canvassing_vacancylog": lambda world, case: world._once(
            "log", case, lambda: VacancyLog.objects.create(vacancy=world.vacancy("draft", case), to_state="draft")
        ),
        "canvassing_vacancyreport": lambda world, case: world.vacancy_report(case),
        "jobseekers_alertsubscription": lambda world, case: world._once("alert", case, make_subscription),
        "jobseekers_pushsubscription": lambda world, case: world.device(case),
        "jobseekers_chatsubscription": lambda world, case: world.chat(case),
        "jobseekers_cardsettings": lambda world, case: CardSettings.current(),
        "jobseekers_referralsettings": lambda world, case: ReferralSettings.current(),
        "training_course": lambda world, case: world._once("course", case, make_course),
        "training_trainingsettings": lambda world, case: TrainingSettings.current(),
        "jobseekers_matchweights": lambda world, case: MatchWeights.current(),
        "jobseekers_documentkind": lambda world, case: DocumentKind.objects.get(pk="ktp"),
        "jobseekers_outcomereason": lambda world, case: OutcomeReason.objects.get(pk="filled"),
        "jobseekers_removalreason": lambda world, case: RemovalReason.objects.get(pk="asked"),
        "announcements_announcement": lambda world, case: world.announcement(case),
        "announcements_draft": lambda world, case: world.draft(case),
        "announcements_issue": lambda world, case: world.announcement(case).issues.get(channel="email"),
        "announcements_delivery": lambda world, case: world.delivery(case),
        "announcements_attempt": lambda world, case: world.attempt(case),
        "announcements_providerevent": lambda world, case: world._once(
            "event",
            case,
            lambda: ProviderEvent.objects.create(
                channel="email", event_id=str(uuid4()), kind="failed", delivery=world.delivery(case)
            ),
        ),
        "announcements_suppression": lambda world, case: Suppression.objects.get_or_create(address="a@contoh.test")[0],
        "announcements_lettersettings": lambda world, case: LetterSettings.objects.get_or_create(pk=1)[0],
        "announcements_channelcontrol": lambda world, case: ChannelControl.objects.get_or_create(channel="email")[0],
        "account_emailaddress": lambda world, case: EmailAddress.objects.get_or_create(
            user=world.stranger, email=world.stranger.email
        )[0],
        "mfa_authenticator": lambda world, case: world.passkey(case),
    }

    ARGUMENTS: dict[str, Callable[["World", Case], list[Any]]] = {
        "vacancy_detail": lambda world, case: _address(
            world.vacancy("draft" if case.scope == "unpublished" else "published", case)
        ),
        "employer_detail": lambda world, case: [world.employer.pk],
        "employer_edit": lambda world, case: [world.employer.pk],
        "visit_new": lambda world, case: [world.employer.pk],
        "visit_detail": lambda world, case: [world.visit("planned", case).pk],
        "visit_edit": lambda world, case: [world.visit("planned", case).pk],
        "visit_next_step_done": lambda world, case: [world.visit("done", case).pk],
        "vacancy_report": lambda world, case: [
            world.vacancy("draft" if case.scope == "unpublished" else "published", case).pk
        ],
        "vacancy_report_settle": lambda world, case: [world.vacancy_report(case).pk],
        "staff_vacancy_detail": lambda world, case: [world.vacancy("draft", case).pk],
        "vacancy_edit": lambda world, case: [world.vacancy("draft", case).pk],
        "vacancy_withdraw": lambda world, case: [world.vacancy("published", case).pk],
        "vacancy_fill": lambda world, case: [world.vacancy("published", case).pk],
        "vacancy_relist": lambda world, case: [world.vacancy("expired", case).pk],
        "vacancy_send_back": lambda world, case: [world.vacancy("in_check", case).pk],
        "vacancy_publish": lambda world, case: [world.vacancy("in_check", case).pk],
        "review": lambda world, case: [world.vacancy("in_check", case).pk],
        "draft_detail": lambda world, case: [world.draft(case).pk],
        "draft_edit": lambda world, case: [world.draft(case).pk],
        "draft_mail": lambda world, case: [world.draft(case).pk],
        "draft_file": lambda world, case: [world.draft(case).pk, "board", "daftar-a4.pdf"],
        "draft_submit": lambda world, case: [world.draft(case).pk],
        "draft_approve": lambda world, case: [world.draft(case, "submitted").pk],
        "draft_send_back": lambda world, case: [world.draft(case, "submitted").pk],
        "draft_cancel": lambda world, case: [world.draft(case).pk],
        "draft_send_me": lambda world, case: [world.draft(case).pk],
        "template_mail": lambda world, case: ["id", 1],
        "template_file": lambda world, case: ["board", "poster-a4.pdf"],
        "template_edit": lambda world, case: ["email", "id"],
        "template_try": lambda world, case: ["email", "id"],
        "template_save": lambda world, case: ["email", "id"],
        "announcement_detail": lambda world, case: [world.announcement(case).pk],
        "announcement_report": lambda world, case: [world.announcement(case).pk],
        "announcement_preview": lambda world, case: [world.announcement(case).pk],
        "announcement_release": lambda world, case: [world.announcement(case).pk],
        "announcement_cancel": lambda world, case: [world.announcement(case).pk],
        "piece_new": lambda world, case: [world.announcement(case).pk, "whatsapp"],
        "piece_detail": lambda world, case: [world.piece("whatsapp", case).pk],
        "piece_file": lambda world, case: [world.piece("board", case).pk, "daftar-a4.pdf"],
        "posting_new": lambda world, case: [world.piece("board", case).pk],
        "letter_record": lambda world, case: [world.letter(case).pk],
        "posting_end": lambda world, case: [world.posting(case).pk],
        "posting_photo": lambda world, case: [world.posting(case).pk],
        "receipt_record": lambda world, case: [world.letter(case).receipts.first().pk],  # type: ignore[union-attr]
        "correction_new": lambda world, case: [world.piece("email", case).pk],
        "vacancy_correct": lambda world, case: [world.vacancy("published", case).pk],
        "letter_receipt": lambda world, case: [
            "palsu" if case.scope == "forged" else receipt_signer.sign(str(world.letter(case).receipts.first().pk))  # type: ignore[union-attr]
        ],
        "news_detail": lambda world, case: world.news(case).public_path.split("/")[2:4],
        "short_link": lambda world, case: [world.announcement(case).links.filter(channel="whatsapp").get().code],
        "delivery_settle": lambda world, case: [world.delivery(case).pk],
        "chats": lambda world, case: world.own(world.chat(case)),
        "chat_edit": lambda world, case: [*world.own(world.chat(case)), "telegram"],
        "chat_stop": lambda world, case: [*world.own(world.chat(case)), "telegram"],
        "callback": lambda world, case: ["telegram"],
        "inbox_message": lambda world, case: [world.message(case).pk],
        "inbox_take": lambda world, case: [world.message(case).pk],
        "alert_confirm": lambda world, case: world.token("confirm", case),
        "alert_manage": lambda world, case: world.token("manage", case),
        "alert_stop": lambda world, case: world.token("stop", case),
        "device_manage": lambda world, case: ["palsu" if case.scope == "forged" else world.device(case).token],
        "device_stop": lambda world, case: ["palsu" if case.scope == "forged" else world.device(case).token],
        "profile_step": lambda world, case: ["diri"],
        "document_upload": lambda world, case: [world.person(case) and "cv"] if case.scope == "own" else ["cv"],
        "document_remove": lambda world, case: [world.document(case) and "cv"],
        "document_file": lambda world, case: [world.document(case).key],
        "job_seeker_detail": lambda world, case: [world.person(case).pk],
        "job_seeker_edit": lambda world, case: [world.person(case).pk],
        "cohort_public": lambda world, case: world.cohort("open", case).get_absolute_url().split("/")[2:4],
        "cohort_calendar": lambda world, case: [world.cohort("open", case).pk],
        "certificate_check": lambda world, case: [uuid4() if case.scope == "forged" else world.certificate(case).token],
        "outcome_link": lambda world, case: [
            "palsu" if case.scope == "forged" else mails.signer.sign(str(world.outcome(case).pk))
        ],
        "offer_link": lambda world, case: [
            "palsu" if case.scope == "forged" else mails.offer_signer.sign(str(world.enrolment("offered", case).pk))
        ],
        "own_training": lambda world, case: world.own(world.person(case)),
        "training_apply": lambda world, case: [*world.own(world.person(case)), world.cohort("open", case).pk],
        "seat_accept": lambda world, case: [world.enrolment("offered", case).pk],
        "seat_leave": lambda world, case: [world.enrolment("waiting", case).pk],
        "complain": lambda world, case: [world.enrolment("not_selected", case).pk],
        "feedback": lambda world, case: [world.enrolment("completed", case).pk],
        "own_certificate": lambda world, case: [world.certificate(case).enrolment_id],
        "check_in": lambda world, case: [world.session(case).token],
        "course_edit": lambda world, case: [world._once("course", case, make_course).pk],
        **dict.fromkeys(
            ("cohort_detail", "cohort_edit", "applicants", "selection_minutes", "session_list"),
            lambda world, case: [world.cohort("open", case).pk],
        ),
        "cohort_step": lambda world, case: [world.cohort("draft", case).pk],
        "seats_offer": lambda world, case: [world.enrolment("waiting", case).cohort_id],
        "selection_announce": lambda world, case: [world.enrolment("applied", case).cohort_id],
        **dict.fromkeys(
            ("enrolment_detail", "enrolment_files", "enrolment_judge", "enrolment_relation"),
            lambda world, case: [world.enrolment("applied", case).pk],
        ),
        "enrolment_seat": lambda world, case: [world.enrolment("offered", case).pk],
        "complaint_answer": lambda world, case: [world.complaint(case).pk],
        "enrol_at_desk": lambda world, case: [world.person(case).pk],
        **dict.fromkeys(("session_detail", "session_code"), lambda world, case: [world.session(case).pk]),
        **dict.fromkeys(
            ("cohort_certificates", "certificates_print"),
            lambda world, case: [world.certificate(case).enrolment.cohort_id],
        ),
        "competence_new": lambda world, case: [world.enrolment("completed", case).pk],
        "outcome_record": lambda world, case: [world.outcome(case).pk],
        "entrepreneur_photo": lambda world, case: [world.business(case).pk],
        "cv_print": lambda world, case: [world.person(case).pk],
        "own_cv": lambda world, case: world.own(world.person(case)),
        "job_seeker_heard_of": lambda world, case: [world.person(case).pk],
        "nik_reveal": lambda world, case: [world.person(case).pk],
        "documents_seen": lambda world, case: [world.person(case).pk],
        "vacancy_matches": lambda world, case: [world.vacancy("published", case).pk],
        "match_decide": lambda world, case: [world.vacancy("published", case).pk, world.person(case).pk],
        "account_matches": lambda world, case: world.own(world.person(case)),
        "check": lambda world, case: [uuid4() if case.scope == "forged" else world.card("issued", case).token],
        "card_report_link": lambda world, case: [
            "palsu" if case.scope == "forged" else card_mail.report_token(world.report(case))
        ],
        "card": lambda world, case: world.own(world.person(case)),
        "card_ask": lambda world, case: world.own(world.person(case)),
        "card_report": lambda world, case: world.own(world.report(case)),
        "card_download": lambda world, case: world.own(world.card("issued", case)),
        "card_detail": lambda world, case: [world.card("requested", case).pk],
        "card_issue": lambda world, case: [world.card("requested", case).pk],
        "card_refuse": lambda world, case: [world.card("requested", case).pk],
        "card_report_desk": lambda world, case: [world.card("issued", case).pk],
        "card_print": lambda world, case: [world.card("issued", case).pk],
        "card_request_desk": lambda world, case: [world.person(case).pk],
        "employer_answer": lambda world, case: [uuid4() if case.scope == "forged" else world.referral(case).token],
        "follow_up_link": lambda world, case: [
            "palsu" if case.scope == "forged" else referral_mail.signer.sign(str(world.follow_up(case).pk))
        ],
        "apply": lambda world, case: [
            *(world.own(world.person(case)) if case.scope == "own" else []),
            world.vacancy("published", case).pk,
        ],
        "applications": lambda world, case: world.own(world.person(case)),
        "application_withdraw": lambda world, case: [world.application(case).pk],
        "appointment_file": lambda world, case: [world.meeting(case).pk],
        "application_detail": lambda world, case: [world.application(case).pk],
        "application_step": lambda world, case: [world.application(case).pk],
        "referral_detail": lambda world, case: [world.referral(case).pk],
        "referral_print": lambda world, case: [world.referral(case).pk],
        "referral_new": lambda world, case: [world.application(case).vacancy_id],
        "application_propose": lambda world, case: [world.person(case).pk],
        "appointment_new": lambda world, case: [world.person(case).pk],
        "talent_list_add": lambda world, case: [world.person(case).pk],
        "placement_new": lambda world, case: [world.person(case).pk],
        "appointment_settle": lambda world, case: [world.meeting(case).pk],
        "talent_list": lambda world, case: [world.talents(case).pk],
        "talent_list_remove": lambda world, case: [world.talents(case).pk, world.person(case).pk],
        "follow_up_record": lambda world, case: [world.follow_up(case).pk],
        **dict.fromkeys(
            ("my_data", "my_data_json", "my_data_pdf", "my_accesses", "my_restriction", "my_correction", "my_erasure"),
            lambda world, case: world.own(world.person(case)),
        ),
        "my_consent": lambda world, case: [world.person(case) and "share"],
        "data_request_detail": lambda world, case: [world.data_request(case).pk],
        "data_request_new": lambda world, case: [world.person(case).pk],
        "merge_new": lambda world, case: [world.person(case).pk, world.twin(case).pk],
        "merge_undo": lambda world, case: [world.merge(case).pk],
        "language": lambda world, case: ["en"],
        "demo_mail_detail": lambda world, case: [world.caught_mail],
        "demo_mail_html": lambda world, case: [world.caught_mail],
        "account_reset_password_from_key": lambda world, case: ["1", "palsu"],
        "mfa_remove_webauthn": lambda world, case: [world.passkey(case).pk],
        "mfa_edit_webauthn": lambda world, case: [world.passkey(case).pk],
        "admin:auth_user_password_change": lambda world, case: [world.account(case).pk],
        "admin:view_on_site": lambda world, case: [
            ContentType.objects.get_for_model(Announcement).pk,
            world.announcement(case).pk,
        ],
        "admin:app_list": lambda world, case: ["accounts"],
    }

    QUERIES = {
        "template_mail": "?" + urlencode(piece_templates.defaults("email", "id")),
        "template_file": "?" + urlencode(piece_templates.defaults("board", "id")),
        "review_queue": "?dari=1",  # the page itself, not on to the first that waits
        "admin:autocomplete": "?app_label=canvassing&model_name=schooljobcentre&field_name=officers&term=",
    }

    POSTED: dict[str, Callable[["World", Case], dict[str, Any]]] = {
        "employer_new": lambda world, case: {"name": "Toko Baru", **NO_CONTACTS},
        "employer_edit": lambda world, case: {"name": "Toko Baru", **NO_CONTACTS},
        "visit_new": lambda world, case: {"planned_for_0": "2026-11-24", "planned_for_1": "09:00"},
        "visit_edit": lambda world, case: {"planned_for_0": "2026-11-24", "planned_for_1": "09:00"},
        "vacancy_new": lambda world, case: ENTRY | _source(world, case),
        "vacancy_edit": lambda world, case: ENTRY | _source(world, case) | {"version": "1"},
        "vacancy_report": lambda world, case: {"reason": "fee", **shown_a_minute_ago()},
        "vacancy_report_settle": lambda world, case: {"finding": "Tidak ada pungutan"},
        "vacancy_withdraw": lambda world, case: {"reason": "Perusahaan membatalkan"},
        "vacancy_fill": lambda world, case: {"answer": "by_us"},
        "vacancy_send_back": lambda world, case: {"reason": "Jam kerja belum jelas"},
        "vacancy_publish": lambda world, case: REVIEW | {"version": "1", "confirmed_on": today().isoformat()},
        "chat_edit": lambda world, case: {"agreed": "on", "kabar": ["lowongan"]},
        "inbox_message": lambda world, case: {"answer": "Masih ada.", "way": "hand"},
        "alert_manage": lambda world, case: {"frequency": "daily", "kabar": ["lowongan"]},
        "device_manage": lambda world, case: {"kabar": ["lowongan"]},
        "profile_step": lambda world, case: IDENTITY | {"nik": make_nik()},
        "document_upload": lambda world, case: {"file": SimpleUploadedFile("cv.pdf", b"%PDF-1.7")},
        "job_seeker_find": lambda world, case: {"nik": make_nik()},
        "job_seeker_new": lambda world, case: PERSON | _school(world, case) | {"nik": make_nik()},
        "job_seeker_edit": lambda world, case: PERSON | _school(world, case) | {"version": "1"},
        "match_decide": lambda world, case: {"verdict": "forward", "reason": "Sudah bertemu"},
        "card_report": lambda world, case: {"answer": "stopped"},
        "card_report_link": lambda world, case: {"answer": "stopped"},
        "card_refuse": lambda world, case: {"reason": "Foto tidak jelas"},
        "card_report_desk": lambda world, case: {"answer": "stopped"},
        "nik_reveal": lambda world, case: {"reason": "Permintaan Dukcapil"},
        "outcome_link": lambda world, case: {"answer": "seeking"},
        "offer_link": lambda world, case: {"accept": "1"},
        "complain": lambda world, case: {"words": "Nilai tes saya keliru"},
        "feedback": lambda world, case: {"content": "5", "teaching": "5", "facilities": "4"},
        "cohort_new": lambda world, case: (
            COHORT | {"course": world._once("course", case, make_course).pk, "trainer": world.people["trainer"].pk}
        ),  # type: ignore[union-attr]
        "cohort_edit": lambda world, case: (
            COHORT
            | {"course": world.cohort("open", case).course_id, "trainer": world.people["trainer"].pk, "version": "1"}
        ),  # type: ignore[union-attr]
        "course_new": lambda world, case: COURSE,
        "course_edit": lambda world, case: COURSE | {"version": "1"},
        "cohort_step": lambda world, case: {"step": "open"},
        "enrolment_judge": lambda world, case: {
            f"c{each.pk}": "80" for each in world.enrolment("applied", case).cohort.criteria.all()
        },
        "enrolment_relation": lambda world, case: {"relation": "Sepupu"},
        "enrolment_seat": lambda world, case: {"accept": "1"},
        "complaint_answer": lambda world, case: {"answer": "Sudah diperiksa"},
        "enrol_at_desk": lambda world, case: {"cohort": world.cohort("open", case).pk},
        "session_list": lambda world, case: {
            "on": world.cohort("open", case).begins_on.isoformat(),
            "topic": "Warna",
            "lesson_hours": "8",
        },
        "session_detail": lambda world, case: {f"m{world.session(case).pk}": "present"},
        "competence_new": lambda world, case: {
            "scheme": "Desain grafis muda",
            "body": "LSP Contoh",
            "number": "1/2026",
            "issued_on": "2026-11-01",
            "valid_until": "2029-11-01",
        },
        "outcome_record": lambda world, case: {"answer": "seeking"},
        "follow_up_link": lambda world, case: {"answer": "same_job"},
        "apply": lambda world, case: {"share": "on"},
        "application_step": lambda world, case: {"step": "withdrawn"},
        "referral_new": lambda world, case: {
            "to": "Bu Lina",
            "answer_by": (today() + timedelta(days=7)).isoformat(),
            "applications": [world.application(case).pk],
            "issue": "1",
        },
        "application_propose": lambda world, case: {"vacancy": world.vacancy("published", case).pk},
        "appointment_new": lambda world, case: {
            "begins_at_0": "2030-03-01",
            "begins_at_1": "09:00",
            "minutes": "30",
            "place": "Kantor",
            "officer": world.stranger.pk,
        },
        "talent_list_add": lambda world, case: {"talent_list": world.talents(case).pk},
        "placement_new": lambda world, case: {
            "employer_name": world.employer.name,
            "position": "Kasir",
            "started_on": today().isoformat(),
            "region": "18.72",
        },
        "appointment_settle": lambda world, case: {"state": "kept"},
        "talent_lists": lambda world, case: {"name": "Penjahit"},
        "follow_up_record": lambda world, case: {"answer": "same_job"},
        "my_correction": lambda world, case: {"words": "Nama saya Sity"},
        "my_erasure": lambda world, case: {"sure": "on"},
        "data_request_detail": lambda world, case: {"done": "1"},
        "data_request_new": lambda world, case: {"kind": "access"},
        "template_try": lambda world, case: piece_templates.defaults("email", "id"),
        "template_save": lambda world, case: piece_templates.defaults("email", "id"),
        "draft_new": lambda world, case: {"title": "Minggu ini", "vacancies": [world.vacancy("published", case).pk]},
        "draft_edit": lambda world, case: {
            "title": "Minggu ini",
            "version": 1,
            "vacancies": [world.vacancy("published", case).pk],
        },
        "announcement_create": lambda world, case: {"vacancies": [world.vacancy("published", case).pk]},
        "delivery_settle": lambda world, case: {"decision": "give_up"},
        "posting_new": lambda world, case: {
            "place": "Papan kantor",
            "posted_at_0": today().isoformat(),
            "posted_at_1": "00:00",
        },
        "letter_record": lambda world, case: {
            "number": "500.15/1/2026",
            "dated": today().isoformat(),
            "sent_on": today().isoformat(),
        },
        "receipt_record": lambda world, case: {"name": "Bu Ani"},
        "letter_receipt": lambda world, case: {"name": "Bu Ani"},
        "vacancy_correct": lambda world, case: {
            "wage_min": "2800000",
            "valid_until": (today() + timedelta(days=7)).isoformat(),
            "working_hours": "Pagi",
            "working_conditions": "Kontrak",
            "version": world.vacancy("published", case).version,
            "reason": "Pemberi kerja menelepon",
        },
        "admin:announcements_suppression_delete": lambda world, case: {"post": "yes"},
    }


def _address(vacancy: Vacancy) -> list[Any]:
    return [vacancy.pk, vacancy.slug]


def _school(world: World, case: Case) -> dict[str, Any]:
    return {"school_centre": world.school(case).pk} if case.actor == "bkk_officer" else {}


def _source(world: World, case: Case) -> dict[str, Any]:
    return {"source": "bkk", "school_centre": world.school(case).pk} if case.actor == "bkk_officer" else {}
