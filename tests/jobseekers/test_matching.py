from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobseekers.matching import people_for, vacancies_for, ranked_people
from jobseekers.models import *
from tests.factories import *
pytestmark = pytest.mark.django_db

def test_x():
    v = make_vacancy(skills=["Kasir","Microsoft Excel"], occupation_id="52")
    p = make_job_seeker(skills=["kasir "], wage_from=3_000_000, places=["18.72"])
    for m in people_for(v)+vacancies_for(p):
        print(m.score, m.by_kind(), m.is_one_class_away)
    print(ranked_people(v.pk, 10, MatchWeights.current()))
    assert 0
