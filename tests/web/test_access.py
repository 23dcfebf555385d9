"""Nobody gets in without the start address, nothing is done for a stranger's form, and a session ends."""

import re
from collections.abc import Callable

import pytest
from litestar.routes import HTTPRoute

from isocourse.web.clinic import RefusedToListenError
from isocourse.web.roles import EVERYTHING, ROLES, Needs
from isocourse.web.settings import checked_host
from tests.web.bench import BASE, OURS, PROGRAM, Bench

OPEN = {"/start", "/knock", "/leave", "/alive", "/favicon.ico", "/static/{mark}/{name}"}
"""What anyone may ask for."""

EXAMPLE = {
    "handle": "alt-trebled",
    "point": "lab_stop",
    "protocol": "seed-review",
    "edition": "2025",
    "old": "2023",
    "new": "2026",
    "name": "alt-trebled",
    "mark": "x",
    "path": "x",
    "course": "none",
}


def address_of(path: str) -> str:
    """An address of a route, with its parts filled in."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: EXAMPLE[part[1]], path)


def routes(bench: Bench) -> list[tuple[str, str, object]]:
    """Every method, path and permission."""
    return [
        (method, route.path_format, handler.opt.get("needs"))
        for route in bench.routes.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS"
    ]


def test_every_route_says_who_may_use_it(bench: Bench) -> None:
    found = routes(bench)
    assert len(found) > 25
    assert [each for each in found if not isinstance(each[2], Needs)] == []
    assert {path for _, path, needs in found if needs is Needs.NOTHING} == OPEN


def test_without_a_session_every_other_route_is_closed(open_bench: Callable[..., Bench]) -> None:
    stranger = open_bench()
    for method, path, needs in routes(stranger):
        if needs is not Needs.NOTHING:
            reply = stranger.client.request(method, address_of(path), headers=OURS)
            assert reply.status_code == 401, (method, path)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_reaches_what_it_may_and_nothing_else(bench: Bench, role: str) -> None:
    session = next(iter(bench.house.sessions))
    session.roles = frozenset({role})
    table = {}
    for method, path, needs in routes(bench):
        if needs is Needs.NOTHING:
            continue
        headers = OURS | {"x-form-token": session.form_token()}
        reply = bench.client.request(method, address_of(path), headers=headers, follow_redirects=False)
        allowed = needs in ROLES[role]
        told = "your role does not allow this" in reply.text.lower() or "not allow this" in reply.text.lower()
        table[method, path] = (allowed, told, reply.status_code)
    assert len(table) > 20
    wrong = {key: cell for key, cell in table.items() if cell[0] == cell[1] or (not cell[0] and cell[2] != 403)}
    assert wrong == {}
    assert any(not allowed for allowed, _, _ in table.values()) or role == "clinician"


def test_a_start_address_opens_once(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench()
    bench.routes.state.door.tell()
    address = bench.told[-1].removeprefix(BASE)
    assert bench.client.get(address, follow_redirects=False).status_code == 303
    bench.client.cookies.clear()
    again = bench.client.get(address, follow_redirects=False)
    assert again.status_code == 401
    assert bench.client.get("/").status_code == 401


def test_a_new_start_address_is_told_at_the_terminal_and_never_in_the_browser(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench()
    bench.routes.state.door.tell()
    old = bench.told[-1].removeprefix(BASE)
    reply = bench.client.post("/knock", headers=OURS)
    new = bench.told[-1]
    assert reply.status_code == 200
    assert new.rpartition("=")[2] not in reply.text
    assert bench.client.get(old, follow_redirects=False).status_code == 401
    assert bench.client.get(new.removeprefix(BASE), follow_redirects=False).status_code == 303


def test_guessing_start_addresses_is_slowed_down(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(knocks_per_minute=5)
    codes = [bench.client.get(f"/start?token=guess{n}").status_code for n in range(8)]
    assert codes == [401] * 5 + [429] * 3
    bench.clock[0] += 60
    assert bench.client.get("/start?token=guess").status_code == 401


def test_a_session_ends_when_nothing_is_done_for_half_an_hour(bench: Bench) -> None:
    bench.clock[0] += 29 * 60
    assert bench.client.get("/").status_code == 200
    bench.clock[0] += 29 * 60
    assert bench.client.get("/").status_code == 200
    bench.clock[0] += 31 * 60
    assert bench.client.get("/").status_code == 401


def test_a_session_ends_after_a_working_day_whatever_is_done(bench: Bench) -> None:
    for _ in range(24):
        assert bench.client.get("/").status_code == 200
        bench.clock[0] += 30 * 60 - 1
    bench.clock[0] += 60
    assert bench.client.get("/").status_code == 401


def test_leaving_ends_the_session_on_the_server(bench: Bench) -> None:
    kept = dict(bench.client.cookies)
    assert bench.send("/leave").status_code == 303
    for name, value in kept.items():
        bench.client.cookies.set(name, value)
    assert bench.client.get("/").status_code == 401


def test_two_people_do_not_see_each_others_records(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench()
    bench.come_in()
    text = "isocourse: '1'\npatient: {birth: '1999'}\n"
    mine = bench.send("/read", text=text).headers["location"]
    assert bench.client.get(mine).status_code == 200
    bench.client.cookies.clear()
    bench.come_in()
    assert bench.client.get(mine).status_code == 404


def forms(bench: Bench) -> list[str]:
    """Every address that takes a form."""
    return [path for method, path, _ in routes(bench) if method == "POST" and not path.startswith("/api")]


def test_a_form_without_our_token_does_nothing(bench: Bench) -> None:
    assert len(forms(bench)) > 8
    for path in forms(bench):
        if path != "/knock":  # it does nothing for whoever sends it, and has no session
            reply = bench.client.post(address_of(path), data={"token": "00" * 64}, headers=OURS, follow_redirects=False)
            assert reply.status_code == 403, path
            reply = bench.client.post(address_of(path), data={"a": "b"}, headers=OURS, follow_redirects=False)
            assert reply.status_code == 403, path


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param({"origin": "http://evil.example"}, id="another-site"),
        pytest.param({"origin": "http://127.0.0.1:9999"}, id="another-port-of-this-machine"),
        pytest.param({"origin": "null"}, id="a-sandboxed-page"),
        pytest.param({"sec-fetch-site": "cross-site"}, id="a-browser-that-says-it-comes-from-elsewhere"),
        pytest.param({}, id="nobody-says-where-it-comes-from"),
    ],
)
def test_a_form_from_elsewhere_does_nothing_even_with_our_token(bench: Bench, origin: dict[str, str]) -> None:
    token = bench.token()
    for path in forms(bench):
        reply = bench.client.post(address_of(path), data={"token": token}, headers=origin, follow_redirects=False)
        assert reply.status_code == 403, path


def test_another_sessions_token_is_refused(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench()
    bench.come_in()
    theirs = bench.token()
    bench.client.cookies.clear()
    bench.come_in()
    reply = bench.client.post("/language", data={"token": theirs, "language": "ru", "back": "/"}, headers=OURS)
    assert reply.status_code == 403


def test_a_form_token_is_never_the_same_twice(bench: Bench) -> None:
    assert bench.token() != bench.token()


def test_a_json_request_with_a_cookie_needs_our_token_too(bench: Bench) -> None:
    body = {"record": {"isocourse": "1", "patient": {}}, "as_of": "2026-11-24"}
    assert bench.client.post("/api/assess", json=body, headers=OURS).status_code == 403
    headers = OURS | {"x-form-token": bench.token()}
    assert bench.client.post("/api/assess", json=body, headers=headers).status_code == 200


def test_a_program_needs_the_servers_token(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench()
    assert bench.client.get("/api/samples", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert bench.client.get("/api/samples", headers=PROGRAM).status_code == 200
    assert bench.client.get("/", headers={"authorization": "Basic a-program"}).status_code == 401


@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:8765", "127.0.0.1:9999", "", "127.0.0.1.evil.example:8765"]
)
def test_a_strangers_name_for_this_machine_is_not_answered(bench: Bench, name: str) -> None:
    reply = bench.client.get("/", headers={"host": name})
    assert reply.status_code == 400
    assert "Isocourse" not in reply.text


def test_every_answer_carries_the_headers_that_bind_a_browser(bench: Bench) -> None:
    for path in ["/", "/patient/alt-trebled", "/nothing", "/api/samples", "/api/nothing", "/alive"]:
        headers = bench.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store", path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in policy
    assert bench.client.get("/", headers={"host": "evil.example"}).headers["x-content-type-options"] == "nosniff"


def test_the_cookie_is_out_of_reach_of_scripts(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench()
    bench.routes.state.door.tell()
    reply = bench.client.get(bench.told[-1].removeprefix(BASE), follow_redirects=False)
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain" not in cookie


def test_no_page_holds_script_or_style_of_its_own(bench: Bench) -> None:
    for path in ["/", "/enter", "/patient/alt-trebled", "/patient/alt-trebled/matrix", "/protocols", "/simulate"]:
        text = bench.client.get(path).text
        assert re.search(r"<script(?![^>]*\bsrc=)", text) is None, path
        assert "<style" not in text, path
        assert re.search(r"\son\w+=|\sstyle=", text) is None, path
        assert re.search(r"(?:src|href)=[\"'](?:https?:)?//", text) is None, path


def test_floods_are_slowed_down(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(per_minute=10)
    codes = [bench.client.get("/alive").status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2
    bench.clock[0] += 60
    assert bench.client.get("/alive").status_code == 200


def test_long_requests_are_counted_apart(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(heavy_per_minute=1)
    body = {"dose_mg": 20, "patients": 1, "weeks": 1}
    codes = [bench.ask("/api/simulate", body).status_code for _ in range(3)]
    assert codes == [200, 429, 429]
    assert bench.client.get("/api/samples", headers=PROGRAM).status_code == 200


def test_an_oversized_request_is_not_read(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(body_bytes=1000)
    bench.come_in()
    assert bench.ask("/api/assess", {"record": {"note": "x" * 2000}, "as_of": "2026-11-24"}).status_code == 413

    def parts() -> object:
        yield from [b"x" * 600] * 4

    reply = bench.client.post("/api/assess", content=parts(), headers=PROGRAM | {"content-type": "application/json"})  # type: ignore[arg-type]  # a generator of bytes
    assert reply.status_code == 413


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org", ""])
def test_the_server_does_not_listen_where_others_could_come_in(host: str) -> None:
    with pytest.raises(RefusedToListenError, match="others could reach"):
        checked_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.53"])
def test_it_listens_on_this_machine(host: str) -> None:
    assert checked_host(host) == host


def test_the_person_at_this_machine_may_do_everything() -> None:
    granted = set().union(*(ROLES[role] for role in EVERYTHING))
    assert granted | {Needs.NOTHING} == set(Needs)
