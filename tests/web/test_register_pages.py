"""A clinic keeps its courses in the browser: add, visit, undo, find, what is to be done; nothing is lost when two people write at once."""

import re

import pytest

from isocourse.register.register import Register
from tests.web.bench import RECORD, Bench, version


def test_a_kept_record_is_judged_as_it_was(clinic: Bench, course: str) -> None:
    page = clinic.client.get(course).text
    assert "Nilufar Karimova" in page
    today = clinic.client.get(f"/patient/{course.rpartition('/')[2]}").text
    assert "27-year-old woman" in today
    assert "Keep this record" not in today


def test_no_name_stands_in_an_address(clinic: Bench, course: str) -> None:
    assert "Nilufar" not in course
    reply = clinic.send("/register/find", words="karimova")
    assert reply.status_code == 200
    assert "Nilufar Karimova" in reply.text
    assert course in reply.text
    assert all("Nilufar" not in link for link in re.findall(r'(?:href|action)="([^"]*)"', reply.text))
    assert "Nilufar" not in clinic.send("/register/find", words="ivanova").text


def test_a_visit_says_what_became_stricter(clinic: Bench, course: str) -> None:
    now = {"s.alt.now": "130", "s.alt.now~unit": "U/L", "s.alt.now~day": "2026-11-23", "s.alt.now~upper": "40"}
    reply = clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **now)
    assert reply.status_code == 200, reply.text[-500:]
    assert "The visit was written" in reply.text
    assert "130 U/L" in reply.text or "stop" in reply.text.lower()
    why = clinic.client.get(f"/patient/{course.rpartition('/')[2]}/why/lab_stop/seed-review/2025").text
    assert "6.5 times" in why


def test_an_entry_is_undone_by_a_correcting_entry_and_stays(clinic: Bench, course: str) -> None:
    now = {"s.alt.now": "130", "s.alt.now~unit": "U/L", "s.alt.now~day": "2026-11-23"}
    clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **now)
    page = clinic.client.get(course).text
    seq = re.findall(r'name="seq" value="(\d+)"', page)[0]
    assert clinic.send(f"{course}/undo", seq=seq, why="").status_code == 422
    assert clinic.send(f"{course}/undo", seq=seq, why="wrong patient").status_code == 303
    page = clinic.client.get(course).text
    assert re.search(r"<s>\s*visit", page)
    assert "wrong patient" in page
    why = clinic.client.get(f"/patient/{course.rpartition('/')[2]}/why/lab_stop/seed-review/2025").text
    assert "6.5 times" not in why
    assert clinic.send(f"{course}/undo", seq=seq, why="again").status_code == 422


def test_two_people_who_write_at_once_lose_nothing(clinic: Bench, course: str) -> None:
    seen = version(clinic, course)
    first = clinic.send(f"{course}/visit", visit="2026-11-24", expected=seen, **{"s.nodular": "yes"})
    assert first.status_code == 200
    second = clinic.send(f"{course}/visit", visit="2026-11-24", expected=seen, **{"s.scarring": "yes"})
    assert second.status_code == 409
    assert re.search(r'name="s.scarring".*?value="yes" selected', second.text, flags=re.DOTALL)
    assert f'name="expected" value="{seen}"' not in second.text
    again = re.search(r'name="expected" value="(\d+)"', second.text)
    assert again is not None
    assert (
        clinic.send(f"{course}/visit", visit="2026-11-24", expected=again[1], **{"s.scarring": "yes"}).status_code
        == 200
    )


def test_an_empty_visit_is_not_written(clinic: Bench, course: str) -> None:
    reply = clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course))
    assert reply.status_code == 422
    assert "Nothing was filled in" in reply.text
    assert clinic.client.get(course).text.count("visit:") <= 1


def test_what_is_to_be_done_lists_the_gravest_first(clinic: Bench, course: str) -> None:
    red = clinic.send(
        "/read", text=RECORD + "lists: [{list: drugs, item: doxycycline, is: yes, from: '2026-11-18'}]\n"
    ).headers["location"]
    clinic.send(f"{red}/keep", name="Zarina Red", number="A-18")
    page = clinic.client.get("/register").text
    assert page.index("Zarina Red") < page.index("Nilufar Karimova")
    only = clinic.client.get("/register?why=red").text
    assert "Zarina Red" in only
    assert "Nilufar Karimova" not in only


def test_dates_of_a_course_are_set_and_seen(clinic: Bench, course: str) -> None:
    number = version(clinic, course)
    assert clinic.send(f"{course}/change", expected=number, last_dose="2026-11-20").status_code == 303
    assert clinic.send(f"{course}/change", expected=number, last_dose="2026-11-21").status_code == 409
    assert clinic.send(f"{course}/change", expected=version(clinic, course), last_dose="2026-02-31").status_code == 422
    page = clinic.client.get(course).text
    assert "20 Nov 2026" in page
    assert "21 Nov 2026" not in page


