from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.keep import kept
from accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """All in lower case: people do not tell Ani@kantor.id from ani@kantor.id, and allauth looks for this one."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """Somebody who can sign in: office staff with a role, or a job seeker without one."""

    username = None  # type: ignore[assignment]
    first_name = last_name = None  # type: ignore[assignment]
    email = models.EmailField(
        _("alamat e-mail"), unique=True, error_messages={"unique": _("Alamat e-mail ini sudah dipakai.")}
    )
    name = models.CharField(_("nama"), max_length=120, blank=True)

    single_key_shortcuts = models.BooleanField(_("pintasan satu tombol"), default=True)  # WCAG 2.1.4: may be off

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = pgettext_lazy("jamak", "pengguna")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower",
                violation_error_message=_("Tulis alamat e-mail dengan huruf kecil."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.groups.values_list("name", flat=True)) if self.is_active else frozenset()

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def is_office_staff(self) -> bool:
        """True for everybody who works in the staff workspace or the admin, whatever the role."""
        return bool(self.roles) or self.is_staff

    @property
    def role_label(self) -> str:
        return ", ".join(str(Role(name).label) for name in Role.values if name in self.roles)


class DataAccess(models.Model):
    """Somebody looked at, or was given, personal data: who, whose, what, why. Never changed; the person may read it.

    The person is named by a UUID of the record, because this app knows no job seekers, and so that the line outlives
    an erased record without saying whose it was.
    """

    class Action(models.TextChoices):
        VIEW = "view", _("melihat data")
        SEARCH_NIK = "search_nik", _("mencari dengan NIK")
        REVEAL_NIK = "reveal_nik", _("melihat NIK lengkap")
        OPEN_FILE = "open_file", _("membuka berkas")
        CHANGE = "change", _("mengubah data")
        PRINT = "print", _("mencetak")
        SHARE = "share", _("mengirim ke pemberi kerja")
        EXPORT = "export", _("mengambil salinan data")

    at = models.DateTimeField(_("kapan"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("siapa")
    )  # null: the person through a signed link, or the clock
    subject = models.UUIDField(_("data milik"))
    action = models.CharField(_("tindakan"), max_length=10, choices=Action.choices)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("akses data pribadi")
        verbose_name_plural = pgettext_lazy("jamak", "akses data pribadi")
        indexes = [models.Index(fields=["subject", "-at"], name="data_access_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(action="reveal_nik") | ~models.Q(reason=""),
                name="data_access_reveal_reasoned",
                violation_error_message=_("Tulis alasan membuka NIK."),
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.actor}: {self.get_action_display()}"


class Office(models.Model):
    """The office that runs this site. One row; another city changes it here and nowhere else."""

    name = models.CharField(_("nama kantor"), max_length=120, default="Dinas Tenaga Kerja dan Transmigrasi Kota Metro")
    short_name = models.CharField(_("nama singkat"), max_length=60, default="Disnakertrans Kota Metro")
    city_name = models.CharField(_("sebutan kota"), max_length=60, default="Metro")
    city_code = models.CharField(
        _("kode wilayah"),
        max_length=5,
        default="18.72",
        validators=[RegexValidator(r"^\d\d\.\d\d$", _("Kode kabupaten/kota, misalnya 18.72."))],
    )
    address = models.CharField(_("alamat"), max_length=200, default="Jalan Contoh No. 12, Imopuro, Metro Pusat")
    opening_hours = models.CharField(_("jam buka"), max_length=80, default="Senin–Jumat 07.30–16.00 WIB")
    phone = models.CharField(_("telepon"), max_length=30, default="(0725) 000-000")
    whatsapp = models.CharField(_("WhatsApp"), max_length=30, blank=True, default="0812-0000-0110")
    email = models.EmailField(_("e-mail"), blank=True, default="disnaker@kanvas.test")
    head_title = models.CharField(
        _("jabatan kepala kantor"), max_length=100, default="Kepala Dinas", db_default="Kepala Dinas"
    )
    head_name = models.CharField(
        _("nama kepala kantor"), max_length=100, blank=True, default="", db_default="",
        help_text=_("Di bawah laporan. Kosong: garis untuk ditulisi."),
    )  # fmt: skip
    head_nip = models.CharField(_("NIP kepala kantor"), max_length=30, blank=True, default="", db_default="")
    data_officer = models.CharField(
        _("petugas pelindungan data pribadi"), max_length=120, blank=True, default="", db_default="",
        help_text=_("Nama atau jabatan (pasal 53 UU 27/2022). Disebut di halaman perlindungan data pribadi."),
    )  # fmt: skip
    author_may_publish = models.BooleanField(
        _("pencatat boleh menerbitkan sendiri"),
        default=False,
        help_text=_("Hanya untuk kantor yang sangat kecil. Riwayat lowongan akan menyebutnya."),
    )

    class Meta:
        verbose_name = _("kantor")
        verbose_name_plural = pgettext_lazy("jamak", "kantor")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1), name="office_one_row", violation_error_message=_("Kantor hanya satu.")
            )
        ]

    def __str__(self) -> str:
        return self.short_name

    @classmethod
    def current(cls) -> "Office":
        """The one row, or the defaults while nobody has saved it yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


@kept(seconds=30)
def current_office() -> Office:
    return Office.current()
