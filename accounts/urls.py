"""A person's own switch and button, and pages in place of allauth's: included before it, under the same names."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("pintasan/", views.switch_shortcuts, name="account_shortcuts"),
    path("lanjut/", views.stay, name="account_stay"),
    path("reauthenticate/code/", views.reauthenticate_by_code, name="account_reauthenticate_by_code"),
    path("password/set/", views.set_password, name="account_set_password"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("confirm-email/", views.confirm_email, name="account_email_verification_sent"),
]
