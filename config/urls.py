"""Every address of the site. Paths are Indonesian and stable: bookmarks, posters and letters carry them."""

from allauth.account import views as account_views
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter

from config import staff_search, views, workspace


class LanguageConverter:
    regex = "|".join(code for code, _name in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")

admin.site.site_header = admin.site.site_title = "Kanvas Kerja"

handler500 = "config.views.server_error"

urlpatterns = [
    path("", include("canvassing.urls")),
    path("", include("jobseekers.urls")),
    path("", include("training.urls")),
    path("", include("announcements.urls")),
    path("petugas/", workspace.workspace, name="workspace"),
    path("petugas/cari/", staff_search.staff_search, name="staff_search"),
    path("bantuan/", views.help_page, name="help"),
    path("privasi/", views.privacy, name="privacy"),
    path("bahasa/<language:code>/", views.language, name="language"),
    path("masuk/", include("accounts.urls")),
    path("masuk/", include("allauth.urls")),
    path("masuk/", account_views.login, name="account_login"),
    path("keluar/", account_views.logout, name="account_logout"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

if not settings.PRODUCTION:
    from config import demo_views

    urlpatterns += [
        path("demo/surat/", demo_views.mail_list, name="demo_mail_list"),
        path("demo/surat/<str:name>/", demo_views.mail_detail, name="demo_mail_detail"),
        path("demo/surat/<str:name>/html/", demo_views.mail_html, name="demo_mail_html"),
    ]
