"""People sign in at the clinic's provider, and nobody else gets in: what is not signed by it, for us, now and for this very sign-in is refused."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from isocourse.web.desk import Desk
from isocourse.web.roles import ROLES
from isocourse.web.sign_in import BROWSER
from tests.web.clinic import ADDRESS, CLINIC, ISSUER, KEY, OURS, START, ClinicBench, clinic_bench, group, unsigned

OTHER_KEY = ECKey.generate_key("P-256", auto_kid=True)


@pytest.fixture
def clinic(desk: Desk, tmp_path: Path) -> Iterator[ClinicBench]:
    """A clinic's server; nobody is signed in."""
    with clinic_bench(desk, tmp_path) as found:
        yield found


def nobody_is_in(clinic: ClinicBench) -> bool:
    """Whether no session is open and the browser gets in nowhere."""
    return list(clinic.house.sessions) == [] and clinic.client.get("/").status_code == 401


@pytest.mark.parametrize("role", sorted(ROLES))
def test_somebody_with_a_role_comes_in(clinic: ClinicBench, role: str) -> None:
    reply = clinic.sign_in(role)
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    page = clinic.client.get("/")
    assert page.status_code == 200
    assert "Dr Karimova" in page.text
    [session] = clinic.house.sessions
    assert (session.who, session.roles) == ("sub-1", frozenset({role}))


def test_nobody_comes_in_without_signing_in(clinic: ClinicBench) -> None:
    page = clinic.client.get("/")
    assert page.status_code == 401
    assert 'href="/sign-in"' in page.text
    assert clinic.client.get("/start?token=x").status_code == 404
    assert clinic.client.post("/knock", headers=OURS).status_code == 404


@pytest.mark.parametrize("groups", [[], ["golf club"], None, "clinician", {"clinicians of the clinic": True}, [["x"]]])
def test_whoever_has_no_role_here_is_told_so_and_not_let_in(clinic: ClinicBench, groups: object) -> None:
    clinic.provider.claims = {"groups": groups}
    reply = clinic.sign_in("clinician")
    assert reply.status_code == 403
    assert "have no role here" in reply.text
    assert "/signed-out" in reply.text
    assert nobody_is_in(clinic)
    assert [(line.who, line.roles, line.outcome) for line in clinic.trail()] == [("sub-1", "", 403)]


def hs256(secret: str) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    """Signs with a secret that both sides know, or that anybody knows."""

    def sign(_: dict[str, Any], claims: dict[str, Any]) -> str:
        parts = [_joined(json.dumps(each).encode()) for each in ({"alg": "HS256", "kid": KEY.kid}, claims)]
        signature = hmac.digest(secret.encode(), ".".join(parts).encode(), "sha256")
        return ".".join([*parts, _joined(signature)])

    return sign


