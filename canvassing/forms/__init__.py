from canvassing.forms.employers import ContactFormSet, EmployerForm
from canvassing.forms.reports import FindingForm, ReportForm
from canvassing.forms.review import EndForm, ReasonForm, ReviewForm
from canvassing.forms.vacancies import VacancyForm
from canvassing.forms.visits import VisitForm

__all__ = [
    "ContactFormSet",
    "EmployerForm",
    "EndForm",
    "FindingForm",
    "ReasonForm",
    "ReportForm",
    "ReviewForm",
    "VacancyForm",
    "VisitForm",
]
