import os
import signal
import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client

from config import engines, mailcatcher

STRANGER = "<p>Halo <b>Sari</b></p><script>alert(1)</script>"


def mail(subject: str = "Kode masuk", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "kabar@kanvas.test", "Sari <sari@contoh.test>", subject
    message.set_content("Kode Anda 123456, lihat https://kanvas.test/masuk/")
    if html:
        message.add_alternative(html, subtype="html")
    return message


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KANVAS_STATE_DIR", str(tmp_path))


def catch(message: EmailMessage) -> mailcatcher.CaughtMail:
    mailcatcher.store(message.as_bytes(), ["sari@contoh.test"])
    return mailcatcher.newest(1)[0]


def test_server_takes_mails_on_the_socket_it_is_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "config.mailcatcher", str(descriptor)],
            cwd=engines.PROJECT_DIR,
            env=os.environ.copy(),
            pass_fds=[descriptor],
        )
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.send_message(mail("Übung → selesai"), to_addrs=["sari@contoh.test", "diam@contoh.test"])
    server.send_signal(signal.SIGTERM)
    assert server.wait(10) == 0
    (caught,) = mailcatcher.newest(10)
    assert caught.subject == "Übung → selesai"
    assert caught.recipients == "sari@contoh.test, diam@contoh.test"


def test_newest_come_first_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailcatcher, "KEPT", 3)
    for number in range(5):
        catch(mail(f"Surat {number}"))
    assert [caught.subject for caught in mailcatcher.newest(10)] == ["Surat 4", "Surat 3", "Surat 2"]
    assert len(mailcatcher.newest(1)) == 1


@pytest.mark.parametrize("name", ["", "20261124T053655.120845-9ec8ef5c", "../secret_key", "..%2fsecret_key"])
def test_only_names_of_mails_are_read(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        mailcatcher.read(name)


@pytest.mark.django_db
def test_pages_show_the_mail(client: Client) -> None:
    assert "Belum ada surat" in client.get("/demo/surat/").content.decode()
    caught = catch(mail(html=STRANGER))
    assert f"/demo/surat/{caught.name}/" in client.get("/demo/surat/").content.decode()
    page = client.get(f"/demo/surat/{caught.name}/").content.decode()
    assert "Kode Anda 123456" in page
    assert 'href="https://kanvas.test/masuk/"' in page
    assert STRANGER not in page
    assert client.get("/demo/surat/20261124T053655.120845-9ec8ef5c/").status_code == 404


@pytest.mark.django_db
def test_html_of_a_mail_is_shut_in(client: Client) -> None:
    caught = catch(mail(html=STRANGER))
    response = client.get(f"/demo/surat/{caught.name}/html/")
    policy = response.headers["Content-Security-Policy"]
    assert STRANGER in response.content.decode()
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
