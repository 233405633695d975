import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobseekers.models.people import JobSeeker

MAX_BYTES = 5 * 1024 * 1024
PHOTO, CV = "photo", "cv"  # kinds that the product itself speaks of


class DocumentKind(models.Model):
    """One line of the checklist for an AK/I card; the office decides what it asks for."""

    code = models.SlugField(_("kode"), max_length=20, primary_key=True)
    label = models.CharField(_("berkas"), max_length=80)
    hint = models.CharField(_("keterangan"), max_length=200, blank=True)
    is_required = models.BooleanField(_("wajib"), default=False)
    is_uploaded = models.BooleanField(_("bisa diunggah"), default=False)  # others are only looked at, never kept
    order = models.PositiveSmallIntegerField(_("urutan"), default=10)
    is_current = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("berkas syarat")
        verbose_name_plural = pgettext_lazy("jamak", "berkas syarat")

    def __str__(self) -> str:
        return self.label


def private_path(document: "Document", filename: str) -> str:
    """A name of our own: neither the person's nor the file's."""
    return f"documents/{uuid.uuid4().hex}"


class Document(models.Model):
    """Something a person has shown or given. The file is private and served only after a permission check."""

    job_seeker = models.ForeignKey(JobSeeker, models.CASCADE, related_name="documents")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, related_name="+", verbose_name=_("berkas"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("berkas"), upload_to=private_path, blank=True)
    media_type = models.CharField(max_length=30, blank=True, editable=False)  # by content: image/jpeg, application/pdf
    size = models.PositiveIntegerField(default=0, editable=False)  # bytes
    uploaded_at = models.DateTimeField(_("diunggah"), null=True, editable=False)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    seen_at = models.DateTimeField(_("aslinya dilihat"), null=True, editable=False)

    class Meta:
        ordering = ["kind__order", "pk"]
        verbose_name = _("berkas pencari kerja")
        verbose_name_plural = pgettext_lazy("jamak", "berkas pencari kerja")
        constraints = [
            models.UniqueConstraint(fields=["job_seeker", "kind"], name="document_one_of_a_kind"),
            models.CheckConstraint(
                condition=Q(size__lte=MAX_BYTES),
                name="document_size",
                violation_error_message=_("Berkas paling besar 5 MB."),
            ),
            models.CheckConstraint(
                condition=Q(file="", size=0) | (~Q(file="") & Q(uploaded_at__isnull=False) & ~Q(media_type="")),
                name="document_file_known",
            ),
            models.CheckConstraint(
                condition=Q(media_type__in=["", "application/pdf", "image/jpeg"]), name="document_type_taken"
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)
