from django.urls import path

from training.views import attendance, certificates, cohorts, enrolments, outcomes, own, public

urlpatterns = [
    path("pelatihan/", public.cohort_list, name="training_list"),
    path("pelatihan/<int:pk>/<slug:slug>/", public.cohort_detail, name="cohort_public"),
    path("pelatihan/<int:pk>.ics", public.calendar, name="cohort_calendar"),
    path("periksa/sertifikat/<uuid:token>/", public.certificate_check, name="certificate_check"),
    path("kabar-pelatihan/<str:token>/", outcomes.outcome_link, name="outcome_link"),
    path("tawaran-kursi/<str:token>/", own.offer_link, name="offer_link"),
    # The person
    path("akun/pelatihan/", own.own_training, name="own_training"),
    path("akun/pelatihan/<int:pk>/daftar/", own.apply, name="training_apply"),
    path("akun/pelatihan/<int:pk>/terima/", own.accept, name="seat_accept"),
    path("akun/pelatihan/<int:pk>/keluar/", own.leave, name="seat_leave"),
    path("akun/pelatihan/<int:pk>/sanggah/", own.complain, name="complain"),
    path("akun/pelatihan/<int:pk>/umpan-balik/", own.feedback, name="feedback"),
    path("akun/pelatihan/<int:pk>/sertifikat.pdf", own.own_certificate, name="own_certificate"),
    path("hadir/<uuid:token>/", own.check_in, name="check_in"),
    # Cohorts
    path("petugas/pelatihan/", cohorts.cohort_list, name="cohort_list"),
    path("petugas/pelatihan/baru/", cohorts.cohort_new, name="cohort_new"),
    path("petugas/pelatihan/program/", cohorts.course_list, name="course_list"),
    path("petugas/pelatihan/program/baru/", cohorts.course_new, name="course_new"),
    path("petugas/pelatihan/program/<int:pk>/", cohorts.course_edit, name="course_edit"),
    path("petugas/pelatihan/<int:pk>/", cohorts.cohort_detail, name="cohort_detail"),
    path("petugas/pelatihan/<int:pk>/ubah/", cohorts.cohort_edit, name="cohort_edit"),
    path("petugas/pelatihan/<int:pk>/langkah/", cohorts.cohort_step, name="cohort_step"),
    # Selection and seats
    path("petugas/pelatihan/<int:pk>/pendaftar/", enrolments.applicants, name="applicants"),
    path("petugas/pelatihan/<int:pk>/tawarkan/", enrolments.seats_offer, name="seats_offer"),
    path("petugas/pelatihan/<int:pk>/umumkan/", enrolments.selection_announce, name="selection_announce"),
    path("petugas/pelatihan/<int:pk>/berita-acara/", enrolments.selection_minutes, name="selection_minutes"),
    path("petugas/pelatihan/peserta/<int:pk>/", enrolments.enrolment_detail, name="enrolment_detail"),
    path("petugas/pelatihan/peserta/<int:pk>/berkas/", enrolments.enrolment_files, name="enrolment_files"),
    path("petugas/pelatihan/peserta/<int:pk>/nilai/", enrolments.enrolment_judge, name="enrolment_judge"),
    path("petugas/pelatihan/peserta/<int:pk>/hubungan/", enrolments.enrolment_relation, name="enrolment_relation"),
    path("petugas/pelatihan/peserta/<int:pk>/kursi/", enrolments.enrolment_seat, name="enrolment_seat"),
    path("petugas/pelatihan/sanggahan/<int:pk>/", enrolments.complaint_answer, name="complaint_answer"),
    path("petugas/pencaker/<int:pk>/pelatihan/", enrolments.enrol_at_desk, name="enrol_at_desk"),
    # Attendance
    path("petugas/pelatihan/<int:pk>/kehadiran/", attendance.session_list, name="session_list"),
    path("petugas/pelatihan/kehadiran/", attendance.attendance_entries, name="attendance_entries"),
    path("petugas/pelatihan/pertemuan/attendance-worker.js", attendance.attendance_worker, name="attendance_worker"),
    path("petugas/pelatihan/pertemuan/<int:pk>/", attendance.session_detail, name="session_detail"),
    path("petugas/pelatihan/pertemuan/<int:pk>/kode/", attendance.session_code, name="session_code"),
    # Certificates
    path("petugas/pelatihan/<int:pk>/sertifikat/", certificates.cohort_certificates, name="cohort_certificates"),
    path("petugas/pelatihan/<int:pk>/sertifikat.pdf", certificates.certificates_print, name="certificates_print"),
    path("petugas/pelatihan/peserta/<int:pk>/kompetensi/", certificates.competence_new, name="competence_new"),
    # Outcomes
    path("petugas/pelatihan/hasil/", outcomes.outcome_list, name="outcome_list"),
    path("petugas/pelatihan/hasil/<int:pk>/", outcomes.outcome_record, name="outcome_record"),
    path("petugas/pelatihan/wirausaha/", outcomes.entrepreneurs, name="entrepreneurs"),
    path("petugas/pelatihan/wirausaha/<int:pk>/foto/", outcomes.entrepreneur_photo, name="entrepreneur_photo"),
    path("petugas/pelatihan/berikutnya/", outcomes.next_class, name="next_class"),
]
