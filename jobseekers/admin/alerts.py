from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from canvassing.admin import ReadOnly
from jobseekers.models import AlertSubscription, ChatSubscription, PushSubscription


@admin.register(AlertSubscription)
class AlertSubscriptionAdmin(admin.ModelAdmin):
    """For counting and for finding one address that asks for help; addresses are masked, nothing is edited."""

    list_display = ["id", "masked", "state", "frequency", "language", "created_at"]
    list_filter = ["state", "frequency", "language"]
    search_fields = ["=email"]
    date_hierarchy = "created_at"
    readonly_fields = [
        "masked", "state", "frequency", "language", "words", "places", "education", "occupation_group", "wage_from",
        "no_experience", "open_to_disability", "part_time", "wants_vacancies", "wants_courses", "wants_news",
        "consent_version", "created_at", "confirmed_at", "stopped_at",
    ]  # fmt: skip
    fields = [*readonly_fields]

    @admin.display(description=_("alamat"))
    def masked(self, subscription: AlertSubscription) -> str:
        local, _at, domain = subscription.email.partition("@")
        return f"{local[:1]}***@{domain}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AlertSubscription | None = None) -> bool:
        return False


@admin.register(PushSubscription)
class PushSubscriptionAdmin(ReadOnly, admin.ModelAdmin):
    """For counting. The address of a browser is nobody's business."""

    list_display = ["id", "in_words", "language", "created_at"]
    list_filter = ["language"]
    date_hierarchy = "created_at"
    fields = [
        "in_words", "wants_vacancies", "wants_courses", "wants_news", "language", "consent_version", "created_at",
    ]  # fmt: skip

    @admin.display(description=_("pencarian"))
    def in_words(self, subscription: PushSubscription) -> str:
        return subscription.in_words()


@admin.register(ChatSubscription)
class ChatSubscriptionAdmin(ReadOnly, admin.ModelAdmin):
    """For counting. Whose chat it is, and where, is nobody's business here."""

    list_display = ["id", "channel", "state", "language", "consented_at", "linked_at", "stopped_at"]
    list_filter = ["channel", "state", "language"]
    fields = [
        "channel", "state", "wants_vacancies", "wants_courses", "wants_news", "language", "consent_version",
        "consented_at", "linked_at", "stopped_at",
    ]  # fmt: skip