def _joined(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def stranger(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Signs with a key that is not the provider's, under the name of one that is."""
    return jwt.encode(header, claims, OTHER_KEY)


def retold(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Puts other claims under a signature of the provider's."""
    head, _, signature = jwt.encode(header, claims, KEY).split(".")
    body = unsigned(header, {**claims, "sub": "sub-9"}).split(".")[1]
    return f"{head}.{body}.{signature}"


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "another"}, id="of-another-sign-in"),
        pytest.param({"nonce": None}, id="of-no-sign-in"),
        pytest.param({"aud": "another-program"}, id="for-another-program"),
        pytest.param({"aud": ["another-program"]}, id="for-a-list-without-us"),
        pytest.param({"aud": [CLINIC.client_id, "another-program"]}, id="for-several-and-nobody-says-who-asked"),
        pytest.param({"azp": "another-program"}, id="asked-for-by-another-program"),
        pytest.param({"aud": "another-program", "azp": CLINIC.client_id}, id="for-another-though-we-asked"),
        pytest.param({"aud": None}, id="for-nobody"),
        pytest.param({"iss": "https://evil.example"}, id="by-another-issuer"),
        pytest.param({"iss": ISSUER + "/"}, id="by-almost-the-issuer"),
        pytest.param({"iss": None}, id="by-nobody"),
        pytest.param({"exp": int(START) - 61}, id="expired"),
        pytest.param({"exp": None}, id="never-expires"),
        pytest.param({"exp": "tomorrow"}, id="expires-some-day"),
        pytest.param({"iat": int(START) + 120}, id="of-the-future"),
        pytest.param({"nbf": int(START) + 120}, id="not-yet-valid"),
        pytest.param({"sub": None}, id="about-nobody"),
        pytest.param({"sub": ""}, id="about-an-empty-name"),
        pytest.param({"sub": 7}, id="about-a-number"),
        pytest.param({"sub": "a\nb"}, id="about-two-lines"),
        pytest.param({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, id="beside-another-access-token"),
    ],
)
def test_an_identity_that_does_not_hold_is_refused(clinic: ClinicBench, claims: dict[str, Any]) -> None:
    clinic.provider.claims = claims
    reply = clinic.sign_in("clinician")
    assert reply.status_code == 401
    assert "cannot be trusted" in reply.text
    assert nobody_is_in(clinic)
    assert clinic.trail() == []


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(unsigned, id="not-signed"),
        pytest.param(hs256(CLINIC.client_secret), id="signed-with-our-own-secret"),
        pytest.param(hs256(KEY.as_pem(private=False).decode()), id="signed-with-the-public-key-as-a-secret"),
        pytest.param(stranger, id="signed-by-a-stranger-under-the-providers-name"),
        pytest.param(retold, id="retold-under-an-old-signature"),
        pytest.param(lambda header, claims: "not.a.token", id="no-token"),
        pytest.param(lambda header, claims: "", id="nothing"),
    ],
)
def test_what_the_provider_did_not_sign_is_refused(
    clinic: ClinicBench, sign: Callable[[dict[str, Any], dict[str, Any]], str]
) -> None:
    clinic.provider.sign = sign
    assert clinic.sign_in("clinician").status_code == 401
    assert nobody_is_in(clinic)


def test_a_little_difference_between_the_clocks_is_forgiven(clinic: ClinicBench) -> None:
    clinic.provider.claims = {"iat": int(START) + 30, "exp": int(START) - 30}
    assert clinic.sign_in("clinician").status_code == 303


def test_a_new_key_of_the_provider_is_learnt(clinic: ClinicBench) -> None:
    clinic.come_in()
    clinic.send("/leave")
    clinic.clock[0] += 120
    clinic.provider.keys = [OTHER_KEY.as_dict(private=False)]
    clinic.provider.sign = lambda header, claims: jwt.encode(header | {"kid": OTHER_KEY.kid}, claims, OTHER_KEY)
    assert clinic.sign_in("clinician").status_code == 303


def test_made_up_keys_do_not_make_us_ask_the_provider_again_and_again(clinic: ClinicBench) -> None:
    clinic.come_in()
    clinic.clock[0] += 120
    clinic.provider.sign = lambda header, claims: jwt.encode(header | {"kid": "made-up"}, claims, OTHER_KEY)
    before = len([each for each in clinic.provider.asked if each.url.path.endswith("/jwks")])
    for _ in range(5):
        assert clinic.sign_in("clinician").status_code == 401
    assert len([each for each in clinic.provider.asked if each.url.path.endswith("/jwks")]) == before + 1


# once, in time, in the same browser ------------------------------------------------------------------------------------------
def test_coming_back_twice_opens_once(clinic: ClinicBench) -> None:
    clinic.provider.claims = {"groups": [group("clinician")]}
    back = clinic.out_and_back()
    kept = clinic.client.cookies[BROWSER]
    assert clinic.client.get("/signed-in", params=back, follow_redirects=False).status_code == 303
    clinic.client.cookies.set(BROWSER, kept)  # a browser that does not forget it when told to
    asked = len(clinic.provider.asked)
    again = clinic.client.get("/signed-in", params=back, follow_redirects=False)
    assert again.status_code == 401
    assert "was used already" in again.text
    assert len(clinic.provider.asked) == asked
    assert len(list(clinic.house.sessions)) == 1


