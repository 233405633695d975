from django.urls import path

from jobseekers.views import alerts as views
from jobseekers.views import matching

urlpatterns = [
    path("langganan/", views.alert_start, name="alert_start"),
    path("langganan/terkirim/", views.alert_sent, name="alert_sent"),
    path("langganan/konfirmasi/<str:token>/", views.alert_confirm, name="alert_confirm"),
    path("langganan/ubah/<str:token>/", views.alert_manage, name="alert_manage"),
    path("langganan/berhenti/<str:token>/", views.alert_stop, name="alert_stop"),
    path("akun/", views.account, name="account"),
    # Matching
    path("petugas/lowongan/<int:pk>/cocok/", matching.vacancy_matches, name="vacancy_matches"),
    path("petugas/lowongan/<int:pk>/cocok/<int:person>/", matching.match_decide, name="match_decide"),
    path("petugas/kecocokan/", matching.match_overview, name="match_overview"),
    path("petugas/kecocokan/keadilan/", matching.match_fairness, name="match_fairness"),
    path("akun/cocok/", matching.account_matches, name="account_matches"),
]
