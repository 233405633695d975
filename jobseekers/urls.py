from django.urls import path

from jobseekers.views import alerts, cards, matching, own_card, people, profile

urlpatterns = [
    path("langganan/", alerts.alert_start, name="alert_start"),
    path("langganan/terkirim/", alerts.alert_sent, name="alert_sent"),
    path("langganan/konfirmasi/<str:token>/", alerts.alert_confirm, name="alert_confirm"),
    path("langganan/ubah/<str:token>/", alerts.alert_manage, name="alert_manage"),
    path("langganan/berhenti/<str:token>/", alerts.alert_stop, name="alert_stop"),
    # The person
    path("akun/", profile.account, name="account"),
    path("akun/profil/", profile.profile, name="profile"),
    path("akun/profil/sambung/", profile.profile_claim, name="profile_claim"),
    path("akun/profil/<slug:slug>/", profile.profile_step, name="profile_step"),
    path("akun/berkas/<slug:code>/unggah/", profile.document_upload, name="document_upload"),
    path("akun/berkas/<slug:code>/hapus/", profile.document_remove, name="document_remove"),
    path("berkas/<uuid:key>/", people.document_file, name="document_file"),
    # People at the office
    path("petugas/pencaker/", people.job_seeker_list, name="job_seeker_list"),
    path("petugas/pencaker/cari/", people.job_seeker_find, name="job_seeker_find"),
    path("petugas/pencaker/baru/", people.job_seeker_new, name="job_seeker_new"),
    path("petugas/pencaker/<int:pk>/", people.job_seeker_detail, name="job_seeker_detail"),
    path("petugas/pencaker/<int:pk>/ubah/", people.job_seeker_edit, name="job_seeker_edit"),
    path("petugas/pencaker/<int:pk>/nik/", people.nik_reveal, name="nik_reveal"),
    path("petugas/pencaker/<int:pk>/berkas/", people.documents_seen, name="documents_seen"),
    # The AK/I card
    path("periksa/<uuid:token>/", own_card.check, name="check"),
    path("lapor/<str:token>/", own_card.card_report_link, name="card_report_link"),
    path("akun/kartu/", own_card.card, name="card"),
    path("akun/kartu/minta/", own_card.card_ask, name="card_ask"),
    path("akun/kartu/lapor/", own_card.card_report, name="card_report"),
    path("akun/kartu/unduh/", own_card.card_download, name="card_download"),
    path("petugas/kartu/", cards.card_list, name="card_list"),
    path("petugas/kartu/<int:pk>/", cards.card_detail, name="card_detail"),
    path("petugas/kartu/<int:pk>/terbit/", cards.card_issue, name="card_issue"),
    path("petugas/kartu/<int:pk>/tolak/", cards.card_refuse, name="card_refuse"),
    path("petugas/kartu/<int:pk>/lapor/", cards.card_report_desk, name="card_report_desk"),
    path("petugas/kartu/<int:pk>/cetak/", cards.card_print, name="card_print"),
    path("petugas/pencaker/<int:pk>/kartu/", cards.card_request_desk, name="card_request_desk"),
    # Matching
    path("petugas/lowongan/<int:pk>/cocok/", matching.vacancy_matches, name="vacancy_matches"),
    path("petugas/lowongan/<int:pk>/cocok/<int:person>/", matching.match_decide, name="match_decide"),
    path("petugas/kecocokan/", matching.match_overview, name="match_overview"),
    path("petugas/kecocokan/keadilan/", matching.match_fairness, name="match_fairness"),
    path("akun/cocok/", matching.account_matches, name="account_matches"),
]
