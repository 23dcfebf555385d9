"""Every way to miswrite a condition is refused with its column and a sentence that says what to do."""

import pytest

from isocourse.logic.problems import LanguageError
from tests.logic.small_book import ask

REFUSED = [
    ("age >= 18 years and pregnant or sterilised", 30, "`and` and `or` are mixed here", "mixed-and-or"),
    ("pregnent", 1, 'no fact "pregnent"; did you mean "pregnant"?', "unknown-fact"),
    ("pregnant and ultraviolet", 14, 'no fact "ultraviolet"; facts are declared', "unknown-fact-nothing-near"),
    ("alt_now >= 40", 12, "alt_now is in U/L; write the unit", "missing-unit"),
    ("alt_now >= 40 mg/dL", 12, 'alt_now is measured in U/L, not "mg/dL"', "wrong-unit"),
    ("triglycerides_now >= 5 mg/dl", 22, 'did you mean "mg/dL"?', "unit-in-wrong-case"),
    ("triglycerides_now >= 5.123456 mmol/L", 22, "512345.6 steps of triglycerides_now", "threshold-would-round"),
    ("weight >= 40.55 kg", 11, "must be a whole number of steps; make the step finer", "weight-would-round"),
    ("count(methods, kind = barrier, current) >= 1.5", 44, "1.5 steps of count(", "one-and-a-half-methods"),
    ("times_dispensed >= 2 days", 20, 'measured in no unit, not "days"', "unit-on-a-count"),
    ("days_between > 40", 16, "days_between is in days; write the unit", "span-without-unit"),
    ("today >= first_dose + 1 month", 23, "a month is not a fixed number of days", "month-in-a-condition"),
    ("first_dose in [today - 1 month..today]", 24, "a month is not a fixed number of days", "month-in-a-range"),
    ("today >= first_dose + 1.5 days", 23, "days are counted whole", "half-a-day"),
    (
        "alt_now + 2 days >= 40 U/L",
        9,
        "only days and weeks can be added, and only to a date",
        "days-added-to-an-amount",
    ),
    ("first_dose + today >= first_dose", 14, "expected a number of days or weeks", "two-dates-added"),
    ("first_dose - today >= 30 days", 14, "expected a number of days or weeks", "two-dates-subtracted"),
    ("first_dose >= 3", 15, "first_dose is a date; compare it with a date", "date-against-number"),
    ("first_dose in [3..4]", 16, "first_dose is a date; compare it with a date", "date-in-a-range-of-numbers"),
    ("age >= first_dose", 8, "age cannot be compared with that", "amount-against-date"),
    ("alt_now >= triglycerides_now", 12, "alt_now is in U/L, triglycerides_now in mmol/L", "two-units-compared"),
    ("alt_now / creatinine_now >= 2", 9, "creatinine_now may be zero or less", "division-by-what-may-be-zero"),
    ("age / sex >= 2", 5, "a ratio is one amount over another", "ratio-over-a-code"),
    ("first_dose / today >= 2", 12, "a ratio is one amount over another", "ratio-of-dates"),
    ("alt_now / alt_baseline / age >= 2", 24, "should end before /", "ratio-of-a-ratio"),
    ("alt_rise >= 3 U/L", 13, 'alt_rise is in no unit (times), not "U/L"', "unit-on-a-pure-ratio"),
    ("dose_per_kg >= 1", 16, "dose_per_kg is in mg/kg/day; write the unit", "ratio-without-unit"),
    ("dose_per_kg >= 1 mg/kg", 16, 'dose_per_kg is in mg/kg/day, not "mg/kg"', "ratio-in-wrong-unit"),
    ("dose_per_kg >= -1 mg/kg/day", 17, "never compared with a negative number", "negative-ratio"),
    ("alt_rise >= alt_now", 13, "a ratio is compared with a number", "ratio-against-a-fact"),
    ('sex = "femal"', 7, 'sex is never "femal"; did you mean "female"? (one of female, male)', "code-never-taken"),
    ("sex in (female, mail)", 17, 'sex is never "mail"', "code-never-taken-in-a-list"),
    ("last_pregnancy_test = negativ", 23, 'did you mean "negative"?', "test-result-misspelt"),
    ("sex > female", 5, "sex is a code; it can be = or != or in (...), not >", "code-compared-by-size"),
    ("sex = 3", 7, "expected one of female, male", "code-against-number"),
    ("sex in [1..3]", 1, "sex has no order, so it lies in no range", "code-in-a-range"),
    ("age in (12 years, 18 years)", 1, "write [low..high] for amounts", "amounts-in-a-list"),
    ("age in [18..12] years", 8, "the range runs backwards, from 18 to 12", "range-backwards"),
    ("age in [18 years..216 months]", 8, "the ends of the range have different units", "range-in-two-units"),
    ("age in [12 years..18] years", 9, "the unit stands twice", "unit-twice"),
    ("age in [12 years, 18 years]", 17, "expected .., found ,", "comma-in-a-range"),
    ("age in 12 years", 8, "expected [ or (, found 12", "range-without-brackets"),
    ("(" * 45 + "pregnant" + ")" * 45, 41, "nested more than 40 deep", "nested-too-deep"),
    ("not pregnant", 1, "write not( ... ) with parentheses", "not-without-parentheses"),
    ("at least 5 of (pregnant, sterilised)", 10, "at least 5 of 2 conditions can never be", "five-of-two"),
    ("at least 0 of (pregnant, sterilised)", 10, "at least 0 of 2", "none-of-two"),
    ("at least two of (pregnant, sterilised)", 10, "expected a whole number after `at least`", "count-in-words"),
    ("at least 2 (pregnant, sterilised)", 12, "expected of, found (", "at-least-without-of"),
    ("at most 2 of (pregnant, sterilised)", 4, "expected least, found most", "at-most"),
    ("alt_rise >= 50%", 15, "write the number itself, not a percentage", "percentage"),
    ("pregnant && sterilised", 10, 'no "&"; write and', "c-and"),
    ("pregnant || sterilised", 10, 'no "|"; write or', "c-or"),
    ("!pregnant", 1, 'no "!"; write not(...)', "c-not"),
    ("sex == female", 6, "expected a fact, a number or a condition, found =", "c-equals"),
    ("sex = 'female'", 7, 'write double quotes: "female"', "single-quotes"),
    ("pregnant; sterilised", 9, "write one condition", "semicolon"),
    ("alt_now * 2 >= 40 U/L", 9, "the language has no *; name a fact for the result", "multiplication"),
    ("pregnant yes", 10, "the condition should end before yes", "trailing-word"),
    ("age >= 18 years)", 16, "the condition should end before )", "trailing-parenthesis"),
    ("(age >= 18 years", 17, "expected ), found the end", "parenthesis-left-open"),
    ("pregnant and", 13, "expected a fact, a number or a condition, found the end", "nothing-after-and"),
    ("and pregnant", 1, "found and", "begins-with-and"),
    ("age >= 18 years and 12", 21, "expected a condition that is yes or no", "number-as-a-condition"),
    ("recorded(age)", 1, "may stand in findings and schedule rows only", "recorded-in-a-choice"),
    ("18 years <= age", 1, "write the fact first", "number-first"),
    ("12 <= age <= 18", 11, "one comparison at a time; write `x in [a..b]`", "two-comparisons"),
    ("   ", 1, "the condition is empty; write `always`", "empty"),
    ("age", 1, "age is not a yes/no fact; compare it with something", "amount-alone"),
    ("alt_now / alt_baseline", 9, "found an amount; compare it with something", "ratio-alone"),
    ("adult = yes", 7, "adult is a condition; let it stand alone", "condition-compared"),
    ("ouroboros", 13, "ouroboros is defined by itself", "defined-by-itself"),
    ("any(drogs, kind = tetracycline)", 1, 'no stream "drogs"; did you mean "drugs"?', "unknown-stream"),
    ("any(drugs, kind = tetracyclin)", 1, 'no kind "tetracyclin"; did you mean "tetracycline"?', "unknown-kind"),
    ("any(drugs, class = tetracycline, now)", 34, "a fold takes `part = value`", "unknown-filter"),
    ("any(drugs, state = curent)", 1, "write `current`", "state-misspelt"),
    ("any(pregnancy_test, seting = home)", 1, 'no part "seting"; did you mean "setting"?', "unknown-part-of-a-fold"),
    (
        "any(pregnancy_test, setting = hme)",
        1,
        'setting is never "hme"; did you mean "home"?',
        "value-never-taken-by-part",
    ),
    ("any(pregnancy_test, value = negativ)", 1, 'did you mean "negative"?', "value-never-taken-by-stream"),
    ("any(drugs, setting = home)", 1, 'drugs has no part "setting"', "part-of-a-list"),
    ("last(alt) >= 40 U/L", 1, "last(...) is declared as a fact", "fold-for-a-declaration"),
    ("average(alt) >= 40 U/L", 1, "expected a fold", "unknown-fold"),
    ("any()", 1, "any(...) needs a stream first", "fold-of-nothing"),
    ("last_pregnancy_test.setings = home", 1, 'no part .setings; did you mean "setting"?', "unknown-part"),
    ("age.day <= today", 1, "age is no event on file, so it has no part .day", "day-of-a-derived-fact"),
    ("alt_rise.day <= today", 1, "alt_rise is no event on file", "day-of-a-ratio"),
    ("age >= 1.2.3 years", 8, "neither a number nor a name", "two-points"),
    ("age >= 1e3 years", 8, "neither a number nor a name", "exponent"),
    ("age >= 18y", 8, "neither a number nor a name", "unit-run-into-number"),
    ("age >= 1٨ years", 8, "neither a number nor a name", "digits-of-another-script"),
    ("age >= 9999999999999999999 years", 8, "at most 18 digits", "number-too-long"),
]


