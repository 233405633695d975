from django.urls import path

from canvassing.views import employers, public, reports, review, vacancies, visits

urlpatterns = [
    path("", public.home, name="home"),
    path("lowongan/", public.vacancy_list, name="vacancy_list"),
    path("lowongan/<int:pk>/lapor/", reports.vacancy_report, name="vacancy_report"),
    path("lowongan/<int:pk>/<slug:slug>/", public.vacancy_detail, name="vacancy_detail"),
    path("petugas/perusahaan/", employers.employer_list, name="employer_list"),
    path("petugas/perusahaan/baru/", employers.employer_new, name="employer_new"),
    path("petugas/perusahaan/nama/", employers.employer_names, name="employer_names"),
    path("petugas/perusahaan/<int:pk>/", employers.employer_detail, name="employer_detail"),
    path("petugas/perusahaan/<int:pk>/ubah/", employers.employer_edit, name="employer_edit"),
    path("petugas/perusahaan/<int:employer_pk>/kunjungan/", visits.visit_new, name="visit_new"),
    path("petugas/kunjungan/", visits.visit_list, name="visit_list"),
    path("petugas/kunjungan/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("petugas/kunjungan/<int:pk>/ubah/", visits.visit_edit, name="visit_edit"),
    path("petugas/kunjungan/<int:pk>/langkah-selesai/", visits.visit_next_step_done, name="visit_next_step_done"),
    path("petugas/lowongan/", vacancies.staff_vacancy_list, name="staff_vacancy_list"),
    path("petugas/lowongan/baru/", vacancies.vacancy_new, name="vacancy_new"),
    path("petugas/lowongan/<int:pk>/", vacancies.staff_vacancy_detail, name="staff_vacancy_detail"),
    path("petugas/lowongan/<int:pk>/ubah/", vacancies.vacancy_edit, name="vacancy_edit"),
    path("petugas/lowongan/<int:pk>/tarik/", vacancies.vacancy_withdraw, name="vacancy_withdraw"),
    path("petugas/lowongan/<int:pk>/terisi/", vacancies.vacancy_fill, name="vacancy_fill"),
    path("petugas/lowongan/<int:pk>/ajukan-lagi/", vacancies.vacancy_relist, name="vacancy_relist"),
    path("petugas/lowongan/<int:pk>/kembalikan/", review.vacancy_send_back, name="vacancy_send_back"),
    path("petugas/laporan-lowongan/<int:pk>/selesai/", reports.vacancy_report_settle, name="vacancy_report_settle"),
    path("petugas/pemeriksaan/", review.review_queue, name="review_queue"),
    path("petugas/pemeriksaan/<int:pk>/", review.review, name="review"),
]
