"""Fetching: a PDF comes whole, and whatever else a server does is bounded and one sentence. All on loopback."""

import time

import pytest
from make import SAMPLE
from serving import reply, serving

from podprep import PdfError, SettingsError
from podprep.shelf import Bounds, fetch_pdf

PDF = (SAMPLE / "sample.pdf").read_bytes()
SMALL = Bounds(bytes=1 << 20, seconds=2, redirects=3)


def endless(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.end_headers()
    handler.wfile.write(b"%PDF-1.4\n")
    while True:
        handler.wfile.write(b"x" * 65536)


def dripping(handler):
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"%PDF-1.4\n")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def silent(handler):
    time.sleep(5)


def redirect(place):
    return lambda handler: reply(handler, b"", 302, Location=place)


def test_a_pdf_comes_whole_also_after_redirects(tmp_path):
    def answer(handler):
        if handler.path == "/first":
            return reply(handler, b"", 302, Location="/second", Set_Cookie="who=you")
        assert "Cookie" not in handler.headers
        assert "Authorization" not in handler.headers
        return reply(handler, PDF)

    with serving(answer) as (address, asked):
        assert fetch_pdf(f"{address}/first", tmp_path / "a.pdf").read_bytes() == PDF
    assert asked == ["/first", "/second"]


@pytest.mark.parametrize(("answer", "told", "kind"), [
    (redirect("/again"), "redirects more than 3 times", PdfError),
    (redirect("file:///etc/passwd"), "is no http or https address", SettingsError),
    (redirect("http://me:secret@127.0.0.1/"), "holds a name or a password", SettingsError),
    (endless, "larger than the limit of 1 MiB", PdfError),
    (dripping, "took longer than the limit of 2 seconds", PdfError),
    (silent, "cannot be fetched", PdfError),
    (lambda h: reply(h, PDF, length=10 << 30), "larger than the limit of 1 MiB", PdfError),
    (lambda h: reply(h, PDF[:5000], length=6000), "cannot be fetched", PdfError),
    (lambda h: reply(h, b"<html>Sign in</html>", Content_Type="text/html"), r"is no PDF \(text/html\)", PdfError),
    (lambda h: reply(h, b"gone", 404), "answers 404", PdfError),
    (lambda h: h.wfile.write(b"nonsense\r\n\r\n"), "cannot be fetched", PdfError),
])
def test_a_hostile_server_is_bounded_and_one_sentence(answer, told, kind, tmp_path):
    began = time.monotonic()
    with serving(answer) as (address, asked), pytest.raises(kind, match=told) as caught:
        fetch_pdf(address, tmp_path / "a.pdf", SMALL)
    assert time.monotonic() - began < 10
    assert len(asked) <= 4
    assert "secret" not in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_nobody_listening_is_one_sentence(tmp_path):
    with pytest.raises(PdfError, match=r"http://127.0.0.1:1/a.pdf cannot be fetched \(.+\): check the address"):
        fetch_pdf("http://127.0.0.1:1/a.pdf", tmp_path / "a.pdf")
