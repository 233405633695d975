"""Which subscriptions want which vacancies, asked of the database for thousands at a time."""

from canvassing.reference import home_province
from canvassing.search import ELSEWHERE

# The same question as canvassing.search.Criteria.apply, for a subscription `s` and a vacancy `v` of the statement
# it stands in. Kept the same by tests/announcements/test_matching.py.
MATCHES = """(
        (s.words = '' OR v.search @@ canvassing_search_query(s.words))
    AND (
        s.places = '{}'
        OR v.city = ANY (s.places)
        OR v.district = ANY (s.places)
        OR (%(elsewhere)s = ANY (s.places) AND left(v.city, 2) <> %(home_province)s)
    )
    AND (s.education IS NULL OR v.education_id <= s.education)
    AND (s.occupation_group = '' OR v.occupation_group = s.occupation_group)
    AND (coalesce(s.wage_from, 0) = 0 OR v.wage_month >= s.wage_from)
    AND (NOT s.no_experience OR v.experience_years = 0)
    AND (NOT s.open_to_disability OR v.open_to_disability)
    AND (NOT s.part_time OR v.part_time)
)"""


def matching_parameters() -> dict[str, str]:
    """The values that a statement with MATCHES in it needs."""
    return {"elsewhere": ELSEWHERE, "home_province": home_province()}
