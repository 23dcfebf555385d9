"""Text becomes a tree: what binds to what, what keeps its unit, and what each node remembers of its text."""

import pytest

from isocourse.logic.syntax import Binary, Call, Interval, Junction, Name, Number, Within, parse, parse_interval, tokens


def test_every_word_keeps_its_column() -> None:
    assert [(word.text, word.column) for word in tokens("age  >= 18 years")] == [
        ("age", 1),
        (">=", 6),
        ("18", 9),
        ("years", 12),
    ]


def test_two_points_are_a_range_and_not_a_decimal() -> None:
    assert [word.text for word in tokens("[12..18.5)")] == ["[", "12", "..", "18.5", ")"]


def test_a_unit_belongs_to_its_number_and_may_be_a_quotient() -> None:
    tree = parse("dose_per_kg >= 0.5 mg/kg/day")
    assert isinstance(tree, Binary)
    assert tree.right == Number("0.5", "mg/kg/day", 16)


def test_a_unit_behind_a_range_belongs_to_both_ends() -> None:
    tree = parse("age in [12..18) years")
    assert isinstance(tree, Within)
    interval = tree.interval
    assert interval is not None
    assert (interval.low, interval.high) == (Number("12", "years", 9), Number("18", "years", 13))
    assert (interval.low_closed, interval.high_closed) == (True, False)


@pytest.mark.parametrize(
    ("text", "closed"),
    [("[1..2]", (True, True)), ("(1..2]", (False, True)), ("[1..2)", (True, False)), ("(1..2)", (False, False))],
)
def test_round_brackets_leave_the_end_out(text: str, closed: tuple[bool, bool]) -> None:
    for interval in (parse_interval(text), getattr(parse(f"age in {text}"), "interval", None)):
        assert isinstance(interval, Interval)
        assert (interval.low_closed, interval.high_closed) == closed


def test_a_window_may_begin_before_its_anchor() -> None:
    window = parse_interval("[-7..0] days")
    assert (window.low, window.high) == (Number("-7", "days", 3), Number("0", "days", 6))


def test_parentheses_say_what_belongs_together() -> None:
    tree = parse("a and (b or c) and d")
    assert isinstance(tree, Junction)
    assert [part.text for part in tree.parts if isinstance(part, Name | Junction)] == ["a", "b or c", "d"]


def test_at_least_takes_whole_conditions() -> None:
    tree = parse("at least 2 of (a >= 1, b or c, not(d))")
    assert isinstance(tree, Junction)
    assert (tree.kind, tree.count, [type(part).__name__ for part in tree.parts]) == (
        "count",
        2,
        ["Binary", "Junction", "Junction"],
    )


def test_a_list_in_parentheses_is_not_taken_for_an_open_range() -> None:
    codes, amounts = parse("sex in (female, male)"), parse("age in (12..18)")
    assert isinstance(codes, Within)
    assert isinstance(amounts, Within)
    assert codes.interval is None
    assert amounts.interval is not None


def test_a_fold_keeps_its_arguments_in_order() -> None:
    tree = parse("any(drugs, class = tetracycline, current)")
    assert isinstance(tree, Call)
    assert tree.name == "any"
    assert [type(arg).__name__ for arg in tree.args] == ["Name", "Binary", "Name"]


def test_a_part_of_an_event_is_one_name() -> None:
    assert parse("last_pregnancy_test.setting = home") == Binary(
        "=", Name("last_pregnancy_test.setting", 1), Name("home", 31), 29, "last_pregnancy_test.setting = home"
    )


def test_each_part_remembers_the_text_it_was_written_in() -> None:
    tree = parse("not( age >= 18 years ) or pregnant")
    assert isinstance(tree, Junction)
    assert [getattr(part, "text", "") for part in tree.parts] == ["not( age >= 18 years )", "pregnant"]


def test_quotes_hold_a_code_that_is_a_word_of_the_language() -> None:
    tree = parse('answer = "not"')
    assert isinstance(tree, Binary)
    assert tree.right == Name("not", 10, quoted=True)
