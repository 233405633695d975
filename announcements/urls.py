from django.urls import path

from announcements import views

urlpatterns = [
    path("petugas/pengumuman/", views.announcement_list, name="announcement_list"),
    path("petugas/pengumuman/baru/", views.announcement_create, name="announcement_create"),
    path("petugas/pengumuman/<int:pk>/", views.announcement_detail, name="announcement_detail"),
    path("petugas/pengumuman/<int:pk>/surat/", views.announcement_preview, name="announcement_preview"),
    path("petugas/pengumuman/<int:pk>/tarik/", views.announcement_cancel, name="announcement_cancel"),
    path("petugas/pengumuman/<int:pk>/lepas/", views.announcement_release, name="announcement_release"),
    path("petugas/kiriman/<int:pk>/putuskan/", views.delivery_settle, name="delivery_settle"),
    path("petugas/lowongan/<int:pk>/terbitkan/", views.vacancy_publish, name="vacancy_publish"),
]
