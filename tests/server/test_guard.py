"""The guard of a running helper: a test for each way to be refused, in the guard's order."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.server.running import CHROME, FIREFOX, OTHER_CHROME, Extension, Helper, chat, problem_of


def raw(helper: Helper, request: bytes) -> bytes:
    """Send bytes as they are, and read what comes until the helper closes."""
    with socket.create_connection(("127.0.0.1", helper.port), timeout=20) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


def test_health_and_version_need_no_token_and_tell_nothing_else(helper: Helper) -> None:
    health, version = helper.client.get("/health"), helper.client.get("/version")
    assert health.status_code == version.status_code == 200
    assert health.json() == {"status": "ok"}
    assert set(version.json()) == {"name", "version"}
    assert version.json()["name"] == "nightlight"
    assert "server" not in health.headers
    assert health.headers["cache-control"] == "no-store"


def test_the_order_of_the_checks(helper: Helper, extension: Extension) -> None:
    """A request that is wrong in every way is refused for the first; mended step by step, for the next."""
    headers = {
        "host": "evil.example",
        "origin": "https://evil.example",
        "sec-fetch-site": "cross-site",
        "content-type": "text/plain",
        "authorization": "Bearer wrong",
    }
    content, method = b"{" * 70_000, "PUT"

    def refusal() -> str:
        return problem_of(helper.client.request(method, "/v1/assess", content=content, headers=headers))

    assert refusal() == "host"
    headers["host"] = f"127.0.0.1:{helper.port}"
    assert refusal() == "origin"
    headers["origin"] = extension.origin
    assert refusal() == "fetch-site"
    headers["sec-fetch-site"] = "none"
    assert refusal() == "method"
    method = "POST"
    assert refusal() == "content-type"
    headers["content-type"] = "application/json"
    assert refusal() == "token"
    headers["authorization"] = extension.headers["authorization"]
    assert refusal() == "size"
    content = b"{"
    assert refusal() == "body"


# Host


@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}"])
def test_wrong_host_is_refused(helper: Helper, extension: Extension, host: str) -> None:
    host = host.format(port=helper.port)
    assert problem_of(helper.client.get("/health", headers={"host": host})) == "host"
    answer = extension.post("status", host=host)
    assert answer.status_code == 403
    assert problem_of(answer) == "host"


def test_two_hosts_are_refused(helper: Helper) -> None:
    answer = raw(helper, f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{helper.port}\r\nHost: evil.example\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 403", b"HTTP/1.1 400"))


def test_no_host_is_refused(helper: Helper) -> None:
    assert raw(helper, b"GET /health HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 403")


def test_forwarded_headers_are_ignored(helper: Helper, extension: Extension) -> None:
    forwarded = {
        "x-forwarded-host": f"127.0.0.1:{helper.port}",
        "x-forwarded-for": "127.0.0.1",
        "forwarded": f"host=127.0.0.1:{helper.port}",
        "x-original-url": "/health",
    }
    answer = helper.client.get("/health", headers={"host": "evil.example", **forwarded})
    assert problem_of(answer) == "host"
    evil = {"x_forwarded_host": "evil.example", "x_forwarded_proto": "https", "forwarded": "host=evil.example"}
    assert extension.post("status", {}, **evil).status_code == 200


# Origin


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:{port}", CHROME + "/", CHROME.upper()])
def test_foreign_origin_is_refused(helper: Helper, extension: Extension, origin: str) -> None:
    origin = origin.format(port=helper.port)
    answer = extension.post("assess", chat("hello"), origin=origin)
    assert answer.status_code == 403
    assert problem_of(answer) == "origin"
    assert problem_of(helper.client.get("/version", headers={"origin": origin})) == "origin"


def test_another_extension_is_refused(extension: Extension) -> None:
    answer = extension.post("assess", chat("hello"), origin=OTHER_CHROME)
    assert answer.status_code == 403
    assert problem_of(answer) == "origin"


def test_two_origins_are_refused(helper: Helper, extension: Extension) -> None:
    headers = [*extension.headers.items(), ("origin", CHROME)]
    answer = helper.client.post("/v1/status", json={}, headers=headers)
    assert problem_of(answer) == "origin"


# Sec-Fetch-Site


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "anything"])
def test_fetch_site_of_a_page_is_refused(helper: Helper, extension: Extension, site: str) -> None:
    answer = extension.post("status", sec_fetch_site=site)
    assert answer.status_code == 403
    assert problem_of(answer) == "fetch-site"
    assert problem_of(helper.client.get("/health", headers={"sec-fetch-site": site})) == "fetch-site"


def test_fetch_site_none_is_let_through(extension: Extension) -> None:
    assert extension.post("status", sec_fetch_site="none").status_code == 200


def test_firefox_says_same_origin_of_its_extensions(helper: Helper) -> None:
    firefox = helper.pair(FIREFOX)
    assert firefox.post("status", sec_fetch_site="same-origin").status_code == 200
    assert problem_of(firefox.post("status", sec_fetch_site="cross-site")) == "fetch-site"
    firefox.post("unpair")


# Method


@pytest.mark.parametrize("path", ["/v1/assess", "/v1/pair", "/health", "/nothing"])
def test_options_is_refused_without_cors_headers(helper: Helper, extension: Extension, path: str) -> None:
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    for headers in ({}, extension.headers, {"origin": "https://evil.example"}):
        answer = helper.client.options(path, headers={**preflight, **headers})
        assert answer.status_code == 403
        problem_of(answer)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_get_on_the_api_is_refused(helper: Helper, extension: Extension, method: str) -> None:
    for path in ("/v1/assess", "/v1/status", "/v1/prove"):
        answer = helper.client.request(method, path, headers=extension.headers)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST"


def test_post_outside_the_api_is_refused(helper: Helper) -> None:
    answer = helper.client.post("/health", json={})
    assert answer.status_code == 405
    assert problem_of(answer) == "method"


# Content type


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=latin-1", ""],
)
def test_wrong_content_type_is_refused(helper: Helper, extension: Extension, kind: str) -> None:
    answer = helper.client.post("/v1/status", content=b"{}", headers={**extension.headers, "content-type": kind})
    assert answer.status_code == 415
    assert problem_of(answer) == "content-type"


def test_compressed_body_is_refused(extension: Extension) -> None:
    assert problem_of(extension.post("status", content_encoding="gzip")) == "content-type"


def test_json_with_charset_is_let_through(extension: Extension) -> None:
    assert extension.post("status", content_type="application/json; charset=UTF-8").status_code == 200


# Token


def test_missing_token_is_refused(helper: Helper, extension: Extension) -> None:
    answer = helper.client.post("/v1/assess", json=chat("hello"), headers={"origin": extension.origin})
    assert answer.status_code == 401
    assert problem_of(answer) == "token"


@pytest.mark.parametrize(
    "token", ["Bearer " + "A" * 43, "Bearer", "Bearer \u00e9", "Basic {token}", "{token}", "bearer {token} x"]
)
def test_wrong_token_is_refused(extension: Extension, token: str) -> None:
    value = token.format(token=extension.credentials.token)
    headers = [(b"origin", extension.origin.encode()), (b"authorization", value.encode("latin-1"))]
    answer = extension.helper.client.post("/v1/status", json={}, headers=headers)
    assert answer.status_code == 401
    assert problem_of(answer) == "token"


def test_token_of_another_origin_is_refused(helper: Helper, extension: Extension) -> None:
    other = helper.pair(OTHER_CHROME)
    answer = extension.post("status", authorization=f"Bearer {other.credentials.token}")
    assert answer.status_code == 401
    assert problem_of(answer) == "token"
    assert other.post("status").status_code == 200
    other.post("unpair")


def test_token_without_origin_is_refused(helper: Helper, extension: Extension) -> None:
    headers = {"authorization": extension.headers["authorization"]}
    assert problem_of(helper.client.post("/v1/status", json={}, headers=headers)) == "token"


def test_routes_cannot_be_told_apart_without_a_token(helper: Helper, extension: Extension) -> None:
    answer = helper.client.post("/v1/nothing", json={}, headers={"origin": extension.origin})
    assert problem_of(answer) == "token"
    assert problem_of(extension.post("nothing")) == "not-found"
    assert problem_of(helper.client.get("/schema")) == "not-found"


# Body


def test_oversized_body_is_refused(extension: Extension) -> None:
    answer = extension.post("assess", chat("a" * 65536))
    assert answer.status_code == 413
    assert problem_of(answer) == "size"


def test_oversized_body_is_refused_by_what_it_announces(helper: Helper, extension: Extension) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in extension.headers.items())
    request = (
        f"POST /v1/assess HTTP/1.1\r\nHost: 127.0.0.1:{helper.port}\r\n{head}"
        "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{"
    )
    with socket.create_connection(("127.0.0.1", helper.port), timeout=20) as connection:
        connection.sendall(request.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


def test_oversized_chunked_body_is_refused(helper: Helper, extension: Extension) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"conversation": "'
        for _ in range(80):
            yield b"a" * 1024
        yield b'"}'

    headers = {**extension.headers, "content-type": "application/json"}
    answer = helper.client.post("/v1/assess", content=chunks(), headers=headers)
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413
    assert problem_of(answer) == "size"


def test_endless_chunked_body_is_cut_off(helper: Helper, extension: Extension) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(64):  # 16 MiB, if anybody reads them
            yield b"a" * 262144

    headers = {**extension.headers, "content-type": "application/json"}
    try:
        answer = helper.client.post("/v1/assess", content=chunks(), headers=headers)
        assert answer.status_code == 413
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        pass  # the helper closed while the flood was still coming
    assert helper.client.get("/health").status_code == 200


def test_the_largest_body_is_let_through(extension: Extension) -> None:
    body = chat("")
    room = 64 * 1024 - len(json.dumps(body).encode())
    body["messages"][0]["text"] = "a " * (room // 2)
    content = json.dumps(body).encode()
    assert 64 * 1024 - 2 <= len(content) <= 64 * 1024
    headers = {**extension.headers, "content-type": "application/json"}
    assert extension.helper.client.post("/v1/assess", content=content, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nothing",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        b"[" * 60000,
        b'{"a": NaN}',
        b'{"conversation": "c"} {}',
    ],
)
def test_malformed_body_is_refused(extension: Extension, content: bytes) -> None:
    headers = {**extension.headers, "content-type": "application/json"}
    answer = extension.helper.client.post("/v1/assess", content=content, headers=headers)
    assert answer.status_code == 400
    assert problem_of(answer) == "body"


def test_malformed_http_is_refused(helper: Helper) -> None:
    assert raw(helper, b"\x16\x03\x01\x02\x00 this is TLS\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert helper.client.get("/health").status_code == 200


def test_answers_do_not_wait_for_the_network(helper: Helper) -> None:
    # With Nagle's algorithm on, every answer would take 40 ms more: the body would wait for the headers' receipt.
    times = []
    for _ in range(20):
        started = time.perf_counter()
        helper.client.get("/health")
        times.append(time.perf_counter() - started)
    assert sorted(times)[5] < 0.02


# Rate


def test_a_flood_with_one_token_is_slowed_down(helper: Helper) -> None:
    flooding, quiet = helper.pair(), helper.pair()
    answers = [flooding.post("status") for _ in range(200)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert slowed
    assert problem_of(slowed[0]) == "rate"
    assert int(slowed[0].headers["retry-after"]) >= 1
    assert quiet.post("status").status_code == 200
    for each in (flooding, quiet):
        with helper.storage() as storage:
            storage.pairings.forget(each.credentials.pairing)


def test_proofs_are_rate_limited_too(helper: Helper) -> None:
    body = {"pairing": "0" * 16, "nonce": "A" * 43}
    statuses = [helper.client.post("/v1/prove", json=body).status_code for _ in range(40)]
    assert set(statuses) == {404, 429}
