from django.urls import path

from announcements import callbacks, correction_views, draft_views, inbox_views, piece_views, template_views, views

urlpatterns = [
    path("petugas/pengumuman/", views.announcement_list, name="announcement_list"),
    path("petugas/pengumuman/baru/", views.announcement_create, name="announcement_create"),
    path("petugas/pengumuman/konsep/", draft_views.draft_list, name="draft_list"),
    path("petugas/pengumuman/konsep/baru/", draft_views.draft_new, name="draft_new"),
    path("petugas/pengumuman/konsep/<int:pk>/", draft_views.draft_detail, name="draft_detail"),
    path("petugas/pengumuman/konsep/<int:pk>/ubah/", draft_views.draft_edit, name="draft_edit"),
    path("petugas/pengumuman/konsep/<int:pk>/surat/", draft_views.draft_mail, name="draft_mail"),
    path(
        "petugas/pengumuman/konsep/<int:pk>/berkas/<slug:channel>/<str:name>", draft_views.draft_file, name="draft_file"
    ),
    path("petugas/pengumuman/konsep/<int:pk>/ajukan/", draft_views.draft_submit, name="draft_submit"),
    path("petugas/pengumuman/konsep/<int:pk>/setujui/", draft_views.draft_approve, name="draft_approve"),
    path("petugas/pengumuman/konsep/<int:pk>/kembalikan/", draft_views.draft_send_back, name="draft_send_back"),
    path("petugas/pengumuman/konsep/<int:pk>/batalkan/", draft_views.draft_cancel, name="draft_cancel"),
    path("petugas/pengumuman/konsep/<int:pk>/uji/", draft_views.draft_send_me, name="draft_send_me"),
    path("petugas/pengumuman/templat/", template_views.template_list, name="template_list"),
    path(
        "petugas/pengumuman/templat/email/<slug:language>/surat/<int:number>/",
        template_views.template_mail,
        name="template_mail",
    ),
    path(
        "petugas/pengumuman/templat/<slug:channel>/berkas/<str:name>",
        template_views.template_file,
        name="template_file",
    ),
    path(
        "petugas/pengumuman/templat/<slug:channel>/<slug:language>/", template_views.template_edit, name="template_edit"
    ),
    path(
        "petugas/pengumuman/templat/<slug:channel>/<slug:language>/contoh/",
        template_views.template_try,
        name="template_try",
    ),
    path(
        "petugas/pengumuman/templat/<slug:channel>/<slug:language>/simpan/",
        template_views.template_save,
        name="template_save",
    ),
    path("petugas/pengumuman/<int:pk>/", views.announcement_detail, name="announcement_detail"),
    path("petugas/pengumuman/<int:pk>/laporan/", views.announcement_report, name="announcement_report"),
    path("petugas/pengumuman/<int:pk>/surat/", views.announcement_preview, name="announcement_preview"),
    path("petugas/pengumuman/<int:pk>/tarik/", views.announcement_cancel, name="announcement_cancel"),
    path("petugas/pengumuman/<int:pk>/lepas/", views.announcement_release, name="announcement_release"),
    path("petugas/pengumuman/<int:pk>/keping/<slug:channel>/", piece_views.piece_new, name="piece_new"),
    path("petugas/keping/<int:pk>/", piece_views.piece_detail, name="piece_detail"),
    path("petugas/keping/<int:pk>/berkas/<str:name>", piece_views.piece_file, name="piece_file"),
    path("petugas/keping/<int:pk>/pasang/", piece_views.posting_new, name="posting_new"),
    path("petugas/keping/<int:pk>/surat/", piece_views.letter_record, name="letter_record"),
    path("petugas/pemasangan/<int:pk>/turun/", piece_views.posting_end, name="posting_end"),
    path("petugas/pemasangan/<int:pk>/foto/", piece_views.posting_photo, name="posting_photo"),
    path("petugas/tanda-terima/<int:pk>/", piece_views.receipt_record, name="receipt_record"),
    path("petugas/penarikan/", piece_views.outdated_list, name="outdated_list"),
    path("petugas/penarikan/<int:pk>/koreksi/", correction_views.correction_new, name="correction_new"),
    path("petugas/lowongan/<int:pk>/perbaiki/", piece_views.vacancy_correct, name="vacancy_correct"),
    path("surat/<str:token>/", piece_views.letter_receipt, name="letter_receipt"),
    path("kabar-balik/<slug:gateway>/", callbacks.callback, name="callback"),
    path("petugas/balasan/", inbox_views.inbox, name="inbox"),
    path("petugas/balasan/<int:pk>/", inbox_views.inbox_message, name="inbox_message"),
    path("petugas/balasan/<int:pk>/ambil/", inbox_views.inbox_take, name="inbox_take"),
    path("s/<slug:code>/", piece_views.short_link, name="short_link"),
    path("petugas/kiriman/<int:pk>/putuskan/", views.delivery_settle, name="delivery_settle"),
    path("petugas/lowongan/<int:pk>/terbitkan/", views.vacancy_publish, name="vacancy_publish"),
]
