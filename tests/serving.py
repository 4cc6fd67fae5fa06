"""A server on loopback that answers as it is told to, well or badly."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def serving(answer):
    """Serve on loopback; `answer(handler)` writes each answer. Gives the address and the paths asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            try:
                answer(self)
            except OSError:  # the other side has had enough
                self.close_connection = True

        do_POST = do_GET

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def reply(handler, body, status=200, length=None, **headers):
    """One whole answer, of a length that need not be true."""
    handler.send_response(status)
    usual = {"Content_Type": "application/pdf", "Content_Length": length or len(body)}
    for name, value in (usual | headers).items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()
    handler.wfile.write(body)
