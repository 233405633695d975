"""What the office decides about its service: cards, checklists, reasons, weights. People are not edited here."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from jobseekers.models import CardSettings, DocumentKind, MatchWeights, OutcomeReason, RemovalReason


class OneRowAdmin(admin.ModelAdmin):
    """Settings that exist once: changed, never added a second time, never deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class RetiredAdmin(admin.ModelAdmin):
    """Rows that old records point to: taken out of use, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        return ["code"] if obj else []


admin.site.register(CardSettings, OneRowAdmin)
admin.site.register(MatchWeights, OneRowAdmin)


@admin.register(DocumentKind)
class DocumentKindAdmin(RetiredAdmin):
    list_display = ["label", "is_required", "is_uploaded", "order", "is_current"]
    list_editable = ["is_required", "order", "is_current"]
    search_fields = ["label", "code"]


@admin.register(OutcomeReason)
class OutcomeReasonAdmin(RetiredAdmin):
    list_display = ["label", "words", "next_step", "is_current"]
    list_filter = ["is_current"]
    search_fields = ["label", "words"]


@admin.register(RemovalReason)
class RemovalReasonAdmin(RetiredAdmin):
    list_display = ["label", "code", "is_current"]
    list_filter = ["is_current"]
    search_fields = ["label", "code"]
