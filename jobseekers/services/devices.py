from canvassing.search import Criteria
from jobseekers.models import PushSubscription
from jobseekers.models.alerts import CONSENT_VERSION
from jobseekers.services.alerts import Wishes, fields_of


def subscribe(
    *, endpoint: str, p256dh: str, auth: str, criteria: Criteria, language: str, wishes: Wishes | None = None
) -> PushSubscription:
    """Tell this browser of one search. Asked again by the same browser, the new search takes the place of the old."""
    fields = (
        fields_of(criteria)
        | (wishes or {})
        | {
            "p256dh": p256dh,
            "auth": auth,
            "language": language,
            "consent_version": CONSENT_VERSION,
        }
    )
    subscription, _created = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=fields)
    return subscription


def change(subscription: PushSubscription, *, criteria: Criteria, wishes: Wishes) -> bool:
    """Take over another search. False when the device has stopped meanwhile."""
    return bool(PushSubscription.objects.filter(pk=subscription.pk).update(**fields_of(criteria), **wishes))


def stop(subscription: PushSubscription) -> bool:
    """Nothing of the device stays. False when it had stopped already."""
    return bool(PushSubscription.objects.filter(pk=subscription.pk).delete()[0])
