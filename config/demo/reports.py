from canvassing.models import Vacancy, VacancyReport


def make_reports() -> None:
    """One visitor doubts one published vacancy; a publisher finds it on the start page."""
    vacancy = Vacancy.objects.open().get(title="Staf kredit lapangan")
    VacancyReport.objects.create(
        vacancy=vacancy,
        reason=VacancyReport.Reason.FEE,
        text="Lewat WhatsApp saya diminta Rp150.000 untuk seragam sebelum wawancara.",
        contact="0812-0000-0199",
    )
