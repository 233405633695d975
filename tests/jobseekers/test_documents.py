"""Papers: what is taken, what is refused, who may open them."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import DataAccess
from jobseekers import files
from jobseekers.models import Document, DocumentKind
from jobseekers.services import documents
from tests.factories import make_job_seeker, make_user

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def picture(kind="JPEG", size=(300, 400), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner(people):
    return make_job_seeker(user=people["job_seeker"])


def upload(client, code, content, name="foto.jpg"):
    return client.post(reverse("document_upload", args=[code]), {"file": SimpleUploadedFile(name, content)})


def test_photo_is_drawn_anew_without_its_metadata():
    exif = Image.Exif()
    exif[0x010E] = "Jalan Contoh 7"
    safe = files.made_safe(picture(exif=exif), pictures_only=True)
    assert safe.media_type == "image/jpeg"
    assert b"Jalan Contoh" not in safe.content
    assert Image.open(io.BytesIO(safe.content)).size == (300, 400)


def test_png_becomes_a_jpeg():
    assert files.media_type_of(files.made_safe(picture("PNG")).content) == "image/jpeg"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "type"),
        (b"<html><script>alert(1)</script>", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (b"PK\x03\x04 a document", "type"),
        (b"GIF89a", "type"),
        (b"\xff\xd8\xff no picture at all", "picture"),
        (b"%PDF-1.7 /JavaScript (x)", "active"),
        (b"%PDF-1.7 /Encrypt 1 0 R", "active"),
        (b"%PDF-" + b"x" * files.MAX_BYTES, "size"),
    ],
    ids=["empty", "html", "svg", "zip", "gif", "broken", "script", "locked", "big"],
)
def test_what_is_not_harmless_is_refused(content, code):
    with pytest.raises(ValidationError) as refused:
        files.made_safe(content)
    assert refused.value.code == code


def test_picture_with_too_many_pixels_is_refused():
    with pytest.raises(ValidationError) as refused:
        files.made_safe(picture("PNG", size=(19_000, 1_400)))
    assert refused.value.code == "picture"


def test_pdf_is_no_photo():
    with pytest.raises(ValidationError):
        files.made_safe(PDF, pictures_only=True)


def test_upload_takes_the_place_of_the_former_file(
    owner, people, client_for, settings, django_capture_on_commit_callbacks
):
    client = client_for(people["job_seeker"])
    for _each in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            upload(client, "photo", picture())
    document = Document.objects.get()
    stored = [path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert [f"documents/{name}" for name in stored] == [document.file.name]


def test_paper_that_is_only_shown_cannot_be_uploaded(owner, people, client_for):
    assert upload(client_for(people["job_seeker"]), "ktp", picture()).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("job_seeker", 200),
        ("canvasser", 200),
        ("manager", 200),
        ("bkk_officer", 404),
        ("publisher", 404),
        ("admin", 404),
    ],
)
def test_file_opens_for_its_owner_and_for_who_may_see_papers(owner, people, client_for, who, status):
    document = documents.upload(owner, DocumentKind.objects.get(code="cv"), PDF)
    response = client_for(people[who]).get(reverse("document_file", args=[document.key]))
    assert response.status_code == status
    if status == 200:
        assert response["Content-Disposition"] == 'attachment; filename="cv.pdf"'
        assert b"".join(response.streaming_content) == PDF
    assert DataAccess.objects.count() == (1 if who in ("canvasser", "manager") else 0)


def test_stranger_neither_opens_nor_removes(owner, people, client_for):
    document = documents.upload(owner, DocumentKind.objects.get(code="cv"), PDF)
    stranger = make_user()
    make_job_seeker(user=stranger)
    stranger = client_for(stranger)
    assert stranger.get(reverse("document_file", args=[document.key])).status_code == 404
    assert stranger.post(reverse("document_remove", args=["cv"])).status_code == 404
    assert Document.objects.count() == 1


def test_counter_ticks_what_it_has_seen(owner, people, client_for):
    client = client_for(people["canvasser"])
    client.post(reverse("documents_seen", args=[owner.pk]), {"kind": ["ktp", "ijazah"]})
    client.post(reverse("documents_seen", args=[owner.pk]), {"kind": ["ktp"]})
    assert list(Document.objects.values_list("kind", "seen_by")) == [("ktp", people["canvasser"].pk)]


def test_removed_file_leaves_the_tick(owner, people, client_for):
    client = client_for(people["job_seeker"])
    upload(client, "photo", picture())
    documents.mark_seen(owner, {"photo"}, by=people["canvasser"])
    client.post(reverse("document_remove", args=["photo"]))
    assert list(Document.objects.values_list("kind", "file")) == [("photo", "")]
