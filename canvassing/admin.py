from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from canvassing.models import (
    EducationLevel,
    Employer,
    EmployerContact,
    Industry,
    Occupation,
    Region,
    SchoolJobCentre,
    Vacancy,
    VacancyLog,
    VacancyReport,
    Visit,
    WordingRule,
)


class ReadOnly:
    """Work goes through the staff pages, which check and log it; the admin looks."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["=code", "name"]


@admin.register(Occupation, Industry)
class ClassificationAdmin(admin.ModelAdmin):
    list_display = ["code", "title", "title_en"]
    search_fields = ["=code", "title", "title_en"]


@admin.register(EducationLevel)
class EducationLevelAdmin(admin.ModelAdmin):
    list_display = ["rank", "code", "name", "name_en"]


@admin.register(WordingRule)
class WordingRuleAdmin(admin.ModelAdmin):
    list_display = ["code", "kind", "meaning", "basis", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["code", "meaning", "pattern"]


@admin.register(SchoolJobCentre)
class SchoolJobCentreAdmin(admin.ModelAdmin):
    list_display = ["name", "registration_number", "valid_until", "region"]
    list_select_related = ["region"]
    search_fields = ["name", "registration_number"]
    autocomplete_fields = ["region", "officers"]


class ContactInline(ReadOnly, admin.TabularInline):
    model = EmployerContact
    fields = ["name", "position"]  # telephone and e-mail stay on the staff pages
    extra = 0


@admin.register(Employer)
class EmployerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "industry", "region", "created_at"]
    list_select_related = ["industry", "region"]
    list_filter = ["industry"]
    search_fields = ["name", "=nib"]
    autocomplete_fields = ["industry", "region"]
    inlines = [ContactInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    show_full_result_count = False


@admin.register(Visit)
class VisitAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["employer", "officer", "state", "planned_for", "visited_on", "outcome", "next_step_on"]
    list_select_related = ["employer", "officer"]
    list_filter = ["state", "outcome", "officer"]
    search_fields = ["employer__name"]
    date_hierarchy = "planned_for"
    show_full_result_count = False


class LogInline(ReadOnly, admin.TabularInline):
    model = VacancyLog
    extra = 0


@admin.register(Vacancy)
class VacancyAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["reference", "title", "employer_name", "state", "source", "valid_until", "published_at"]
    list_filter = ["state", "source", "wage_period", "employment"]
    search_fields = ["title", "employer_name"]
    list_select_related = True
    exclude = ["search", "contact", "source_key", "entry_id"]
    inlines = [LogInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    show_full_result_count = False
    ordering = ["-pk"]

    @admin.display(description=_("nomor"), ordering="pk")
    def reference(self, vacancy: Vacancy) -> str:
        return vacancy.number

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("search", "description", "employer_words")


@admin.register(VacancyLog)
class VacancyLogAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["vacancy", "from_state", "to_state", "actor", "at", "reason"]
    list_select_related = ["vacancy", "actor"]
    list_filter = ["to_state"]
    search_fields = ["vacancy__title", "reason"]
    date_hierarchy = "at"
    show_full_result_count = False


@admin.register(VacancyReport)
class VacancyReportAdmin(ReadOnly, admin.ModelAdmin):
    """Without what was written and by whom: that is for those who look into it."""

    list_display = ["vacancy", "reason", "at", "settled_at", "settled_by"]
    list_select_related = ["vacancy", "settled_by"]
    list_filter = ["reason", "settled_at"]
    search_fields = ["vacancy__title", "vacancy__employer_name"]
    fields = ["vacancy", "reason", "at", "settled_at", "settled_by", "finding"]
    date_hierarchy = "at"
    show_full_result_count = False
