from django.db import transaction

from canvassing.search import Criteria
from jobseekers import mail
from jobseekers.models import AlertSubscription
from jobseekers.models.alerts import CONSENT_VERSION

Wishes = dict[str, bool]  # the columns wants_vacancies, wants_courses, wants_news


def fields_of(criteria: Criteria) -> dict:
    """The subscription's columns for a search. `since_days` makes no sense for what is yet to come."""
    return {
        "words": criteria.words,
        "places": sorted(criteria.places),
        "education": criteria.education,
        "occupation_group": criteria.occupation_group,
        "wage_from": criteria.wage_from,
        "no_experience": criteria.no_experience,
        "open_to_disability": criteria.open_to_disability,
        "part_time": criteria.part_time,
    }


@transaction.atomic
def subscribe(
    *, email: str, criteria: Criteria, frequency: str, language: str, wishes: Wishes | None = None
) -> AlertSubscription:
    """Note the wish and ask the address to confirm it. Asking twice makes no second row, only a second mail.

    Whoever is subscribed already gets a mail that says so, with the links to change or stop; the page's answer is the
    same in both cases, so it tells nobody whose address is known. Without `wishes` it is about vacancies.
    """
    asked = {"frequency": frequency, "language": language} | (wishes or {})
    search = fields_of(criteria)
    alive = AlertSubscription.objects.exclude(state=AlertSubscription.State.STOPPED)
    subscription, created = alive.get_or_create(
        email=email,
        **search,
        defaults=asked | {"consent_version": CONSENT_VERSION},
    )
    if subscription.state == AlertSubscription.State.ACTIVE:
        mail.already_subscribed(subscription)
    else:
        if not created:
            AlertSubscription.objects.filter(pk=subscription.pk).update(**asked)
        mail.please_confirm(subscription)
    return subscription


def change(subscription: AlertSubscription, *, criteria: Criteria, frequency: str, wishes: Wishes) -> bool:
    """Take over another search; False when this address already has that one."""
    search = fields_of(criteria)
    alive = AlertSubscription.objects.exclude(state=AlertSubscription.State.STOPPED)
    if alive.filter(email=subscription.email, **search).exclude(pk=subscription.pk).exists():
        return False
    AlertSubscription.objects.filter(pk=subscription.pk).update(frequency=frequency, **search, **wishes)
    return True
