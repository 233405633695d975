"""One NIK goes through the whole product; afterwards it stands nowhere in clear (design/security.md rule 4).

A new page, print or export is added to PAGES; whatever it answers is searched too. The reveal is the one exception and
is not visited.
"""

import io
import re

import pytest
from pypdf import PdfReader

from accounts.models import User
from announcements.models import Delivery
from jobseekers.models import DataRequest, JobSeeker
from jobseekers.services import requests
from tests.factories import make_card, make_job_seeker, make_registered
from tests.jobseekers.test_erasure import dump, files, kept_in_valkey

NIK = "1872995704980421"  # nobody's: there is no kecamatan 99
FORMS = [NIK, re.sub(r"(\d{4})(?=\d)", r"\1 ", NIK), re.sub(r"(\d{4})(?=\d)", r"\1.", NIK), NIK[4:12]]
# Who opens what; {person} and so on are filled in
PAGES = [
    ("canvasser", "/petugas/"),
    ("canvasser", "/petugas/pencaker/"),
    ("canvasser", "/petugas/pencaker/{person}/"),
    ("canvasser", "/petugas/pencaker/{person}/ubah/"),
    ("canvasser", "/petugas/pencaker/{person}/permintaan-data/"),
    ("canvasser", "/petugas/pencaker/kembar/"),
    ("canvasser", "/petugas/pencaker/{person}/gabung/{twin}/"),
    ("canvasser", "/petugas/pencaker/{person}/cv/"),
    ("canvasser", "/petugas/kartu/"),
    ("canvasser", "/petugas/kartu/{card}/"),
    ("canvasser", "/petugas/kartu/{card}/cetak/"),
    ("canvasser", "/petugas/kecocokan/"),
    ("canvasser", "/petugas/permintaan-data/"),
    ("canvasser", "/petugas/permintaan-data/{asked}/"),
    ("manager", "/petugas/akses-data/"),
    ("job_seeker", "/akun/"),
    ("job_seeker", "/akun/profil/"),
    ("job_seeker", "/akun/cv.pdf"),
    ("job_seeker", "/akun/kartu/"),
    ("job_seeker", "/akun/kartu/unduh/"),
    ("job_seeker", "/akun/cocok/"),
    ("job_seeker", "/akun/data/"),
    ("job_seeker", "/akun/data/catatan/"),
    ("job_seeker", "/akun/data/salinan.json"),
    ("job_seeker", "/akun/data/salinan.pdf"),
    ("job_seeker", "/akun/data/hapus/"),
    ("anonymous", "/periksa/{token}/"),
]


def said(response):
    """What an answer says: its headers and text; of a PDF the text and the metadata."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response["Content-Type"] == "application/pdf":
        reader = PdfReader(io.BytesIO(body))
        body = "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)]).encode() + body
    return str(response.headers) + body.decode("utf-8", "replace")


def found(text):
    return [form for form in FORMS if form in text]


@pytest.mark.django_db(transaction=True)
def test_number_is_nowhere_in_clear(people, client_for, tmp_path, settings, caplog, capfd):
    settings.MEDIA_ROOT = tmp_path / "media"
    caplog.set_level("DEBUG")
    me: User = people["job_seeker"]
    seekers = client_for(me)
    first = {"name": "Siti Uji", "birth_place": "Metro", "birth_date": "1998-04-17", "sex": "female", "nik": NIK}
    assert seekers.post("/akun/profil/diri/", first).status_code == 302
    drafted = JobSeeker.objects.get(user=me)
    assert found(said(seekers.get("/akun/profil/diri/"))) == []
    JobSeeker.objects.filter(pk=drafted.pk).delete()  # from here on somebody complete, with a card
    person = make_registered(number=NIK, user=me, name="Siti Uji", email="siti.uji@contoh.test", phone="0812-1")
    twin = make_job_seeker(name=person.name, phone="0812-1")
    card = make_card(job_seeker=person)
    asked = requests.ask(person, DataRequest.Kind.CORRECTION, via="web", words="Nama saya Sity")
    client_for(people["canvasser"]).post("/petugas/pencaker/cari/", {"nik": NIK})
    known = {"person": person.pk, "twin": twin.pk, "card": card.pk, "asked": asked.pk, "token": card.token}
    for who, page in PAGES:
        response = client_for(people[who]).get(page.format(**known))
        assert response.status_code == 200, page
        assert found(said(response)) == [], page
    requests.refuse(asked, by=people["canvasser"], answer="KTP tidak cocok")
    mails = [bytes(each.message or b"").decode("utf-8", "replace") for each in Delivery.objects.all()]
    assert len(mails) == 1
    printed = "".join(capfd.readouterr())
    for kept in (dump(), files(settings.MEDIA_ROOT), kept_in_valkey(), caplog.text, printed, *mails):
        assert found(kept) == []
