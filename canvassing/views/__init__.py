from canvassing.views import employers, public, reports, review, vacancies, visits

review_page = review.review_page

__all__ = ["employers", "public", "reports", "review", "review_page", "vacancies", "visits"]
