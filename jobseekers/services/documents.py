"""The papers of a person: uploaded, looked at on the counter, removed. What is stored is what `files` lets through."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.limits import within
from accounts.models import User
from jobseekers import files
from jobseekers.models import Document, DocumentKind, JobSeeker
from jobseekers.models.documents import PHOTO


def upload(person: JobSeeker, kind: DocumentKind, content: bytes) -> Document:
    """Keep a file in place of an earlier one of this kind. Raises ValidationError in the words of a form."""
    if not kind.is_uploaded:
        raise ValidationError(_("Berkas ini cukup diperlihatkan di kantor, tidak diunggah."), code="kind")
    if not within("upload", str(person.pk)):
        raise ValidationError(_("Terlalu banyak unggahan dalam satu jam. Coba lagi nanti."), code="limit")
    safe = files.made_safe(content, pictures_only=kind.code == PHOTO)
    with transaction.atomic():
        document, _created = Document.objects.select_for_update().get_or_create(job_seeker=person, kind=kind)
        former = document.file.name
        document.file.save("", ContentFile(safe.content), save=False)
        document.media_type, document.size, document.uploaded_at = safe.media_type, len(safe.content), timezone.now()
        document.save()
        if former:
            transaction.on_commit(lambda: document.file.storage.delete(former))
    return document


def remove(document: Document) -> None:
    """Take back a file; that the original was seen stays known."""
    name, storage = document.file.name, document.file.storage
    with transaction.atomic():
        if document.seen_at:
            document.file, document.media_type, document.size, document.uploaded_at = "", "", 0, None
            document.save()
        else:
            document.delete()
        if name:
            transaction.on_commit(lambda: storage.delete(name))


def mark_seen(person: JobSeeker, kinds: set[str], *, by: User) -> None:
    """Tick exactly these lines of the checklist as "original seen"; a taken back tick leaves an uploaded file alone."""
    current = DocumentKind.objects.filter(is_current=True)
    see(person, current.filter(code__in=kinds), by=by)
    others = Document.objects.filter(job_seeker=person, kind__in=current).exclude(kind__in=kinds)
    others.filter(file="").delete()
    others.update(seen_at=None, seen_by=None)


def see(person: JobSeeker, kinds: Iterable[DocumentKind], *, by: User) -> None:
    """The officer has seen these originals too. What was seen before keeps its date."""
    for kind in kinds:
        document, _created = Document.objects.get_or_create(job_seeker=person, kind=kind)
        Document.objects.filter(pk=document.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=by)


@dataclass(frozen=True)
class Line:
    """One line of the checklist: what the office asks for, and what this person has shown or given of it."""

    kind: DocumentKind
    document: Document | None

    @property
    def is_there(self) -> bool:
        return self.document is not None and bool(self.document.seen_at or self.document.file)


def checklist(person: JobSeeker) -> list[Line]:
    """Every line of the office's list."""
    given = {document.kind_id: document for document in person.documents.select_related("seen_by")}
    return [Line(kind, given.get(kind.code)) for kind in DocumentKind.objects.filter(is_current=True)]


def missing(person: JobSeeker) -> list[DocumentKind]:
    """Required by the office, and neither seen nor uploaded."""
    return [line.kind for line in checklist(person) if line.kind.is_required and not line.is_there]
