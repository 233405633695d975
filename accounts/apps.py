from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Akun dan kantor")

    def ready(self) -> None:
        from accounts import sessions  # models are not ready when this module is imported
        from accounts.roles import sync_roles  # models are not ready when this module is imported

        user_logged_in.connect(sessions.begin, dispatch_uid="accounts.sessions.begin")
        post_migrate.connect(sync_roles, dispatch_uid="accounts.sync_roles")
