"""A visitor who keeps cookies, signs in and sends forms, the way a browser does."""

import re
import uuid
from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from tallyproof.services.workspace import Workspace

from .visitor import Answer

PASSWORD = "four-plain-words-here"

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
File = tuple[str, str, bytes]
"""A field's name, the file's name, its bytes."""


def add_person(
    workspace: Workspace, name: str = "Jo Doe", role: str = "official", cases: Iterable[str] = ()
) -> str:
    """An account with the usual password; its id."""
    from tallyproof.web.django_setup import configure

    configure()
    from tallyproof.web.accounts import people

    return people.add(workspace, name, role, PASSWORD, cases).id


class Official:
    """Somebody at a browser: ``get`` and ``post`` keep cookies; a redirect is not followed."""

    def __init__(
        self,
        application: Any,
        *,
        host: str = "localhost:8016",
        address: str = "127.0.0.1",
        scheme: str = "http",
    ) -> None:
        self.application, self.host, self.address, self.scheme = application, host, address, scheme
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def sign_in(self, name: str = "Jo Doe", password: str = PASSWORD, onward: str = "") -> Answer:
        """Send the form of the sign-in page."""
        return self.post("/-/sign-in/", {"name": name, "password": password, "next": onward})

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", address, b"", "", headers or {})

    def post(
        self,
        address: str,
        fields: Mapping[str, str] | None = None,
        files: Iterable[File] = (),
        *,
        form: str = "",
        token: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a form with the token that the page ``form`` (the sign-in page unless given) holds."""
        told = dict(fields or {})
        if token:
            told["csrfmiddlewaretoken"] = self.token(form)
        files = list(files)
        body, kind = _multipart(told, files) if files else (urlencode(told).encode(), _PLAIN)
        return self._ask("POST", address, body, kind, headers or {})

    def token(self, form: str = "") -> str:
        """The token that a form needs: of a page with a form, else of the sign-in or password page."""
        for page in filter(None, (form, "/-/password/", "/-/sign-in/")):
            if found := _TOKEN.search(self.get(page).html):
                return found[1]
        raise AssertionError("no page with a form")

    def _ask(self, method: str, address: str, body: bytes, kind: str, headers: Mapping[str, str]) -> Answer:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": self.host,
            "REQUEST_METHOD": method,
            "REMOTE_ADDR": self.address,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": kind,
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": self.scheme,
            **headers,
        }
        setup_testing_defaults(environ)
        told: dict[str, Any] = {}

        def start(status: str, sent: list[tuple[str, str]], _: Any = None) -> None:
            told.update(status=int(status.split(" ")[0]), headers=dict(sent))
            self._keep([value.strip() for name, value in sent if name == "Set-Cookie"])

        pieces = self.application(environ, start)
        answer = Answer(told["status"], told["headers"], b"".join(pieces))
        getattr(pieces, "close", lambda: None)()
        return answer

    def _keep(self, sent: list[str]) -> None:
        self.set_cookies += sent
        for line in sent:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


_PLAIN = "application/x-www-form-urlencoded"


def _multipart(fields: Mapping[str, str], files: Iterable[File]) -> tuple[bytes, str]:
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for field, name, content in files:
        head = f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"
