"""How a mail is handed over, to mail servers with and without pipelining."""

import socket
import threading
from contextlib import contextmanager

import pytest

from announcements.channels.smtp import SmtpSession
from announcements.models.deliveries import Reason

SITI = "siti@contoh.test"
CONTENT = b"Subject: kabar\r\n\r\nsatu\r\n.dua\r\n..tiga\r\n"


@contextmanager
def server(settings, *lines):
    """One that takes whatever comes; to each line it answers what `lines` say, the rest of them at the end of all."""
    heard = []

    def serve():
        connection, _address = listening.accept()
        with connection, connection.makefile("rb") as incoming:
            connection.sendall(b"220 here\r\n")
            for line in lines:
                heard.append(incoming.readline())
                connection.sendall(line.encode() + b"\r\n")
            heard.extend(incoming)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join(10)


@pytest.mark.parametrize("pipelining", [True, False])
def test_content_arrives_as_it_was(sink, pipelining):
    sink.pipelining = pipelining
    session = SmtpSession()
    outcomes = [session.send(address, CONTENT) for address in (SITI, "budi@contoh.test")]
    session.close()
    assert [each.reason for each in outcomes] == [Reason.ACCEPTED, Reason.ACCEPTED]
    assert [(each.address, each.content) for each in sink.mails] == [(SITI, CONTENT), ("budi@contoh.test", CONTENT)]


@pytest.mark.parametrize("pipelining", [True, False])
def test_refused_recipient_leaves_the_connection_good(sink, pipelining):
    sink.pipelining = pipelining
    sink.answer_to_recipient = lambda address: "550 5.1.1 no" if address == SITI else None
    session = SmtpSession()
    outcomes = [session.send(address, CONTENT) for address in (SITI, "budi@contoh.test")]
    session.close()
    assert [each.reason for each in outcomes] == [Reason.UNKNOWN_ADDRESS, Reason.ACCEPTED]
    assert (sink.addresses, len(sink.connections)) == (["budi@contoh.test"], 1)


def test_content_is_kept_back_from_a_server_that_wants_it_for_nobody(settings):
    with server(settings, "250-here\r\n250 PIPELINING", "250 ok", "550 5.1.1 no", "354 go on") as heard:
        outcome = SmtpSession().send(SITI, CONTENT)
    assert (outcome.reason, outcome.code) == (Reason.UNKNOWN_ADDRESS, "550 5.1.1")
    assert heard[1:] == [b"MAIL FROM:<kabar@kanvas.test>\r\n", f"RCPT TO:<{SITI}>\r\n".encode(), b"DATA\r\n"]


def test_refused_sender_is_nobodys_fault(settings):
    with server(settings, "250-here\r\n250 PIPELINING", "530 5.7.0 no", "503 no", "503 no") as heard:
        outcome = SmtpSession().send(SITI, CONTENT)
    assert (outcome.reason, outcome.code) == (Reason.UNREACHABLE, "530")
    assert len(heard) == 4


def test_address_with_a_line_break_reaches_no_server(settings):
    with server(settings, "250 here", "221 bye") as heard:
        session = SmtpSession()
        with pytest.raises(ValueError, match="line break"):
            session.send("@\r\n@", CONTENT)
        session.close()
    assert heard[1:] == [b"quit\r\n"]
