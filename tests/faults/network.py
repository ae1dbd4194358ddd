"""A network that comes and goes: a proxy that lets requests through, loses them, cuts them midway, doubles them, and
brings them late, by lot but the same lot each time."""

import random
import socket
import threading
from collections import Counter
from contextlib import suppress

FATES = ["through"] * 6 + ["request lost", "request cut", "answer lost", "answer cut", "doubled", "late"]
PATIENCE = 30  # seconds


class BadNetwork:
    """Listens at ``port`` and speaks to the server at ``target``. While ``is_calm`` everything goes through."""

    def __init__(self, target: int):
        self.target = target
        self.is_calm = False
        self.met: Counter[str] = Counter()
        self._lot = random.Random(5)  # noqa: S311
        self._lock = threading.Lock()
        self._late: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.settimeout(PATIENCE)
            request = _read_request(client)
            with self._lock:
                fate = "through" if self.is_calm else self._lot.choice(FATES)
                self.met[fate] += 1
                late = [] if fate == "late" else self._late.copy()
                self._late = [*self._late, request] if fate == "late" else []
            for old in late:  # overtaken by what was sent after it
                self._ask(old)
            match fate:
                case "request lost" | "late":
                    return
                case "request cut":
                    self._ask(request[: len(request) * 2 // 3], to_the_end=False)
                    return
                case "doubled":
                    self._ask(request)
            answer = self._ask(request)
            if fate != "answer lost":
                client.sendall(answer[: len(answer) // 2] if fate == "answer cut" else answer)

    def _ask(self, request: bytes, *, to_the_end: bool = True) -> bytes:
        """What the server answers; what it has said so far where it dies meanwhile."""
        answer = b""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.target), PATIENCE) as server:
            server.sendall(request)
            while to_the_end and (part := server.recv(65536)):
                answer += part
        return answer


def _read_request(client: socket.socket) -> bytes:
    """A whole request with a Content-Length."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += _part(client)
    head, _, body = request.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += _part(client)
    return head + b"\r\n\r\n" + body


def _part(client: socket.socket) -> bytes:
    part = client.recv(65536)
    if not part:
        raise ConnectionError
    return part
