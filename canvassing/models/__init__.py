from canvassing.models.employers import Employer, EmployerContact, SchoolJobCentre
from canvassing.models.reference import EducationLevel, Industry, Occupation, Region
from canvassing.models.reports import VacancyReport
from canvassing.models.vacancies import Vacancy, VacancyLog
from canvassing.models.visits import Visit
from canvassing.models.wording import WordingRule

__all__ = [
    "EducationLevel",
    "Employer",
    "EmployerContact",
    "Industry",
    "Occupation",
    "Region",
    "SchoolJobCentre",
    "Vacancy",
    "VacancyLog",
    "VacancyReport",
    "Visit",
    "WordingRule",
]
