"""What is done with pieces by hand, and how it is proved: postings, the letter register, short links."""

import secrets
import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from announcements.models.announcements import Announcement, ChannelKey, Issue
from canvassing.models import Region, Vacancy

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else on a poster
CODE_LENGTH = 6
receipt_signer = signing.Signer(salt="announcements.receipt")


class PieceFile(models.Model):
    """A printed piece as it was first opened: whatever a later layout makes of the facts, this one hangs there."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="files", verbose_name=_("keping"))
    name = models.CharField(_("nama berkas"), max_length=40)
    content = models.BinaryField(_("isi"))
    created_at = models.DateTimeField(_("dibuat"), db_default=Now())

    class Meta:
        verbose_name = _("berkas keping")
        verbose_name_plural = pgettext_lazy("jamak", "berkas keping")
        constraints = [models.UniqueConstraint(fields=["issue", "name"], name="piece_file_once")]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


class ShortLink(models.Model):
    """The address on one channel's pieces of one announcement: of a single vacancy, or of all that it speaks of."""

    code = models.CharField(_("kode"), max_length=12, unique=True, default=new_code)
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="links", verbose_name=_("pengumuman"))
    channel = models.CharField(_("kanal"), max_length=12, choices=ChannelKey.choices)
    vacancy = models.ForeignKey(Vacancy, models.CASCADE, null=True, related_name="+", verbose_name=_("lowongan"))

    class Meta:
        verbose_name = _("tautan pendek")
        verbose_name_plural = pgettext_lazy("jamak", "tautan pendek")
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "channel", "vacancy"], nulls_distinct=False, name="short_link_once"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("short_link", args=[self.code])

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def target(self) -> str:
        """Needs `vacancy` and `announcement` loaded with the link."""
        return self.vacancy.get_absolute_url() if self.vacancy else self.announcement.public_path


class LinkDay(models.Model):
    """How often a short link was opened on one day, and how many sign-ups followed. Nothing about who."""

    link = models.ForeignKey(ShortLink, models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    sign_ups = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="link_day_once")]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.day}"


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(issue__announcement__in=Announcement.objects.visible_to(user))

    def standing(self) -> Self:
        """What still hangs, stands or is read out."""
        return self.filter(ended_at=None)


