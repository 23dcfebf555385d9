"""The condition of a row in words says what the code says: every border, bracket and negation, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.app.words import read_translations
from isocourse.decisions.tables import Shape
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.library import Library
from isocourse.logic.syntax import Binary, Call, Junction, Name, Tree, Within, parse
from isocourse.render.conditions import condition_words, whom_words
from isocourse.render.language import MARKS, Translated

WORDINGS: dict[str, Wording] = {"en": ENGLISH} | {
    language: Translated(read_translations(language)) for language in ("ru", "uz")
}
LANGUAGES = pytest.mark.parametrize("w", WORDINGS.values(), ids=WORDINGS)
CODE = re.compile(r"_|>|<|=|\.\.|\b(?:any|count|recorded|last|not)\(")


def conditions(library: Library) -> Iterator[str]:
    """Every condition of an acting row, and of every term that an edition defines."""
    for edition in library.editions:
        yield from (each.text for each in edition.definitions if each.text)
        for cell in edition.cells:
            for position in cell.positions:
                yield from (row.text for row in position.acting.rows)


# the knowledge that ships ----------------------------------------------------------------------------------------------------
@LANGUAGES
def test_no_condition_of_the_shipped_knowledge_is_shown_as_code(library: Library, w: Wording) -> None:
    told = {text: condition_words(library, text, w) for text in conditions(library)}
    assert len(told) > 250
    assert {text: words for text, words in told.items() if CODE.search(words)} == {}
    marks = tuple(MARKS.values())
    assert {text: words for text, words in told.items() if any(mark in words for mark in marks)} == {}


@LANGUAGES
def test_no_two_conditions_of_the_shipped_knowledge_are_told_alike(library: Library, w: Wording) -> None:
    told: dict[str, str] = {}
    for text in dict.fromkeys(each.removeprefix("always and ") for each in conditions(library)):
        if text != "otherwise":
            assert told.setdefault(condition_words(library, text, w), text) == text


@LANGUAGES
def test_every_number_of_a_condition_is_told(library: Library, w: Wording) -> None:
    for text in conditions(library):
        plain = re.sub(r"\w+_\w+", "", text)
        words = condition_words(library, text, w)
        for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", plain):
            assert w.number(number) in words, text


@LANGUAGES
def test_a_later_row_of_a_table_read_from_the_top_says_that_none_before_it_holds(library: Library, w: Wording) -> None:
    rest, later = w("none of the earlier conditions of this position holds"), 0
    for edition in library.editions:
        for point in library.points:
            for position in edition.cell(point.name).positions:
                rows = position.acting.rows
                for place, row in enumerate(rows):
                    told = whom_words(library, point, rows, row, w)
                    from_the_top = point.shape in (Shape.CHOICE, Shape.RANGE) and place > 0
                    assert told.startswith(rest) is from_the_top, row.where
                    assert (told == "") is (row.text == "always" and not from_the_top), row.where
                    later += from_the_top
    assert later > 20


def test_whom_the_rows_of_one_table_speak_of(library: Library) -> None:
    found = {}
    for key in ("eu-label/2018", "us-label/2026-08"):
        rows = library.edition(key).cell("candidacy").positions[0].acting.rows
        found[key] = [whom_words(library, library.point("candidacy"), rows, row) for row in rows]
    assert found["us-label/2026-08"][1:] == ["none of the earlier conditions of this position holds"]
    assert found["eu-label/2018"][2] == (
        "none of the earlier conditions of this position holds and (not (taking isotretinoin now) and not (course finished))"
    )


# readable examples -----------------------------------------------------------------------------------------------------------
EXAMPLES = [
    ("finished", "course finished", "курс закончен", "kurs tugagan"),
    ("not(finished)", "not (course finished)", "неверно, что (курс закончен)", "toʻgʻri emas: (kurs tugagan)"),
    (
        "age >= 18 years",
        "age is at least 18 years",
        "возраст: не меньше чем 18 лет",
        "yosh: kamida 18 yil",
    ),
    ("age < 12 years", "age is less than 12 years", "возраст: меньше чем 12 лет", "yosh: 12 yildan kam"),
    (
        "age in [12..18) years",
        "age is from 12 years to 18 years (the lower end included, the upper end not included)",
        "возраст: 12 лет — 18 лет (нижний край включён, верхний край не включён)",
        "yosh: 12 yil — 18 yil (quyi chet kiradi, yuqori chet kirmaydi)",
    ),
    (
        "dose_per_kg <= 0.5 mg/kg/day",
        "daily dose for the body weight is at most 0.5 mg/kg/day",
        "суточная доза на массу тела: не больше чем 0,5 мг/кг/сут",
        "tana vazniga nisbatan kunlik doza: koʻpi bilan 0,5 mg/kg/kun",
    ),
    (
        "triglycerides_now > 800 mg/dL",
        "triglycerides now is more than 800 mg/dL",
        "триглицериды сейчас: больше чем 800 мг/дл",
        "hozirgi triglitseridlar: 800 mg/dldan koʻp",
    ),
    (
        "alt_rise >= 3",
        "rise of ALT over its baseline is at least 3 times",
        "рост АЛТ от исходного уровня: не меньше чем 3 раз(а)",
        "ALT ning boshlangʻich darajadan oshishi: kamida 3 marta",
    ),
    (
        "acne_severity in (mild, moderate)",
        "severity of the acne is one of (“mild”, “moderate”)",
        "тяжесть акне: одно из («лёгкая», «средняя»)",
        "akne ogʻirligi: quyidagilardan biri (“yengil”, “oʻrtacha”)",
    ),
    (
        "acne_severity != severe",
        "severity of the acne is not “severe”",
        "тяжесть акне: не «тяжёлая»",
        "akne ogʻirligi: “ogʻir” emas",
    ),
    (
        "first_dose <= today - 112 days",
        "first dose: no later than the day 112 days ago",
        "первая доза: не позже чем 112 дней назад",
        "birinchi doza: bugundan 112 kun oldingi kundan keyin emas",
    ),
    (
        "today > first_dose + 20 weeks",
        "first dose: before the day 20 weeks ago",
        "первая доза: раньше чем 20 недель назад",
        "birinchi doza: bugundan 20 hafta oldingi kundan oldin",
    ),
    (
        "last_pregnancy_test.day >= last_unprotected_sex.day + 31 days",
        "last pregnancy test (day): no earlier than the day 31 days after “last sex without the contraception asked for (day)”",
        "последний тест на беременность (день): не раньше чем через 31 день после "
        "«последний половой акт без требуемой контрацепции (день)»",
        "oxirgi homiladorlik testi (kun): “talab qilingan kontratsepsiyasiz oxirgi jinsiy aloqa (kun)”dan 31 kun keyingi kundan oldin emas",
    ),
    (
        "any(drugs, class = tetracycline, current)",
        "tetracycline antibiotic (drug, now or said to be in use)",
        "антибиотик группы тетрациклина (препарат, сейчас или указано как применяемое)",
        "tetratsiklin guruhi antibiotigi (dori, hozir yoki qoʻllanyapti deb koʻrsatilgan)",
    ),
    (
        "any(conditions, kind = depression)",
        "depression (condition, now or earlier)",
        "депрессия (заболевание, сейчас или раньше)",
        "depressiya (kasallik, hozir yoki ilgari)",
    ),
    (
        "count(methods, kind = barrier, current) >= 2",
        "how many methods (barrier method, now or said to be in use) is at least 2",
        "сколько: методы (барьерный метод, сейчас или указано как применяемое): не меньше чем 2",
        "nechta: usullar (toʻsiq usuli, hozir yoki qoʻllanyapti deb koʻrsatilgan): kamida 2",
    ),
    (
        "recorded(last_unprotected_sex)",
        "last sex without the contraception asked for is on file",
        "последний половой акт без требуемой контрацепции: в записях есть",
        "talab qilingan kontratsepsiyasiz oxirgi jinsiy aloqa: yozuvlarda bor",
    ),
    (
        "on_treatment or (finished and months_since_last_dose < 1 month)",
        "taking isotretinoin now or (course finished and full months since the last dose is less than 1 month)",
        "принимает изотретиноин сейчас или (курс закончен и полных месяцев после последней дозы: меньше чем 1 месяц)",
        "hozir izotretinoin ichmoqda yoki (kurs tugagan va oxirgi dozadan keyingi toʻliq oylar: 1 oydan kam)",
    ),
    (
        "at least 2 of (alt_rise >= 2, pregnant, finished or cleared)",
        "at least 2 of (rise of ALT over its baseline is at least 2 times; pregnant; (course finished or the skin is clear (judgement)))",
        "не меньше 2 из (рост АЛТ от исходного уровня: не меньше чем 2 раз(а); беременна; (курс закончен или кожа чистая (оценка врача)))",
        "(ALT ning boshlangʻich darajadan oshishi: kamida 2 marta; homilador; "
        "(kurs tugagan yoki teri toza (shifokor bahosi))) dan kamida 2 tasi",
    ),
    (
        "able_to_become_pregnant and not(mood_changed or finished)",
        "able to become pregnant (as this source defines it) and not (“mood or behaviour has changed (judgement)” or course finished)",
        "способна забеременеть (по определению этого источника) и неверно, что "
        "(«изменилось настроение или поведение (оценка врача)» или курс закончен)",
        "homilador boʻla oladi (shu manba taʼrifi boʻyicha) va toʻgʻri emas: "
        "(“kayfiyat yoki xulq oʻzgargan (shifokor bahosi)” yoki kurs tugagan)",
    ),
]


@pytest.mark.parametrize(("text", "en", "ru", "uz"), EXAMPLES, ids=[text for text, *_ in EXAMPLES])
def test_a_condition_is_told_in_the_words_of_the_reader(library: Library, text: str, en: str, ru: str, uz: str) -> None:
    assert [condition_words(library, text, w) for w in WORDINGS.values()] == [en, ru, uz]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "last(triglycerides) > 9 mmol/L and finished",
            "last(triglycerides) is more than 9 mmol/L and course finished",
            id="a-fold-that-stands-in-no-condition",
        ),
        pytest.param("any(symptoms, kind = headache, kind = vomiting)", None, id="two-kinds-of-one-entry"),
        pytest.param("any(nothing_listed, kind = nothing)", None, id="a-list-that-is-not-declared"),
        pytest.param("any(drugs, class = nothing)", None, id="a-kind-that-is-not-declared"),
        pytest.param(
            "any(drugs, class = tetracycline) and last(alt) > 2",
            "tetracycline antibiotic (drug, now or earlier) and last(alt) is more than 2",
            id="only-that-part",
        ),
        pytest.param("acne_severity >= severe", None, id="an-order-of-codes"),
        pytest.param("age >= ", None, id="what-cannot-be-read"),
        pytest.param("no_such_fact", None, id="a-fact-that-is-not-declared"),
    ],
)
def test_what_has_no_words_stays_as_it_is_written(library: Library, text: str, told: str | None) -> None:
    assert condition_words(library, text) == (text if told is None else told)


def test_today_before_a_day_and_a_day_after_today_are_one_question(library: Library) -> None:
    pairs = [
        ("today >= first_dose + 15 weeks", "first_dose <= today - 15 weeks"),
        ("today < first_dose - 3 days", "first_dose > today + 3 days"),
        ("today = last_dose", "last_dose = today"),
    ]
    for one, other in pairs:
        assert condition_words(library, one) == condition_words(library, other)


JOINING = re.compile(r"\b(?:and|or|и|или|va|yoki)\b|;|,\s")
ENCLOSED = re.compile(r"\([^()]*\)|“[^“”]*”|«[^«»]*»")


def questions(tree: Tree) -> Iterator[str]:
    """The questions at the bottom of a condition, as they are written."""
    if isinstance(tree, Junction):
        for part in tree.parts:
            yield from questions(part)
    elif isinstance(tree, Name | Call | Binary | Within):
        yield tree.text


@LANGUAGES
def test_no_joining_word_inside_a_fact_can_be_taken_for_the_joint_of_two(library: Library, w: Wording) -> None:
    found = {leaf for text in conditions(library) for leaf in questions(parse(text))} - {"always", "otherwise"}
    assert len(found) > 100
    for leaf in found:
        bare, before = condition_words(library, f"finished and {leaf}", w), ""
        while bare != before:
            bare, before = ENCLOSED.sub("", bare), bare
        assert len(JOINING.findall(bare)) == 1, (leaf, bare)


@LANGUAGES
@pytest.mark.parametrize(
    "frame",
    [
        "age {} 18 years",
        "alt_rise {} 2",
        "alt_now {} alt_baseline",
        "first_dose {} today - 28 days",
        "today {} last_dose",
    ],
)
def test_six_comparisons_are_told_in_six_ways(library: Library, w: Wording, frame: str) -> None:
    assert len({condition_words(library, frame.format(operator), w) for operator in OPERATORS}) == 6


# what differs is told otherwise ----------------------------------------------------------------------------------------------
AMOUNTS = (
    ("age", " years"),
    ("months_clear", " months"),
    ("dose_per_kg", " mg/kg/day"),
    ("alt_rise", ""),
    ("earlier_courses", " courses"),
)
FACTS = (
    "pregnant",
    "finished",
    "mood_changed",
    "metabolic_high_risk",
    "any(symptoms, kind = suicidal_thoughts, current)",
)
OPERATORS = (">=", ">", "<=", "<", "=", "!=")
LEAVES = st.one_of(
    st.sampled_from(FACTS),
    st.builds(
        lambda fact, operator, number: f"{fact[0]} {operator} {number}{fact[1]}",
        st.sampled_from(AMOUNTS),
        st.sampled_from(OPERATORS),
        st.integers(0, 12),
    ),
    st.builds(
        lambda opening, low, high, closing: f"age in {opening}{low}..{high}{closing} years",
        st.sampled_from("[("),
        st.integers(0, 12),
        st.integers(13, 60),
        st.sampled_from("])"),
    ),
    st.builds(
        lambda operator, sign, number: f"first_dose {operator} today {sign} {number} days",
        st.sampled_from(OPERATORS),
        st.sampled_from("+-"),
        st.integers(1, 40),
    ),
    st.builds(
        lambda operator, sign, number: f"today {operator} last_dose {sign} {number} weeks",
        st.sampled_from(OPERATORS),
        st.sampled_from("+-"),
        st.integers(1, 40),
    ),
    st.builds(
        lambda operator, code: f"acne_severity {operator} {code}",
        st.sampled_from(("=", "!=")),
        st.sampled_from(("mild", "severe")),
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda one, word, other: f"({one} {word} {other})", inner, st.sampled_from(("and", "or")), inner),
        st.builds(lambda what: f"not({what})", inner),
        st.builds(
            lambda k, parts: f"at least {k} of ({', '.join(parts)})",
            st.integers(1, 3),
            st.lists(inner, min_size=3, max_size=3),
        ),
    ),
    max_leaves=6,
)
SPOT = re.compile(
    r"(?P<code>(?<=acne_severity )!?=)|(?P<how>>=|<=|!=|>|(?<!kind )=|<)|(?P<least>(?<=at least )\d)|(?P<number>\b\d+\b)"
    r"|(?P<joint>\b(?:and|or)\b)|(?P<not>\bnot\()|(?P<sign>(?<=today )[+-]|(?<=last_dose )[+-])"
    r"|(?P<opening>(?<= in )[\[(])|(?P<closing>[\])](?= years))|(?P<state>, current)"
)


def changed(kind: str, found: str, pick: int) -> str:
    """Another thing that may stand in the same spot."""
    others: dict[str, tuple[str, ...]] = {
        "code": ("=", "!="),
        "how": OPERATORS,
        "least": ("1", "2", "3"),
        "number": (str(int(found) + 1), str(int(found) + 7), f"{found}.5") if found.isdigit() else (),
        "joint": ("and", "or"),
        "not": ("(",),
        "sign": ("+", "-"),
        "opening": ("[", "("),
        "closing": ("]", ")"),
        "state": ("",),
    }
    left = [each for each in others[kind] if each != found]
    return left[pick % len(left)]


@LANGUAGES
@settings(max_examples=150, deadline=None)
@given(text=TREES, spot=st.integers(0, 999), pick=st.integers(0, 9))
def test_a_condition_changed_in_one_spot_is_told_otherwise(
    library: Library, w: Wording, text: str, spot: int, pick: int
) -> None:
    spots = list(SPOT.finditer(text))
    if not spots:
        return
    hit = spots[spot % len(spots)]
    other = text[: hit.start()] + changed(str(hit.lastgroup), hit[0], pick) + text[hit.end() :]
    if re.search(r"\.5 days|\.5 weeks", other):
        return
    assert condition_words(library, text, w) != condition_words(library, other, w), other


@LANGUAGES
@settings(max_examples=80, deadline=None)
@given(one=TREES, two=TREES, three=TREES)
def test_what_belongs_together_is_told(library: Library, w: Wording, one: str, two: str, three: str) -> None:
    told = {
        condition_words(library, text, w)
        for text in (
            f"({one} and {two}) or {three}",
            f"{one} and ({two} or {three})",
            f"not({one} and {two}) or {three}",
            f"not({one}) and ({two} or {three})",
            f"not(({one} and {two}) or {three})",
        )
    }
    assert len(told) == 5
