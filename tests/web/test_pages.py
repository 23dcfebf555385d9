"""What a clinician meets: the form, records that cannot be read, the knowledge pages, and files for browsers."""

import gzip
import hashlib
import html
import re
from pathlib import Path

import pytest

import isocourse.web
from isocourse.decisions.tables import Status
from isocourse.render.words import STATUS
from isocourse.web.fields import sections
from isocourse.web.filled import record_from
from isocourse.web.matrix import BROKEN, GLYPHS
from isocourse.web.speech import speech_of
from tests.web.bench import OURS, Bench

STATIC = Path(isocourse.web.__file__).parent / "static"
UNSAFE_WORDS = re.compile(r"\b(?:all clear|good to go|approved|passed|(?<!limit of )(?<!limits of )normal|OK)\b|✓|✔|✅")


def test_a_filled_form_becomes_a_record_that_is_judged(bench: Bench) -> None:
    reply = bench.send(
        "/enter",
        visit="2026-11-24",
        birth="1999-04-17",
        recorded_gender="female",
        jurisdiction="EU",
        first_dose="2026-09-21",
        **{
            "order.state": "active",
            "order.dose": "20",
            "order.times_a_day": "2",
            "order.reason": "acne",
            "s.weight": "58",
            "s.weight~unit": "kg",
            "s.alt.baseline": "20",
            "s.alt.baseline~unit": "U/L",
            "s.alt.baseline~day": "2026-09-14",
            "s.alt.now": "62",
            "s.alt.now~unit": "U/L",
            "s.alt.now~day": "2026-11-16",
            "s.alt.now~upper": "40",
            "l.drugs.tetracycline": "yes",
        },
    )
    assert reply.status_code == 303
    page = bench.client.get(reply.headers["location"]).text
    assert "27-year-old woman" in page
    assert "tetracycline together with isotretinoin" in page
    why = bench.client.get(f"{reply.headers['location']}/why/lab_stop/seed-review/2025").text
    assert "3.1 times" in why
    form = bench.client.get(f"{reply.headers['location']}/form").text
    assert 'name="s.alt.now" value="62"' in form


def test_what_is_left_empty_is_never_a_no(bench: Bench) -> None:
    done = record_from(bench.house.desk.sections, {"visit": "2026-11-24"}, speech_of("en"))
    assert done.record == {"isocourse": "1", "patient": {}, "events": [], "lists": []}
    for section in bench.house.desk.sections:
        for field in section.fields:
            asked = record_from(
                bench.house.desk.sections, {"visit": "2026-11-24", field.name: "unknown"}, speech_of("en")
            )
            assert all(entry["is"] == "unknown" for entry in asked.record["lists"]), field.name  # type: ignore[attr-defined]  # a list of entries
            assert asked.record["events"] == [] or field.kind == "quantity", field.name


def test_every_stream_and_list_entry_that_a_rule_reads_can_be_filled_in(bench: Bench) -> None:
    library = bench.house.desk.library
    found = {field.stream for section in sections(library) for field in section.fields}
    facts = {fact.name: fact for fact in library.facts}
    for source in library.sources:
        fold = source.fold or (facts[source.fact].fold if source.fact in facts else None)
        if fold is not None and fold.stream not in (
            "recorded_gender",
            "sex_at_birth",
            "first_dose",
            "last_dose",
            "dispensed_on",
        ):
            assert fold.stream in found, fold.stream


def test_a_result_without_its_unit_or_day_is_asked_about_and_nothing_is_lost(bench: Bench) -> None:
    reply = bench.send("/enter", visit="2026-11-24", birth="1999", **{"s.alt.now": "62", "s.triglycerides.now": "1,5"})
    assert reply.status_code == 422
    assert 'name="s.alt.now" value="62"' in reply.text
    assert 'name="s.triglycerides.now" value="1,5"' in reply.text
    assert "choose the unit" in reply.text
    assert 'value="1999"' in reply.text


@pytest.mark.parametrize(
    "field", ["birth", "visit", "first_dose", "order.day", "s.weight~day", "s.alt.now~known", "s.clear_since"]
)
@pytest.mark.parametrize("day", ["1999-02-31", "1999-13-01", "yesterday", "9999-01-01"])
def test_an_impossible_day_is_named_and_the_rest_is_kept(bench: Bench, field: str, day: str) -> None:
    given = {"visit": "2026-11-24", "birth": "1999", "s.weight": "58", "s.weight~unit": "kg", "s.alt.now": "30"}
    given |= {"s.alt.now~unit": "U/L", "s.alt.now~day": "2026-11-20", "order.state": "draft"}
    done = record_from(bench.house.desk.sections, given | {field: day}, speech_of("en"))
    assert list(done.wrong) == [field]
    if day == "1999-02-31":
        reply = bench.send("/enter", **given | {field: day})
        assert reply.status_code == 422
        assert "there is no such day; write year, month, day" in reply.text
        assert f'value="{day}"' in reply.text
        assert 'name="s.weight" value="58"' in reply.text


