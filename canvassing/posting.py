"""An open vacancy as schema.org JobPosting, for search engines. Facts only, no personal data."""

import json
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from canvassing.models import Vacancy
from canvassing.reference import reference_names

UNIT = {"month": "MONTH", "day": "DAY", "hour": "HOUR"}
EMPLOYMENT = {
    "pkwt": "TEMPORARY",
    "pkwtt": "FULL_TIME",
    "daily": "PER_DIEM",
    "apprentice": "INTERN",
    "partner": "CONTRACTOR",
}


def job_posting(vacancy: Vacancy) -> dict[str, Any]:
    names = reference_names()
    region = vacancy.region_id or ""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": vacancy.title,
        "description": "\n".join(filter(None, [vacancy.description or vacancy.title, vacancy.requirements])),
        "identifier": {"@type": "PropertyValue", "name": "Kanvas Kerja", "value": vacancy.number},
        "url": f"{settings.SITE_URL}{vacancy.get_absolute_url()}",
        "datePosted": timezone.localdate(vacancy.published_at).isoformat(),
        "validThrough": f"{vacancy.valid_until}T23:59:59+07:00",
        "employmentType": ["PART_TIME"] if vacancy.part_time else [EMPLOYMENT[vacancy.employment]],
        "hiringOrganization": {"@type": "Organization", "name": vacancy.employer_name},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": names.place_with_parent(region),
                "addressRegion": names.place(region[:2]),
                "addressCountry": "ID",
            },
        },
        "totalJobOpenings": vacancy.openings,
        "workHours": vacancy.working_hours,
        "skills": ", ".join(vacancy.skills),
        "directApply": False,
    }
    if vacancy.wage_is_known and vacancy.wage_period in UNIT:
        value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": UNIT[vacancy.wage_period]}
        if vacancy.wage_min and vacancy.wage_max and vacancy.wage_min != vacancy.wage_max:
            value |= {"minValue": vacancy.wage_min, "maxValue": vacancy.wage_max}
        else:
            value |= {"value": vacancy.wage_max or vacancy.wage_min}
        data["baseSalary"] = {"@type": "MonetaryAmount", "currency": "IDR", "value": value}
    if vacancy.experience_years:
        data["experienceRequirements"] = {
            "@type": "OccupationalExperienceRequirements",
            "monthsOfExperience": vacancy.experience_years * 12,
        }
    return {key: value for key, value in data.items() if value != ""}


def json_ld(vacancy: Vacancy) -> SafeString:
    """The posting as text that cannot end the script element it stands in."""
    text = json.dumps(job_posting(vacancy), ensure_ascii=False)
    return mark_safe(text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}))  # noqa: S308
