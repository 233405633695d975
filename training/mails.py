"""What applicants and graduates are told: the short letter of `jobseekers.short_mail`, in Indonesian, no NIK."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jobseekers.short_mail import longdate, longdatetime, tell
from training.models import Enrolment, Outcome
from training.models.enrolments import State

signer = signing.Signer(salt="training.outcome")  # without a date: the same letter sent again is the same
offer_signer = signing.Signer(salt="training.offer")


def outcome_path(row: Outcome) -> str:
    return reverse("outcome_link", args=[signer.sign(str(row.pk))])


def read_outcome_token(token: str) -> int:
    """The primary key of the outcome. Raises signing.BadSignature."""
    return int(signer.unsign(token))


def offer_path(enrolment: Enrolment) -> str:
    return reverse("offer_link", args=[offer_signer.sign(str(enrolment.pk))])


def read_offer_token(token: str) -> int:
    """The primary key of the enrolment. Raises signing.BadSignature."""
    return int(offer_signer.unsign(token))


@translation.override(settings.LANGUAGE_CODE)
def received(enrolment: Enrolment) -> None:
    cohort = enrolment.cohort
    if enrolment.state == State.ENROLLED:
        lines = [
            _("Anda mendapat kursi. Pelatihan mulai %(day)s di %(place)s.")
            % {"day": longdate(cohort.begins_on), "place": cohort.place},
        ]
    elif enrolment.state == State.WAITING:
        lines = [_("Kursi sudah penuh. Anda di daftar tunggu, urutan %(number)s.") % {"number": enrolment.position}]
    else:
        lines = [_("Pendaftaran Anda kami terima. Petugas memeriksa berkas, lalu mengabari jadwal tes dan wawancara.")]
    _to(enrolment, _("Pendaftaran pelatihan: %(course)s"), lines)


@translation.override(settings.LANGUAGE_CODE)
def offered(enrolment: Enrolment) -> None:
    assert enrolment.offered_until is not None
    lines = [
        _("Ada kursi untuk Anda. Jawab paling lambat %(when)s WIB; sesudah itu kursi pindah ke urutan berikut.")
        % {"when": longdatetime(enrolment.offered_until)},
        _("Pelatihan mulai %(day)s di %(place)s. Gratis.")
        % {"day": longdate(enrolment.cohort.begins_on), "place": enrolment.cohort.place},
        _("Buka tautan ini, lalu tekan satu tombol. Tidak perlu masuk."),
    ]
    _to(enrolment, _("Kursi untuk Anda: %(course)s"), lines, offer_path(enrolment), _("Terima atau tolak kursi"))


@translation.override(settings.LANGUAGE_CODE)
def waits(enrolment: Enrolment) -> None:
    lines = [
        _("Anda di daftar tunggu, urutan %(number)s. Bila ada kursi kosong, kami kabari.")
        % {"number": enrolment.position}
    ]
    _to(enrolment, _("Daftar tunggu: %(course)s"), lines)


@translation.override(settings.LANGUAGE_CODE)
def not_selected(enrolment: Enrolment) -> None:
    lines = [
        _("Alasannya: %(reason)s.") % {"reason": enrolment.reason.rstrip(".")},
        _("Anda boleh ikut angkatan berikutnya. Merasa ini keliru? Sampaikan sanggahan di akun Anda."),
    ]
    _to(enrolment, _("Belum terpilih: %(course)s"), lines)


@translation.override(settings.LANGUAGE_CODE)
def lapsed(enrolment: Enrolment) -> None:
    lines = [_("Tawaran kursi tidak dijawab sampai batas waktunya, jadi kursinya pindah ke urutan berikut.")]
    _to(enrolment, _("Tawaran lewat waktu: %(course)s"), lines)


@translation.override(settings.LANGUAGE_CODE)
def removed(enrolment: Enrolment, reason: str) -> None:
    lines = [_("Pendaftaran atau kursi Anda berakhir. Alasannya: %(reason)s.") % {"reason": reason.rstrip(".") or "–"}]
    _to(enrolment, _("Tidak ikut lagi: %(course)s"), lines)


@translation.override(settings.LANGUAGE_CODE)
def complaint_answered(enrolment: Enrolment, words: str) -> None:
    _to(enrolment, _("Jawaban sanggahan: %(course)s"), [words])


@translation.override(settings.LANGUAGE_CODE)
def finished(enrolment: Enrolment) -> None:
    if enrolment.state == State.COMPLETED:
        lines = [_("Selamat, Anda lulus. Sertifikat bisa diunduh dari akun Anda sesudah terbit.")]
    else:
        lines = [_("Kehadiran Anda di bawah syarat, jadi sertifikat belum bisa terbit. Hubungi pelatih bila keliru.")]
    _to(enrolment, _("Pelatihan selesai: %(course)s"), lines)


@translation.override(settings.LANGUAGE_CODE)
def please_tell(row: Outcome) -> None:
    lines = [
        _("Anda lulus pelatihan %(course)s pada %(day)s.")
        % {"course": row.enrolment.cohort.course, "day": longdate(row.enrolment.cohort.ends_on)},
        _("Bagaimana sekarang? Buka tautan ini, lalu tekan satu jawaban. Tidak perlu masuk."),
    ]
    _to(row.enrolment, _("Apa kabar sesudah pelatihan?"), lines, outcome_path(row), _("Jawab dengan satu ketukan"))


def _to(enrolment: Enrolment, subject: str, lines: list[str], path: str = "", action: str = "") -> None:
    tell(
        enrolment.job_seeker, subject % {"course": enrolment.cohort.course}, lines,
        path=path or reverse("own_training"), action=action or _("Lihat pelatihan saya"),
    )  # fmt: skip