@pytest.mark.parametrize("path", ["/register", "/course/none", "/course/none/visit"])
def test_without_a_register_its_pages_say_so(bench: Bench, path: str) -> None:
    reply = bench.client.get(path)
    assert reply.status_code == 404
    assert "--no-register" in reply.text


def test_a_course_that_is_not_there_is_said_plainly(clinic: Bench) -> None:
    assert clinic.client.get("/course/none").status_code == 404
    assert clinic.send("/course/none/undo", seq="1", why="x").status_code == 404
    assert clinic.send("/course/none/further").status_code == 404


def test_whoever_only_reads_writes_nothing(clinic: Bench, course: str, register: Register) -> None:
    number, head = version(clinic, course), register.head()
    next(iter(clinic.house.sessions)).roles = frozenset({"auditor"})
    for path, fields in (
        (f"{course}/visit", {"s.nodular": "yes", "expected": number}),
        (f"{course}/undo", {"seq": "2", "why": "x"}),
        (f"{course}/change", {"expected": number, "last_dose": "2026-11-20"}),
    ):
        assert clinic.send(path, **fields).status_code == 403
    assert clinic.client.get(course).status_code == 200
    assert register.head() == head


def test_the_register_needs_no_script(clinic: Bench, course: str) -> None:
    for path in ("/register", course, f"{course}/visit"):
        page = clinic.client.get(path).text
        assert "hx-" not in page
        assert 'method="post"' in page


def test_a_register_that_holds_nobody_says_how_to_begin(clinic: Bench) -> None:
    page = clinic.client.get("/register").text
    assert "The register is empty" in page
    assert 'href="/enter"' in page
    assert 'href="/register/files"' in page


def test_a_search_that_finds_nobody_is_no_empty_register(clinic: Bench, course: str) -> None:
    page = clinic.send("/register/find", words="nobody like that").text
    assert "No course is like that" in page
    assert "The register is empty" not in page
    assert course in clinic.send("/register/find", product="eu-conventional").text
    assert course not in clinic.send("/register/find", product="acnecutan").text


def test_the_list_counts_a_course_under_each_reason_it_is_there_for(clinic: Bench, course: str) -> None:
    page = clinic.client.get("/register").text
    for why in ("not_today", "overdue", "cannot_tell"):
        counted = re.search(rf'why={why}"[^>]*>[^<(]*\((\d+)\)', page)
        assert counted is not None
        assert (course in clinic.client.get(f"/register?why={why}").text) is (counted[1] != "0"), why


def test_a_visit_brings_dates_and_capsules_with_it_or_nothing(clinic: Bench, course: str) -> None:
    fields = {"dispensed.strength": "20", "dispensed.capsules": "60", "dispensed.days": "30"}
    seen = version(clinic, course)
    wrong = clinic.send(
        f"{course}/visit", visit="2026-11-24", expected=seen, last_dose="2026-02-31", **{"s.nodular": "yes"}
    )
    assert wrong.status_code == 422
    assert "there is no such day" in wrong.text
    assert 'value="2026-02-31"' in wrong.text
    assert version(clinic, course) == seen
    half = clinic.send(f"{course}/visit", visit="2026-11-24", expected=seen, **{"dispensed.strength": "20"})
    assert half.status_code == 422
    assert "need their strength and their number" in half.text
    all_the_same = {"confirm": "closed", "reason": "seen on paper"}
    sent = {"visit": "2026-11-24", "expected": seen, "last_dose": "2026-11-23", **fields}
    assert clinic.send(f"{course}/visit", **sent).status_code == 422
    assert version(clinic, course) == seen
    reply = clinic.send(f"{course}/visit", **sent, **all_the_same)
    assert reply.status_code == 200
    page = clinic.client.get(course).text
    assert "last dose 23 Nov 2026" in page
    assert "handed out: 60 capsules of 20 mg for 30 days, 24 Nov 2026" in page


def test_a_further_course_waits_for_the_last_dose_of_the_one_before(clinic: Bench, course: str) -> None:
    early = clinic.send(f"{course}/further", jurisdiction="EU", product="eu-conventional")
    assert early.status_code == 422
    assert "This course is not over" in early.text
    clinic.send(f"{course}/change", expected=version(clinic, course), last_dose="2026-11-23")
    opened = clinic.send(f"{course}/further", jurisdiction="EU", product="eu-conventional")
    assert opened.status_code == 303
    second = opened.headers["location"]
    assert second != course
    page = clinic.client.get(second).text
    assert "Course 2 of 2" in page
    assert f'href="{course}"' in page
    plan = clinic.client.get(f"/patient/{second.rpartition('/')[2]}/plan").text
    assert "a further course may begin under EU label 2018: not before 18 Jan 2027" in plan
    assert "This course is over" not in plan
    assert "Keep this plan with the course" in plan or "Drawn as it is kept with the course" in plan
    before = clinic.client.get(f"/patient/{course.rpartition('/')[2]}/plan").text
    assert "This course is over" in before