@pytest.mark.parametrize(("text", "column", "fragment"), [pytest.param(*row[:3], id=row[3]) for row in REFUSED])
def test_a_miswritten_condition_is_refused_where_it_goes_wrong(text: str, column: int, fragment: str) -> None:
    with pytest.raises(LanguageError) as refused:
        ask(text)
    assert fragment in refused.value.message
    assert refused.value.column == column


def test_the_list_of_refusals_is_long_enough_and_has_no_doubles() -> None:
    texts = [row[0] for row in REFUSED]
    assert len(texts) >= 40
    assert len(set(texts)) == len(texts)


def test_recorded_takes_the_name_of_one_stored_fact() -> None:
    for text, fragment in [
        ("recorded(alt_rise)", "is worked out, not recorded"),
        ("recorded(age, sex)", "takes the name of one fact"),
        ("recorded(age >= 18 years)", "takes the name of one fact"),
    ]:
        with pytest.raises(LanguageError, match=fragment.replace("(", r"\(")):
            ask(text, file_reads=True)


def test_a_refusal_is_one_line_without_blame() -> None:
    for text, *_ in REFUSED:
        with pytest.raises(LanguageError) as refused:
            ask(text)
        assert "\n" not in refused.value.message
        assert not {"invalid", "illegal", "error", "wrong"} & set(refused.value.message.lower().split())