class Posting(models.Model):
    """One place where a piece was made public by hand: a board, a station's slot, a group, an account."""

    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="postings", verbose_name=_("keping"))
    place = models.CharField(_("tempat"), max_length=150)
    posted_at = models.DateTimeField(_("kapan"))
    link = models.URLField(_("tautan"), max_length=500, blank=True)
    photo = models.BinaryField(_("foto"), null=True, editable=False)  # a JPEG drawn anew, see jobseekers.files
    witness = models.CharField(_("siapa yang menyaksikan"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    recorded_at = models.DateTimeField(_("dicatat"), db_default=Now())
    ended_at = models.DateTimeField(_("diturunkan"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diturunkan oleh")
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemasangan")
        verbose_name_plural = pgettext_lazy("jamak", "pemasangan")
        indexes = [models.Index(fields=["issue"], condition=Q(ended_at=None), name="posting_standing")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(place=""), name="posting_placed", violation_error_message=_("Isi tempatnya.")
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__gte=F("posted_at"), ended_by__isnull=False),
                name="posting_ended_after",
                violation_error_message=_("Keping diturunkan sesudah dipasang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.place}"

    @property
    def is_proven(self) -> bool:
        """By a photo or screenshot, a link, or somebody who names himself for it (a broadcast)."""
        return bool(self.photo or self.link or self.witness)

    def end(self, *, by: User) -> bool:
        """Taken down, replaced or no longer read. False when that had been noted already."""
        return bool(Posting.objects.standing().filter(pk=self.pk).update(ended_at=Now(), ended_by=by))


class LetterSettings(models.Model):
    """The letterhead, the signer and the copies of the Sekretaris Daerah's letter. One row."""

    class Paper(models.TextChoices):
        A4 = "a4", "A4"
        F4 = "f4", "F4 (215 x 330 mm)"

    government = models.CharField(_("pemerintah"), max_length=100, default="Pemerintah Kota Metro")
    unit = models.CharField(_("unit"), max_length=100, default="Sekretariat Daerah")
    address = models.CharField(_("alamat"), max_length=200, default="Jalan Contoh No. 1, Imopuro, Metro Pusat")
    contact = models.CharField(_("telepon, laman"), max_length=200, blank=True, default="Telepon (0725) 000-001")
    place = models.CharField(_("tempat surat"), max_length=60, default="Metro")
    classification = models.CharField(
        _("kode klasifikasi"), max_length=20, default="500.15", help_text=_("Permendagri 83/2022.")
    )
    nature = models.CharField(_("sifat"), max_length=40, default="Biasa")
    subject = models.CharField(_("hal"), max_length=120, default="Penyampaian Informasi Lowongan Kerja")
    addressee = models.CharField(
        _("sebutan penerima"), max_length=60, default="Camat {district}", help_text=_("{district}: nama kecamatan.")
    )
    signer_title = models.CharField(_("jabatan penanda tangan"), max_length=100, default="Sekretaris Daerah Kota Metro")
    signer_name = models.CharField(_("nama penanda tangan"), max_length=100, blank=True)
    signer_rank = models.CharField(_("pangkat"), max_length=60, blank=True)
    signer_nip = models.CharField(_("NIP"), max_length=30, blank=True)
    copies = models.TextField(
        _("tembusan"), max_length=600, blank=True, help_text=_("Satu per baris."),
        default="Wali Kota Metro (sebagai laporan)\nKepala Dinas Tenaga Kerja dan Transmigrasi Kota Metro",
    )  # fmt: skip
    paper = models.CharField(_("kertas"), max_length=2, choices=Paper.choices, default=Paper.A4)

    class Meta:
        verbose_name = _("pengaturan surat kecamatan")
        verbose_name_plural = pgettext_lazy("jamak", "pengaturan surat kecamatan")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="letter_settings_one_row", violation_error_message=_("Pengaturan hanya satu.")
            ),
            models.CheckConstraint(
                condition=Q(addressee__contains="{district}"),
                name="letter_settings_names_district",
                violation_error_message=_("Sebutan penerima harus memuat {district}."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if "{district}" not in self.addressee:
            raise ValidationError({"addressee": _("Sebutan penerima harus memuat {district}.")})

    @classmethod
    def current(cls) -> "LetterSettings":
        """The one row, or the defaults while nobody has saved it yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Letter(models.Model):
    """The letter as the registry numbered it and the Sekretaris Daerah signed it, outside this system."""

    issue = models.OneToOneField(Issue, models.PROTECT, related_name="letter", verbose_name=_("keping"))
    number = models.CharField(_("nomor surat"), max_length=60)
    dated = models.DateField(_("tanggal surat"))
    sent_on = models.DateField(_("dikirim tanggal"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    recorded_at = models.DateTimeField(_("dicatat"), db_default=Now())

    class Meta:
        verbose_name = _("surat terdaftar")
        verbose_name_plural = pgettext_lazy("jamak", "surat terdaftar")
        constraints = [
            models.CheckConstraint(
                condition=~Q(number=""), name="letter_numbered", violation_error_message=_("Isi nomor surat.")
            ),
            models.CheckConstraint(
                condition=Q(sent_on__gte=F("dated")),
                name="letter_sent_after_dated",
                violation_error_message=_("Surat dikirim sesudah atau pada tanggal surat."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LetterReceipt(models.Model):
    """Whether one kecamatan has the letter: noted by staff, or confirmed by its desk through the signed link."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="receipts", verbose_name=_("keping"))
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("kecamatan"))
    received_at = models.DateTimeField(_("diterima"), null=True)
    received_by = models.CharField(_("diterima oleh"), max_length=100, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )  # null: the kecamatan itself

    class Meta:
        verbose_name = _("tanda terima")
        verbose_name_plural = pgettext_lazy("jamak", "tanda terima")
        ordering = ["district"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "district"], name="letter_receipt_once"),
            models.CheckConstraint(
                condition=Q(received_at=None, received_by="") | (Q(received_at__isnull=False) & ~Q(received_by="")),
                name="letter_receipt_named",
                violation_error_message=_("Tulis siapa yang menerima."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.district)

    def link_path(self) -> str:
        return reverse("letter_receipt", args=[receipt_signer.sign(str(self.pk))])

    @classmethod
    def from_link(cls, token: str) -> "LetterReceipt | None":
        try:
            pk = receipt_signer.unsign(token)
        except signing.BadSignature:
            return None
        return cls.objects.select_related("issue__announcement", "district").filter(pk=pk).first()

    def receive(self, *, name: str, by: User | None = None) -> bool:
        """Once; whoever comes second changes nothing and gets False."""
        waiting = LetterReceipt.objects.filter(pk=self.pk, received_at=None)
        return bool(waiting.update(received_at=timezone.now(), received_by=name, noted_by=by))