def test_a_draft_that_a_later_visit_replaced_is_not_judged_any_more(clinic: Bench, course: str) -> None:
    home = f"/patient/{course.rpartition('/')[2]}"
    order = {"order.dose": "20", "order.times_a_day": "1", "order.reason": "acne", "order.day": "2026-11-23"}
    clinic.send(
        f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **order, **{"order.state": "draft"}
    )
    assert "drafted, judged as if given today" in clinic.client.get(home).text
    later = order | {"order.day": "2026-11-24", "order.state": "active"}
    clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **later)
    assert "drafted, judged as if given today" not in clinic.client.get(home).text
    assert "order (draft): 20 mg x 1" in clinic.client.get(course).text


def test_a_plan_is_kept_with_its_course_and_comes_back_in_another_session(clinic: Bench, course: str) -> None:
    name = course.rpartition("/")[2]
    clinic.client.get(course)
    clinic.send(f"/patient/{name}/plan", dose="0.5 mg/kg/day", target="130 mg/kg")
    assert clinic.send(f"{course}/plan").status_code == 303
    clinic.client.get(course)
    assert clinic.send(f"{course}/plan").status_code == 422
    clinic.send(f"/patient/{name}/plan", dose="0.4 mg/kg/day")
    assert "Drawn, and not kept" in clinic.client.get(f"/patient/{name}/plan").text
    clinic.send("/leave")
    clinic.come_in()
    clinic.client.get(course)
    page = clinic.client.get(f"/patient/{name}/plan").text
    assert 'value="0.5 mg/kg/day"' in page
    assert "Drawn as it is kept with the course." in page
    clinic.send(f"/patient/{name}/plan", dose="0.4 mg/kg/day")
    assert clinic.send(f"{course}/plan").status_code == 303
    assert "plan, target: taken back" in clinic.client.get(course).text


def test_a_plan_drawn_before_somebody_wrote_is_looked_at_again(clinic: Bench, course: str) -> None:
    name = course.rpartition("/")[2]
    clinic.client.get(course)
    clinic.send(f"/patient/{name}/plan", dose="0.5 mg/kg/day")
    known = clinic.house.shelf
    assert known is not None
    from isocourse.register.events import Stamp

    known.change(
        Stamp("somebody else", "2026-11-24T10:00:00.000000Z"), name, {"course": {"last_dose": "2026-11-20"}}, 2
    )
    reply = clinic.send(f"{course}/plan")
    assert reply.status_code == 409
    assert "look at the plan again" in reply.text


def test_a_course_is_judged_by_the_day_it_is_also_past_midnight(clinic: Bench, course: str) -> None:
    home = f"/patient/{course.rpartition('/')[2]}"
    assert "as of 24 Nov 2026" in clinic.client.get(home).text
    clinic.today[0] += 1
    assert "as of 25 Nov 2026" in clinic.client.get(home).text
    clinic.send(f"{home}/asked", as_of="2026-11-20")
    page = clinic.client.get(home).text
    assert "as of 20 Nov 2026" in page
    assert "Judged by 20 Nov 2026, not by today." in page
    clinic.send(f"{home}/asked", as_of="2026-11-25")
    clinic.today[0] += 1
    assert "as of 26 Nov 2026" in clinic.client.get(home).text


def test_a_red_line_says_that_nothing_of_a_plan_was_worked_out(clinic: Bench, course: str) -> None:
    now = {"s.triglycerides.now": "12", "s.triglycerides.now~unit": "mmol/L", "s.triglycerides.now~day": "2026-11-23"}
    page = clinic.send(f"{course}/visit", visit="2026-11-24", expected=version(clinic, course), **now).text
    assert "A red line holds" in page
    assert "✕ Triglycerides above 9 mmol/L" in page


def test_the_form_asks_where_a_pregnancy_test_was_done(clinic: Bench, course: str) -> None:
    page = clinic.client.get(f"{course}/visit").text
    assert 'name="s.pregnancy_test~setting"' in page
    assert 'name="s.pregnancy_test~supervised"' in page
    assert 'name="s.alt.now~known"' in page
    assert 'name="l.methods.implant~day"' in page, "a method is asked for by its name, not by its class alone"
