from django.urls import path

from jobseekers.views import alerts as views

urlpatterns = [
    path("langganan/", views.alert_start, name="alert_start"),
    path("langganan/terkirim/", views.alert_sent, name="alert_sent"),
    path("langganan/konfirmasi/<str:token>/", views.alert_confirm, name="alert_confirm"),
    path("langganan/ubah/<str:token>/", views.alert_manage, name="alert_manage"),
    path("langganan/berhenti/<str:token>/", views.alert_stop, name="alert_stop"),
    path("akun/", views.account, name="account"),
]
