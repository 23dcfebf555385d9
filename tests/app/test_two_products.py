"""Two products on one file: they are named, and neither stands in for the other."""

from __future__ import annotations

from isocourse.library import Library
from tests.app.test_let_through import WOMAN, seen

SECOND = (
    "orders:\n  - {day: '2026-11-20', state: active, dose: 32 mg, times_a_day: '1', capsules: '30', reason: acne, "
    "formulation: lidose}\n"
)
LIDOSE = WOMAN.replace("orders:\n", SECOND)


def problems(start: str, library: Library) -> list[str]:
    return [problem.line() for problem in seen(library, start=start).record.problems]


def test_two_formulations_at_once_are_named(library: Library) -> None:
    (line,) = problems(LIDOSE, library)
    assert "conventional and lidose at once; expected one product; ask which capsules are being taken" in line


def test_two_strengths_of_one_product_are_no_problem(library: Library) -> None:
    assert problems(LIDOSE.replace("formulation: lidose", "formulation: conventional"), library) == []


def test_the_label_of_the_record_does_not_govern_an_order_of_another_product(library: Library) -> None:
    other = WOMAN.replace("formulation: conventional}", "product: absorica}")
    found = seen(library, start=other)
    assert found.product is not None
    assert found.product.name == "absorica"
    assert found.orders[0].formulation == ("lidose",)


def test_neither_of_two_products_is_chosen(library: Library) -> None:
    two = WOMAN.replace("orders:\n", SECOND.replace("formulation: lidose", "product: absorica"))
    found = seen(library, start=two)
    assert found.product is None
    assert any("absorica and eu-conventional at once" in problem.line() for problem in found.record.problems)


def test_a_misspelt_product_of_an_order_is_a_problem(library: Library) -> None:
    (line,) = problems(WOMAN.replace("formulation: conventional}", "product: absorika}"), library)
    assert 'did you mean "absorica"' in line


def test_a_misspelt_product_of_the_record_is_a_problem_wherever_the_record_comes_from(library: Library) -> None:
    (line,) = problems(WOMAN.replace("product: eu-conventional", "product: eu-conventionel"), library)
    assert line.startswith('product: "eu-conventionel"; did you mean "eu-conventional"?')
    assert line.endswith("The product counts as not known.")


def test_an_order_of_another_formulation_than_the_product_is_named(library: Library) -> None:
    (line,) = problems(WOMAN.replace("formulation: conventional}", "formulation: lidose}"), library)
    assert "conventional and lidose at once" in line
