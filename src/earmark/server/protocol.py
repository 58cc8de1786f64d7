"""HTTP as it comes over a connection; what is no HTTP is answered in the one shape of errors, too."""

from uvicorn.protocols.http.h11_impl import H11Protocol

from earmark.server.problems import Refused, problem_response

LARGEST_HEAD = 2**18  # bytes of a request's line and headers; what is longer than the guard allows is told so by it
REMEDY = "Send HTTP/1.1 with a shorter address and fewer headers."


class Protocol(H11Protocol):
    """One connection."""

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be read, and close."""
        answer = problem_response(Refused(400, "request", "no HTTP, or too long", REMEDY))
        headers = b"".join(b"%s: %s\r\n" % pair for pair in (*answer.raw_headers, (b"connection", b"close")))
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + headers + b"\r\n" + bytes(answer.body))
        self.transport.close()