def test_a_code_that_was_used_elsewhere_opens_nothing(clinic: ClinicBench) -> None:
    clinic.provider.claims = {"groups": [group("clinician")]}
    first = clinic.out_and_back()
    assert clinic.client.get("/signed-in", params=first, follow_redirects=False).status_code == 303
    clinic.send("/leave")
    second = clinic.out_and_back("code-2")
    reply = clinic.client.get("/signed-in", params=second | {"code": first["code"]}, follow_redirects=False)
    assert reply.status_code == 401
    assert nobody_is_in(clinic)


def test_somebody_elses_sign_in_does_not_open_my_browser(clinic: ClinicBench) -> None:
    clinic.provider.claims = {"groups": [group("clinician")], "sub": "attacker"}
    theirs = clinic.out_and_back()
    clinic.client.cookies.clear()  # my browser, lured to their address
    assert clinic.client.get("/signed-in", params=theirs, follow_redirects=False).status_code == 401
    mine = clinic.out_and_back("code-2")
    assert clinic.client.get("/signed-in", params=theirs, follow_redirects=False).status_code == 401
    assert nobody_is_in(clinic)
    clinic.provider.claims["sub"] = "me"
    assert clinic.client.get("/signed-in", params=mine, follow_redirects=False).status_code == 303
    assert [session.who for session in clinic.house.sessions] == ["me"]


def test_a_code_does_not_open_another_sign_in(clinic: ClinicBench) -> None:
    clinic.provider.claims = {"groups": [group("clinician")]}
    stolen = clinic.out_and_back()
    clinic.client.cookies.clear()
    mine = clinic.out_and_back("code-2")
    reply = clinic.client.get("/signed-in", params=mine | {"code": stolen["code"]}, follow_redirects=False)
    assert reply.status_code == 401  # the proof of possession (PKCE) does not fit
    assert nobody_is_in(clinic)


def test_a_state_that_was_never_handed_out_is_refused_without_asking_the_provider(clinic: ClinicBench) -> None:
    back = clinic.out_and_back()
    asked = len(clinic.provider.asked)
    for wrong in (
        {"state": "made-up"},
        {"state": ""},
        {"state": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    ):
        assert clinic.client.get("/signed-in", params=back | wrong, follow_redirects=False).status_code == 401
    assert clinic.client.get("/signed-in").status_code == 401
    assert len(clinic.provider.asked) == asked


def test_a_sign_in_that_takes_too_long_is_begun_again(clinic: ClinicBench) -> None:
    back = clinic.out_and_back()
    clinic.clock[0] += 601
    reply = clinic.client.get("/signed-in", params=back, follow_redirects=False)
    assert reply.status_code == 401
    assert "took too long" in reply.text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"iss": "https://evil.example"}, id="of-another-issuer"),
        pytest.param({"iss": ""}, id="of-none-though-ours-always-says-it"),
        pytest.param({"error": "access_denied", "code": ""}, id="refused-there"),
        pytest.param({"code": ""}, id="without-a-code"),
    ],
)
def test_an_answer_mixed_up_or_refused_opens_nothing(clinic: ClinicBench, change: dict[str, str]) -> None:
    clinic.provider.claims = {"groups": [group("clinician")]}
    back = clinic.out_and_back()
    tokens = len([each for each in clinic.provider.asked if each.url.path.endswith("/token")])
    assert clinic.client.get("/signed-in", params=back | change, follow_redirects=False).status_code == 401
    assert len([each for each in clinic.provider.asked if each.url.path.endswith("/token")]) == tokens
    assert nobody_is_in(clinic)