def test_an_asked_through_list_holds_nothing_else(bench: Bench) -> None:
    given = {"visit": "2026-11-24", "birth": "1999-04-17", "complete.drugs": "yes"}
    none = record_from(bench.house.desk.sections, given, speech_of("en")).record
    assert none["lists"] == [{"list": "drugs", "item": "*", "is": "no", "day": "2026-11-24"}]
    one = record_from(bench.house.desk.sections, given | {"l.drugs.tetracycline": "yes"}, speech_of("en")).record
    assert [entry["is"] for entry in one["lists"]] == ["yes"]  # type: ignore[attr-defined]  # a list of entries
    assert one["coverage"] == [
        {"stream": "drugs", "from": "1999-04-17", "to": "2026-11-24", "by": "asked at the visit"}
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "it is empty", id="nothing"),
        pytest.param("hello", "a record", id="words"),
        pytest.param("{", "not valid JSON", id="cut-off-json"),
        pytest.param("isocourse: '9'\npatient: {}\n", "not known; this reads version 1", id="another-version"),
        pytest.param("isocourse: '1'\npatient: {}\nproduct: nothing-like-it\n", "product", id="unknown-product"),
        pytest.param("isocourse: '1'\npatients: {}\n", "did you mean", id="misspelt-key"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_with_one_line_and_kept_in_the_box(
    bench: Bench, text: str, expected: str
) -> None:
    reply = bench.send("/read", text=text)
    assert reply.status_code == 422
    assert "The record was not taken" in reply.text
    assert expected in reply.text


def test_a_file_of_another_kind_is_refused(bench: Bench) -> None:
    files = {"file": ("scan.png", b"\x89PNG\r\n\x1a\n\x00\xff", "image/png")}
    reply = bench.client.post("/read", data={"token": bench.token()}, files=files, headers=OURS)
    assert reply.status_code == 422
    assert "not UTF-8" in reply.text


def test_an_uploaded_file_is_judged(bench: Bench) -> None:
    files = {
        "file": ("r.yaml", b"isocourse: '1'\npatient: {birth: '1999-04-17', recorded_gender: male}\n", "text/yaml")
    }
    reply = bench.client.post("/read", data={"token": bench.token(), "text": ""}, files=files, headers=OURS)
    assert "27-year-old man" in reply.text


@pytest.mark.parametrize(
    ("name", "value"), [("as_of", "2026-02-30"), ("as_of", "tomorrow"), ("jurisdiction", "XX"), ("product", "x")]
)
def test_what_nobody_knows_changes_nothing(bench: Bench, name: str, value: str) -> None:
    assert bench.send("/patient/alt-trebled/asked", **{name: value}).status_code == 400


def test_judging_a_sample_by_another_day_leaves_the_sample_as_it_is(bench: Bench) -> None:
    reply = bench.send("/patient/alt-trebled/asked", as_of="2026-11-23")
    assert reply.headers["location"] != "/patient/alt-trebled"
    assert "23 Nov 2026" in bench.client.get(reply.headers["location"]).text
    assert "as of 24 Nov 2026" in bench.client.get("/patient/alt-trebled").text


def test_no_two_statuses_look_alike(bench: Bench) -> None:
    assert set(GLYPHS) == set(Status)
    assert len({*GLYPHS.values(), BROKEN}) == len(Status) + 1
    page = bench.client.get("/patient/alt-trebled/matrix?show=all").text
    for status in (Status.SILENT, Status.SILENT_HERE, Status.NOT_READ):
        assert f"{GLYPHS[status]} {STATUS[status]}" in page


def test_no_page_says_that_all_is_well(bench: Bench) -> None:
    for name in bench.house.desk.samples:
        for tail in ("", "/matrix?show=all"):
            page = re.sub(r"<[^>]+>", " ", bench.client.get(f"/patient/{name}{tail}").text)
            assert UNSAFE_WORDS.search(page) is None, (name, tail)


def test_what_is_red_comes_first(bench: Bench) -> None:
    page = bench.client.get("/patient/doxycycline").text
    order = [page.index(f'id="{part}"') for part in ("stop", "not", "tell", "part", "look", "rest")]
    assert order == sorted(order)
    assert page.index("A tetracycline together") < page.index('id="not"')


def test_every_edition_claim_and_source_has_its_page(bench: Bench) -> None:
    library = bench.house.desk.library
    listed = bench.client.get("/protocols").text
    for edition in library.editions:
        assert f"/protocols/{edition.key}" in listed
        page = bench.client.get(f"/protocols/{edition.key}")
        assert page.status_code == 200, edition.key
        for name in re.findall(r'href="/claims/([^"]+)"', page.text)[:2]:
            claim = bench.client.get(f"/claims/{name}")
            assert claim.status_code == 200, name
            source = re.search(r'href="(/sources/[^"]+)"', claim.text)
            assert source is not None
            assert bench.client.get(source[1]).status_code == 200


@pytest.mark.parametrize(
    ("language", "words", "term"),
    [
        (
            "en",
            "— when triglycerides cannot be controlled (judgement) or symptoms of pancreatitis (sign, now)",
            "not (hysterectomy)",
        ),
        (
            "ru",
            "— когда триглицериды не удаётся взять под контроль (оценка врача) или симптомы панкреатита (признак, сейчас)",
            "неверно, что (",
        ),
    ],
)
def test_whom_a_row_speaks_of_is_told_in_words_and_its_code_is_at_hand(
    bench: Bench, language: str, words: str, term: str
) -> None:
    bench.send("/language", language=language, back="/")
    page = html.unescape(bench.client.get("/protocols/eu-label/2018").text)
    assert words in page
    assert term in page
    code = "triglycerides_uncontrolled or any(symptoms, kind = pancreatitis_symptoms, current)"
    assert f"<code>{code}</code></details>" in page
    assert page.count(code) == page.count(f"<code>{code}</code></details>")


@pytest.mark.parametrize(
    ("language", "says", "whom", "unread", "patient"),
    [
        pytest.param(
            "en",
            "should: isotretinoin may be offered",
            "— when anatomy that can carry a pregnancy and severity of the acne is “severe”",
            "we have not read this text",
            "if: anatomy that can carry a pregnancy: no</p>",
            id="en",
        ),
        pytest.param(
            "ru",
            "следует: ",
            "анатомия",
            "мы не прочли",
            "анатомия, при которой возможна беременность: нет</p>",
            id="ru",
        ),
        pytest.param(
            "uz", "lozim: ", "anatomiya", "oʻqimaganmiz", "homiladorlik mumkin boʻlgan anatomiya: yoʻq</p>", id="uz"
        ),
    ],
)
def test_what_changed_is_told_in_the_language_of_the_page_and_its_code_is_at_hand(
    bench: Bench, language: str, says: str, whom: str, unread: str, patient: str
) -> None:
    bench.send("/language", language=language, back="/")
    page = html.unescape(bench.client.get("/changes/eu-label/2003/2018").text)
    for text in (says, whom, unread, patient):
        assert text in page, text
    code = "female_organs and acne_severity = severe and oral_antibiotic_failed and topical_failed"
    assert page.count(code) == page.count(f"<code>{code}</code></details>") == 1
    bare = re.sub(r"<code>.*?</code>|<[^>]*>", "", page)
    assert re.findall(r"\w+_\w+|kind = | = ", bare) == []


@pytest.mark.parametrize("language", ["en", "ru", "uz"])
def test_why_is_told_in_words_and_its_code_is_at_hand(bench: Bench, language: str) -> None:
    bench.send("/language", language=language, back="/")
    for point, code in (
        ("lab_stop", "triglycerides_uncontrolled or any(symptoms, kind = pancreatitis_symptoms, current)"),
        ("contraception", "able_to_become_pregnant and not(abstinence and no_pregnancy_risk_agreed)</code>"),
    ):
        page = html.unescape(bench.client.get(f"/patient/alt-trebled/why/{point}/eu-label/2018").text)
        assert f"<code>{code}" in page
        reasons = re.sub(r"<code>.*?</code>|<table.*?</table>|<[^>]*>", "", page, flags=re.DOTALL)
        told = [line for line in re.sub(r"\[[^\[\]]*\]", "", reasons).splitlines() if line.strip()]
        assert [line for line in told if re.search(r"[a-z]_[a-z]|[<>]|kind = |not\(", line)] == []
        assert (
            language == "en" or "24 months" not in reasons
        )  # what would change it; what the file holds stays as it is


@pytest.mark.parametrize(
    "path",
    [
        "/protocols/no/such",
        "/claims/none",
        "/sources/none",
        "/patient/none",
        "/changes/a/b/c",
        "/patient/alt-trebled/why/lab_stop/no/such",
        "/patient/alt-trebled/why/none/eu-label/2018",
    ],
)
def test_what_there_is_not_is_said_plainly(bench: Bench, path: str) -> None:
    reply = bench.client.get(path)
    assert reply.status_code == 404
    assert 'role="alert"' in reply.text


def test_a_simulation_is_answered_with_its_pictures(bench: Bench) -> None:
    reply = bench.send("/simulate", dose="20", times_a_day="2", weeks="2", weight="70", patients="10", seed="1")
    assert reply.status_code == 200
    assert reply.text.count("<svg") >= 3
    assert "style=" not in reply.text
    assert "<desc>" in reply.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("dose", "0"), ("dose", "500"), ("weeks", "1000"), ("patients", "99999"), ("seed", "x"), ("weight", "")],
)
def test_a_simulation_out_of_bounds_is_explained(bench: Bench, name: str, value: str) -> None:
    good = {"dose": "20", "times_a_day": "2", "weeks": "2", "weight": "70", "patients": "10", "seed": "1"}
    reply = bench.send("/simulate", **(good | {name: value}))
    assert reply.status_code == 422
    assert f'id="w-{name}"' in reply.text


