from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from announcements.models import (
    Announcement,
    Attempt,
    ChannelControl,
    Delivery,
    Draft,
    DraftStep,
    Issue,
    LetterSettings,
    ProviderEvent,
    Suppression,
)
from canvassing.admin import ReadOnly
from jobseekers.admin.settings import OneRowAdmin


class IssueInline(ReadOnly, admin.TabularInline):
    model = Issue
    extra = 0
    fields = ["channel", "subject", "facts_version", "created_at"]


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "reference",
        "title",
        "kind",
        "is_reminder",
        "audience",
        "state",
        "created_at",
        "created_by",
        "expanded_at",
    ]
    list_filter = ["state", "kind", "is_reminder", "audience", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["title"]
    inlines = [IssueInline]

    @admin.display(description=_("nomor"), ordering="pk")
    def reference(self, announcement: Announcement) -> str:
        return announcement.number


class DraftStepInline(ReadOnly, admin.TabularInline):
    model = DraftStep
    extra = 0


@admin.register(Draft)
class DraftAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "title",
        "content",
        "is_reminder",
        "state",
        "scheduled_for",
        "created_by",
        "approved_by",
        "approved_by_author",
    ]
    list_filter = ["state", "content", "is_reminder"]
    list_select_related = ["created_by", "approved_by"]
    search_fields = ["title"]
    inlines = [DraftStepInline]


@admin.register(Issue)
class IssueAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["announcement", "channel", "subject", "facts_version", "created_at"]
    list_filter = ["channel"]
    list_select_related = ["announcement"]
    search_fields = ["subject"]


class AttemptInline(ReadOnly, admin.TabularInline):
    model = Attempt
    extra = 0


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    """The ledger, to look at. An address is found by typing it whole; a message's text is shown to nobody."""

    list_display = ["id", "masked_address", "announcement", "state", "last_class", "attempts", "created_at", "sent_at"]
    list_filter = ["state", "last_class", "priority", "channel"]
    list_select_related = ["announcement"]
    search_fields = ["=address", "=message_id"]
    search_help_text = _("Alamat lengkap atau Message-ID lengkap")
    show_full_result_count = False
    fields = [
        "masked_address", "channel", "announcement", "subscription", "priority", "state", "last_class", "last_detail",
        "provider_ref", "attempts", "ambiguous", "not_before", "expires_at", "created_at", "sent_at", "message_id",
        "settled_by",
    ]  # fmt: skip
    inlines = [AttemptInline]

    @admin.display(description=_("alamat"))
    def masked_address(self, delivery: Delivery) -> str:
        return delivery.masked_address


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["of_delivery", "number", "outcome", "code", "started_at", "ended_at", "process"]
    list_filter = ["outcome", "started_at"]
    search_fields = ["=delivery__message_id"]
    show_full_result_count = False

    @admin.display(description=_("kiriman"), ordering="delivery")
    def of_delivery(self, attempt: Attempt) -> int:
        return attempt.delivery_id


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnly, admin.ModelAdmin):
    """What services have told. Rows that stay without "applied" speak of deliveries that have not ended."""

    list_display = ["id", "channel", "kind", "delivery_id", "code", "received_at", "applied_at"]
    list_filter = ["channel", "kind", "received_at"]
    search_fields = ["=event_id"]
    show_full_result_count = False
    fields = ["channel", "event_id", "kind", "delivery_id", "code", "received_at", "applied_at"]


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "reason", "since", "until"]
    list_filter = ["reason"]
    search_fields = ["=address"]
    search_help_text = _("Alamat lengkap")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The full address is typed once; afterwards it is shown masked."""
        return ["__str__", "reason", "since", "until"] if obj else ["address", "reason"]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A pause follows from mail that came back, never from somebody's hand."""
        choices = [each for each in Suppression.Reason.choices if each[0] != Suppression.Reason.RETURNED]
        return super().formfield_for_choice_field(db_field, request, choices=choices, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An address is put on the list or taken off it; there is nothing to edit."""
        return obj is None and super().has_change_permission(request)


@admin.register(ChannelControl)
class ChannelControlAdmin(admin.ModelAdmin):
    list_display = ["channel", "paused", "per_minute", "failures_in_row", "open_until"]
    fields = ["channel", "paused", "per_minute", "failures_in_row", "open_until"]
    readonly_fields = ["failures_in_row", "open_until"]


@admin.register(LetterSettings)
class LetterSettingsAdmin(OneRowAdmin):
    list_display = ["__str__", "signer_title", "signer_name", "paper"]
