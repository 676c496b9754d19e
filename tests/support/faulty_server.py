"""A host on this machine that serves files, in each of the ways in which a host can fail to."""

import contextlib
import gzip
import http.server
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `/<fault>/<times>/<file>`: with the fault so many times, then as it should."""

    server: "Host"
    # Else nobody can tell a file that is complete from one that broke off.
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        _, fault, times, *_, name = unquote(self.path).split("/")
        self.server.asked.append(name)
        self.server.faults[fault] += 1
        content = self.server.files[name]
        with contextlib.suppress(ConnectionError, TimeoutError):
            if self.server.faults[fault] > int(times):
                serve(self, content)
            elif fault in CONTENTS:
                serve(self, CONTENTS[fault](content))
            else:
                SENDINGS[fault](self, content)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class Host(http.server.ThreadingHTTPServer):
    """A host of files.

    files: contents by name; asked: those that were asked for; faults: how often each was met.
    """

    # Clients that went away leave threads that still send.
    daemon_threads = True
    files: dict[str, bytes]
    asked: list[str]
    faults: Counter[str]

    def mirror(self, fault: str = "none", times: int = 0) -> str:
        """Base address below which the first requests meet a fault; without one, of a good host."""
        return f"http://127.0.0.1:{self.server_port}/{quote(fault)}/{times}/"


@contextlib.contextmanager
def running_host(files: dict[str, bytes]) -> Iterator[Host]:
    with Host(("127.0.0.1", 0), Handler) as host:
        host.files, host.asked, host.faults = files, [], Counter()
        thread = threading.Thread(target=host.serve_forever, args=(0.02,))
        thread.start()
        yield host
        host.shutdown()
        thread.join()


def serve(handler: Handler, content: bytes, **headers: str) -> None:
    """Send a file as it should be, but for these headers."""
    begin(handler, **{"Content_Length": str(len(content))} | headers)
    handler.wfile.write(content)


def begin(handler: Handler, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    # Else a client may ask again just when the connection is closed.
    for name, value in ({"Connection": "close"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


# ------------------------------------------------------------------ ways of sending a file


def _drip(handler: Handler, content: bytes) -> None:
    begin(handler, Content_Length=str(len(content)))
    for byte in content:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)


def _dawdle(handler: Handler, content: bytes) -> None:
    """Slow, but not too slow."""
    begin(handler, Content_Length=str(len(content)))
    for start in range(0, len(content), 1000):
        handler.wfile.write(content[start : start + 1000])
        time.sleep(0.01)


def _fall_silent(handler: Handler, content: bytes) -> None:
    _break_off(handler, content)
    handler.wfile.flush()
    time.sleep(2)


def _break_off(handler: Handler, content: bytes) -> None:
    begin(handler, Content_Length=str(len(content)))
    handler.wfile.write(content[: len(content) // 2])


def _break_off_a_chunk(handler: Handler, content: bytes) -> None:
    begin(handler, Transfer_Encoding="chunked")
    handler.wfile.write(b"%x\r\n" % len(content) + content[: len(content) // 2])


def _reset(handler: Handler, _content: bytes) -> None:
    # With no time to linger, closing sends a reset.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _redirect(place: str | None = None) -> Callable[[Handler, bytes], None]:
    return lambda handler, _: begin(
        handler, 302, Location=place or handler.path, Content_Length="0"
    )


def _stream_without_end(handler: Handler, _content: bytes) -> None:
    begin(handler)
    while True:
        handler.wfile.write(bytes(1 << 16))


def _with(**headers: str) -> Callable[[Handler, bytes], None]:
    return lambda handler, content: serve(handler, content, **headers)


WEB_PAGE = b"<!DOCTYPE html><title>Please sign in</title>"
SENDINGS: dict[str, Callable[[Handler, bytes], None]] = {
    "slow": _drip,
    "dawdles": _dawdle,
    "silent": lambda _handler, _content: time.sleep(2),
    "falls silent": _fall_silent,
    "breaks off": _break_off,
    "breaks off a chunk": _break_off_a_chunk,
    "hangs up": lambda _handler, _content: None,
    "resets": _reset,
    "redirects in a circle": _redirect(),
    "redirects to a file": _redirect("file:///etc/hostname"),
    "says too small a length": _with(Content_Length="20"),
    "says too large a length": _with(Content_Length="100000"),
    "says no number": _with(Content_Length="many"),
    "says a length below zero": _with(Content_Length="-5"),
    "says that it is packed": _with(Content_Encoding="gzip"),
    "says an enormous length": _with(Content_Length=str(10**12)),
    "sends without end": _stream_without_end,
    "finds nothing": lambda handler, _: handler.send_error(404),
    "is broken": lambda handler, _: handler.send_error(500),
    "is overloaded": lambda handler, _: handler.send_error(503),
    "wants a sign-in": lambda handler, _: serve(handler, WEB_PAGE, Content_Type="text/html"),
}


# ---------------------------------------------------------------------- contents of a file


def _idx(shape: tuple[int, ...], content: bytes) -> bytes:
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + content


def _flipped(content: bytes, position: int) -> bytes:
    changed = bytearray(content)
    changed[position] ^= 1
    return bytes(changed)


CONTENTS: dict[str, Callable[[bytes], bytes]] = {
    "web page as data": lambda _: WEB_PAGE,
    "nothing": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "flipped bit": lambda content: _flipped(content, len(content) // 2),
    # A sound file that differs in its last value.
    "other pixel": lambda content: gzip.compress(_flipped(gzip.decompress(content), -1)),
    "other file": lambda _: gzip.compress(_idx((20,), bytes(range(10)) * 2)),
    "bomb": lambda _: gzip.compress(_idx((1 << 31, 28, 28), bytes(10**7))),
    "bomb beyond its header": lambda _: gzip.compress(_idx((4, 28, 28), bytes(10**7))),
}