def test_vendored_files_are_as_they_were_published() -> None:
    listed = dict(line.split()[::-1] for line in (STATIC / "CHECKSUMS").read_text().splitlines())
    vendored = {path.name for path in STATIC.iterdir() if ".min." in path.name}
    assert set(listed) == vendored
    for name, checksum in listed.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == checksum
    assert {"LICENSE-htmx.txt", "LICENSE-pico.txt"} <= {path.name for path in STATIC.iterdir()}


def test_a_file_is_kept_by_browsers_only_under_its_own_content(bench: Bench) -> None:
    for name, file in bench.house.files.items():
        reply = bench.client.get(file.address)
        assert reply.status_code == 200
        assert "immutable" in reply.headers["cache-control"]
        assert reply.content == (STATIC / name).read_bytes()
        assert gzip.decompress(file.packed) == file.plain
        assert bench.client.get(f"/static/000000000000/{name}").status_code == 404
    assert bench.client.get("/static/x/..%2f..%2fserver.py").status_code == 404


def test_a_page_is_light(bench: Bench) -> None:
    files = sum(
        len(bench.house.files[name].packed)
        for name in ("pico-2.1.1.min.css", "site.css", "htmx-4.0.1.min.js", "site.js")
    )
    for path in ("/", "/enter", "/patient/tubal-ligation", "/patient/tubal-ligation/matrix?show=all", "/protocols"):
        reply = bench.client.get(path)
        sent = int(reply.headers.get("content-length", len(gzip.compress(reply.content, 5))))
        assert sent + files <= 150 * 1024, path