@pytest.mark.parametrize(
    "about",
    [
        pytest.param({"issuer": "https://evil.example"}, id="it-is-another-one"),
        pytest.param({"token_endpoint": "http://sso.clinic.example/token"}, id="the-secret-would-go-unencrypted"),
        pytest.param({"authorization_endpoint": "javascript:alert(1)"}, id="its-address-is-a-script"),
        pytest.param({"end_session_endpoint": "javascript:alert(1)"}, id="its-way-out-is-a-script"),
        pytest.param({"jwks_uri": 7}, id="it-has-no-keys"),
    ],
)
def test_a_provider_that_is_not_what_was_named_is_not_used(clinic: ClinicBench, about: dict[str, Any]) -> None:
    clinic.provider.about = about
    reply = clinic.client.get("/sign-in", follow_redirects=False)
    assert reply.status_code == 503
    assert "does not answer" in reply.text
    assert "location" not in reply.headers


def test_a_provider_that_is_away_is_said_plainly_and_who_is_in_stays_in(clinic: ClinicBench) -> None:
    clinic.come_in()
    clinic.provider.away = True
    assert clinic.client.get("/").status_code == 200
    clinic.send("/leave")
    clinic.provider.about, clinic.clock[0] = {}, clinic.clock[0] + 4000
    back = clinic.out_and_back()  # where it is, is still known
    reply = clinic.client.get("/signed-in", params=back, follow_redirects=False)
    assert reply.status_code == 503
    assert nobody_is_in(clinic)


def test_groups_may_stand_in_what_the_provider_says_when_asked(clinic: ClinicBench) -> None:
    clinic.provider.about = {"userinfo_endpoint": f"{ISSUER}/userinfo"}
    clinic.provider.claims = {"groups": None}
    clinic.provider.userinfo = {"sub": "sub-1", "groups": [group("pharmacist")]}
    assert clinic.sign_in("clinician").status_code == 303
    assert clinic.provider.asked[-1].headers["authorization"] == "Bearer at-1"
    assert [session.roles for session in clinic.house.sessions] == [frozenset({"pharmacist"})]


def test_what_is_said_of_somebody_else_is_not_taken(clinic: ClinicBench) -> None:
    clinic.provider.about = {"userinfo_endpoint": f"{ISSUER}/userinfo"}
    clinic.provider.claims = {"groups": None}
    clinic.provider.userinfo = {"sub": "sub-2", "groups": [group("clinician")]}
    assert clinic.sign_in("clinician").status_code == 401
    assert nobody_is_in(clinic)


# the session -----------------------------------------------------------------------------------------------------------------
def test_a_cookie_that_somebody_planted_is_never_the_session(clinic: ClinicBench) -> None:
    name = clinic.house.settings.cookie
    clinic.client.cookies.set(name, "planted")
    clinic.come_in()
    clinic.client.cookies.clear()
    clinic.client.cookies.set(name, "planted")
    assert clinic.client.get("/").status_code == 401


def test_signing_in_again_ends_the_session_before_it(clinic: ClinicBench) -> None:
    clinic.come_in()
    before = clinic.client.cookies[clinic.house.settings.cookie]
    clinic.sign_in("reader", sub="sub-2")
    assert [session.who for session in clinic.house.sessions] == ["sub-2"]
    clinic.client.cookies.clear()
    clinic.client.cookies.set(clinic.house.settings.cookie, before)
    assert clinic.client.get("/").status_code == 401


def test_the_cookie_is_bound_to_this_host_and_to_tls(clinic: ClinicBench) -> None:
    said = clinic.sign_in("clinician").headers.get_list("set-cookie")
    for cookie in said:
        name, *parts = [part.strip().lower() for part in cookie.split(";")]
        assert name.startswith("__host-")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(parts)
        assert not any(part.startswith("domain") for part in parts)
    assert any("max-age=0" in cookie.lower() and "sign-in" in cookie for cookie in said)


def test_signing_out_ends_the_session_on_the_server_and_leads_to_the_providers_way_out(clinic: ClinicBench) -> None:
    clinic.come_in()
    assert clinic.client.get("/signed-out", follow_redirects=False).headers["location"] == "/"  # not yet
    kept = dict(clinic.client.cookies)
    reply = clinic.send("/leave")
    assert (reply.status_code, reply.headers["location"]) == (303, "/signed-out")
    assert f'href="{ISSUER}/out?client_id=isocourse"' in clinic.client.get("/signed-out").text
    for name, value in kept.items():
        clinic.client.cookies.set(name, value)
    assert nobody_is_in(clinic)
    assert [line.what for line in clinic.trail()] == ["POST /leave", "GET /signed-in"]


