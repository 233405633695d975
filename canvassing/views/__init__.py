from canvassing.views import employers, public, review, vacancies, visits

review_page = review.review_page

__all__ = ["employers", "public", "review", "review_page", "vacancies", "visits"]