def test_the_calculator_works_out_capsules_and_totals(bench: Bench) -> None:
    given = {
        "weight": "58",
        "dose": "0.5",
        "unit": "mg/kg/day",
        "product": "acnecutan",
        "times_a_day": "1",
        "weeks": "20",
        "target": "120",
    }
    reply = bench.send("/calculator", **given)
    assert reply.status_code == 200
    for figure in ("29 mg/day", "day 1:", "28 mg/day", "0.48 mg/kg/day", "3920 mg", "day 249"):
        assert figure in reply.text, figure
    assert (
        bench.ask(
            "/api/calculate",
            {"weight_kg": 58, "mg_per_kg_per_day": 0.5, "strengths_mg": [8, 16], "weeks": 20, "target_mg_per_kg": 120},
        ).json()["ways"][0]["days_to_target"]
        == 249
    )


def test_half_a_milligram_typed_with_a_comma_is_never_five(bench: Bench) -> None:
    given = {"weight": "58", "dose": "0,5", "unit": "mg/kg/day", "strengths": "8 16", "times_a_day": "1"}
    assert bench.send("/calculator", **given).status_code == 422
    bench.send("/language", language="ru", back="/")
    reply = bench.send("/calculator", **given)
    assert reply.status_code == 200
    assert re.search(r"\b29\s*мг/сут", reply.text)
    assert re.search(r"\b0,48\s*мг/кг/сут", reply.text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weight", "5"),
        ("weight", ""),
        ("dose", "50"),
        ("times_a_day", "1.5"),
        ("strengths", "0"),
        ("strengths", "x"),
        ("target", "0"),
    ],
)
def test_the_calculator_asks_about_what_cannot_be(bench: Bench, name: str, value: str) -> None:
    good = {"weight": "58", "dose": "0.5", "unit": "mg/kg/day", "strengths": "8 16", "times_a_day": "1"}
    reply = bench.send("/calculator", **(good | {name: value}))
    assert reply.status_code == 422
    assert f'id="w-{name}"' in reply.text
