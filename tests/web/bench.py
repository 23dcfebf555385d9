"""The workbench as a browser and a program on this machine see it, with a clock that the tests move."""

import re
from dataclasses import dataclass, field
from datetime import date

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from isocourse.web.doorkeeper import Doorkeeper
from isocourse.web.visit import House
from tests.register.at_gate import RECORD as RECORD

DAY = date(2026, 11, 24).toordinal()
BASE = "http://127.0.0.1:8765"
OURS = {"origin": BASE}
TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')
INSTANT = "2026-11-24T09:30:00.000000Z"
PROGRAM = {"authorization": "Bearer a-program"}


@dataclass
class Bench:
    """One server, and what its clock and terminal show."""

    app: Doorkeeper
    clock: list[float]
    told: list[str]
    client: TestClient[Doorkeeper]
    today: list[int] = field(default_factory=lambda: [DAY], kw_only=True)

    @property
    def routes(self) -> Litestar:
        """The web application inside."""
        assert isinstance(self.app.app, Litestar)
        return self.app.app

    @property
    def house(self) -> House:
        """What the server was made of."""
        house: House = self.routes.state.house
        return house

    def come_in(self) -> None:
        """Opens the last start address that was told."""
        self.routes.state.door.tell()
        reply = self.client.get(self.told[-1].removeprefix(BASE), follow_redirects=False)
        assert reply.status_code == 303, reply.text

    def token(self, address: str = "/") -> str:
        """A form's token from a page."""
        found = TOKEN.search(self.client.get(address).text)
        assert found is not None
        return found[1]

    def send(self, address: str, **fields: str) -> httpx.Response:
        """Sends a form of ours."""
        return self.client.post(address, data={"token": self.token(), **fields}, headers=OURS, follow_redirects=False)

    def ask(self, address: str, body: object) -> httpx.Response:
        """Asks the JSON interface as a program does."""
        return self.client.post(address, json=body, headers=PROGRAM)


def version(clinic: Bench, course: str) -> str:
    """The version that the visit form was handed out for."""
    found = re.search(r'name="expected" value="(\d+)"', clinic.client.get(f"{course}/visit").text)
    assert found is not None
    return found[1]
