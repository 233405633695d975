"""What the office decides about its service: cards, checklists, reasons, weights. People are not edited here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jobseekers.models import CardSettings, DocumentKind, MatchWeights, OutcomeReason, ReferralSettings, RemovalReason


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


class LinesField(SimpleArrayField):
    """A list of sentences, one a line, because sentences hold commas; empty lines do not count."""

    def __init__(self, base_field: forms.Field, **kwargs: Any) -> None:
        super().__init__(base_field, delimiter="\n", widget=forms.Textarea(attrs={"rows": 6, "cols": 80}), **kwargs)

    def to_python(self, value: Any) -> Any:
        lines = value.splitlines() if isinstance(value, str) else value or []
        return super().to_python([line for line in lines if line.strip()])


class CardSettingsForm(forms.ModelForm):
    terms = LinesField(forms.CharField(max_length=200), label=_("Ketentuan"), help_text=_("Satu kalimat sebaris."))

    class Meta:
        model = CardSettings
        fields = [
            "number_format", "next_serial", "valid_months", "report_months", "report_rows", "grace_days",
            "paper", "area", "terms", "signer_name", "signer_title", "signer_nip",
        ]  # fmt: skip


@admin.register(CardSettings)
class CardSettingsAdmin(OneRowAdmin):
    """The form of the number is checked by `CardSettings.clean`."""

    form = CardSettingsForm


admin.site.register([MatchWeights, ReferralSettings], OneRowAdmin)


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
