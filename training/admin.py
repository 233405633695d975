"""Courses, their units and conditions, and how the office trains. Participants have pages of their own."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from jobseekers.admin.settings import OneRowAdmin
from training.models import AdmissionRule, Course, CourseUnit, TrainingSettings


class UnitInline(admin.TabularInline):
    model = CourseUnit
    extra = 0


class RuleInline(admin.TabularInline):
    model = AdmissionRule
    extra = 0


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    list_display = ["title", "trade", "lesson_hours", "is_current"]
    list_filter = ["is_current"]
    search_fields = ["title", "summary"]
    autocomplete_fields = ["trade"]
    inlines = [UnitInline, RuleInline]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # cohorts point to it


admin.site.register(TrainingSettings, OneRowAdmin)
