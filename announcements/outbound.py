"""The one way out over HTTP: https to hosts that the caller names, at addresses that are not ours, no redirects.

The name is looked up once, every answer is checked, and the connection goes to the very address that was checked, so
a name that points inside on the second look gains nothing.
"""

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from django.conf import settings

CONNECT_SECONDS, CALL_SECONDS = 5, 20  # the ledger's lease must be longer than both together
LONGEST_ANSWER = 64 * 1024  # bytes


class Forbidden(httpx.ConnectError):
    """The address is none that we may talk to. Nothing has been sent."""


class NoAnswer(Exception):
    """The request went out, or may have, and nobody knows what became of it."""


class Unreachable(Exception):
    """Nothing has been sent."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class CheckedTransport(httpx.HTTPTransport):
    """Connects to the address it has checked; certificate and Host header stay those of the name."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if settings.OUTBOUND_LOOPBACK and host == "127.0.0.1":
            return super().handle_request(request)
        if request.url.scheme != "https":
            raise Forbidden("https only", request=request)
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=public_address(host))
        return super().handle_request(request)


def public_address(host: str) -> str:
    """One address of a name all of whose addresses are public. Raises Forbidden and httpx.ConnectError."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError(f"{host} has no address") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(each) for each in addresses):
        raise Forbidden(f"{host} does not lead to a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # with a zone, as link-local addresses have
        return False
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (inner is None or inner.is_global)


class Outbound:
    """Keeps its connections between requests; close it when the run is over."""

    def __init__(self) -> None:
        self.client = httpx.Client(
            transport=CheckedTransport(retries=0),
            timeout=httpx.Timeout(CALL_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()

    def post(
        self, url: str, *, content: bytes | None = None, json: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """POST within CALL_SECONDS and read at most LONGEST_ANSWER. Raises Unreachable and NoAnswer."""
        deadline = time.monotonic() + CALL_SECONDS
        try:
            with self.client.stream("POST", url, content=content, json=json, headers=headers) as response:
                body = b""
                for chunk in response.iter_raw():
                    body += chunk
                    if len(body) > LONGEST_ANSWER or time.monotonic() > deadline:
                        break  # the status is what counts
                return Reply(response.status_code, body[:LONGEST_ANSWER], response.headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise Unreachable(type(error).__name__) from error
        except httpx.TransportError as error:
            raise NoAnswer(type(error).__name__) from error