def test_a_session_ends_after_half_an_hour_without_use(clinic: ClinicBench) -> None:
    clinic.come_in()
    clinic.clock[0] += 29 * 60
    assert clinic.client.get("/").status_code == 200
    clinic.clock[0] += 31 * 60
    assert clinic.client.get("/").status_code == 401


def test_a_session_ends_after_a_working_day_whatever_is_done(clinic: ClinicBench) -> None:
    clinic.come_in()
    for _ in range(24):
        assert clinic.client.get("/").status_code == 200
        clinic.clock[0] += 30 * 60 - 1
    clinic.clock[0] += 60
    assert clinic.client.get("/").status_code == 401


def test_nobody_has_the_token_of_a_program(clinic: ClinicBench) -> None:
    for token in ("Bearer ", "Bearer a-program", "bearer", "Bearer null"):
        assert clinic.client.get("/api/samples", headers={"authorization": token}).status_code == 401


# what holds as on one's own machine ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1:8765", "localhost", "isocourse.clinic.example.evil.example"]
)
def test_only_the_clinics_own_name_is_answered(clinic: ClinicBench, name: str) -> None:
    assert clinic.client.get("/alive", headers={"host": name}).status_code == 400
    assert clinic.client.get("/alive").status_code == 200


def test_without_tls_nothing_is_answered(clinic: ClinicBench) -> None:
    clinic.come_in()
    plain = ADDRESS.replace("https", "http")
    reply = clinic.client.get(plain + "/")
    assert reply.status_code == 400
    assert "TLS" in reply.text


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"origin": "https://evil.example"}, id="another-site"),
        pytest.param({"origin": ADDRESS.replace("https", "http")}, id="our-name-without-tls"),
        pytest.param({"origin": "null"}, id="a-sandboxed-page"),
        pytest.param({"origin": "http://127.0.0.1:8765"}, id="the-address-of-one-machine"),
        pytest.param({}, id="nobody-says-where-it-comes-from"),
    ],
)
def test_a_form_from_elsewhere_does_nothing(clinic: ClinicBench, headers: dict[str, str]) -> None:
    clinic.come_in()
    fields = {"token": clinic.token(), "language": "ru", "back": "/"}
    assert clinic.client.post("/language", data=fields, headers=headers).status_code == 403
    assert clinic.client.post("/leave", data={"token": fields["token"]}, headers=headers).status_code == 403
    assert clinic.client.post("/language", data=fields | {"token": "00" * 64}, headers=OURS).status_code == 403
    assert len(list(clinic.house.sessions)) == 1


def test_every_answer_binds_the_browser(clinic: ClinicBench) -> None:
    away = clinic.client.get("/sign-in", follow_redirects=False)
    clinic.come_in()
    for reply in (
        away,
        *map(clinic.client.get, ("/", "/alive", "/nothing", "/signed-out", "/signed-in", "/api/nothing")),
    ):
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "unsafe" not in reply.headers["content-security-policy"]
        assert reply.headers["strict-transport-security"] == "max-age=31536000"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"


def test_tries_to_come_in_are_slowed_down(desk: Desk, tmp_path: Path) -> None:
    with clinic_bench(desk, tmp_path, sign_ins_per_minute=5) as clinic:
        codes = [clinic.client.get("/sign-in", follow_redirects=False).status_code for _ in range(7)]
        assert codes == [303] * 5 + [429] * 2
        assert clinic.client.get("/signed-in").status_code == 429
        clinic.clock[0] += 60
        assert clinic.client.get("/sign-in", follow_redirects=False).status_code == 303


def test_the_pages_at_the_door_speak_the_browsers_language(clinic: ClinicBench) -> None:
    page = clinic.client.get("/", headers={"accept-language": "uz"}).text
    assert '<html lang="uz"' in page
    assert "Sign in" not in page
