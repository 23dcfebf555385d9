"""Milligrams are converted through a named claim or not at all, and every claim stands by itself."""

from fractions import Fraction

import pytest

from isocourse.course.amounts import Amount
from isocourse.course.conversion import compared, converted, factor_of
from isocourse.library import Library, Product
from isocourse.library.products import Equivalence

MG = Amount(Fraction(800), Fraction(1600))


def product(library: Library, name: str) -> Product:
    found = library.product(name)
    assert found is not None
    return found


def test_acnecutan_is_converted_by_its_disputed_claim_and_says_what_speaks_against_it(library: Library) -> None:
    (found,) = converted(MG, product(library, "acnecutan"), "conventional", library)
    assert (found.mg, found.other_mg) == (MG, Amount(Fraction(1000), Fraction(2000)))
    assert (found.factor, found.state, found.disputed) == (Fraction(5, 4), "unstated", True)
    assert "0.8 does not follow" in found.note
    assert found.claims == ("products.acnecutan.factor", "products.acnecutan.factor_against")


def test_absorica_is_milligram_for_milligram_when_fed_and_not_converted_when_fasted(library: Library) -> None:
    absorica = product(library, "absorica")
    (found,) = converted(MG, absorica, "conventional", library)
    assert (found.factor, found.state, found.disputed) == (Fraction(1), "fed", False)
    assert [each.state for each in compared(absorica, "conventional", library)] == ["fasted"]


def test_a_ratio_of_exposures_equates_no_milligrams(library: Library) -> None:
    micronised = product(library, "absorica-ld")
    found = converted(MG, micronised, "conventional", library)
    assert [(str(each.factor), each.claims) for each in found] == [("5/4", ("products.absorica_ld.range_factor",))]
    assert [each.finding for each in compared(micronised, "conventional", library)] == ["about 2.5 times the exposure"]


def test_a_claim_about_a_product_holds_for_its_formulation_if_the_products_are_known(library: Library) -> None:
    micronised = product(library, "absorica-ld")
    for to, known in (("absorica", None), ("lidose", library)):
        (found,) = converted(MG, micronised, to, known)
        assert (str(found.factor), found.state, found.other) == ("5/4", "fed", "absorica")
    assert converted(MG, micronised, "lidose") == ()


def test_without_a_claim_nothing_is_converted(library: Library) -> None:
    for each in library.products:
        named = {equivalence.other for equivalence in each.equivalences}
        if not named:
            assert all(not converted(MG, each, to, library) for to in ("conventional", "lidose", "micronised"))
    assert converted(MG, product(library, "roaccutane"), "lidose", library) == ()


def test_of_every_claim_that_ships_it_is_settled_whether_it_converts(library: Library) -> None:
    settled = {
        (each.name, equivalence.claims[0]): factor_of(equivalence)
        for each in library.products
        for equivalence in each.equivalences
    }
    assert settled == {
        ("acnecutan", "products.acnecutan.factor"): Fraction(5, 4),
        ("absorica", "products.absorica.fed"): Fraction(1),
        ("absorica", "products.absorica.fasted"): None,
        ("absorica-ld", "products.absorica_ld.fed"): Fraction(5, 4),
        ("absorica-ld", "products.absorica_ld.fasted"): None,
        ("absorica-ld", "products.micronised.conventional_fasted"): None,
        ("absorica-ld", "products.absorica_ld.range_factor"): Fraction(5, 4),
    }


@pytest.mark.parametrize(
    ("amount", "other", "finding"),
    [
        pytest.param("32 mg", "40 mg", "twice the peak", id="a-finding-that-does-not-equate"),
        pytest.param("32 mg", "", "bioequivalent", id="no-other-amount"),
        pytest.param("one capsule", "two capsules", "bioequivalent", id="no-milligrams"),
        pytest.param("any amount", "", "bioequivalent", id="any-amount-without-its-ratio"),
        pytest.param("0.4 to 0.8 mg/kg/day", "0.5 to 1.2 mg/kg/day", "the labelled range is 0.8 times the other", id="ends-that-disagree"),
    ],
)  # fmt: skip
def test_a_claim_that_equates_no_two_amounts_converts_nothing(amount: str, other: str, finding: str) -> None:
    assert factor_of(Equivalence(amount, "conventional", other, "fed", finding, False, "", ())) is None
