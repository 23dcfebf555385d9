"""A mistake in an effect, interaction, product or instrument is named by file, line and column; a number without a claim is one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from isocourse.app.knowledge import shipped
from isocourse.library import Library
from isocourse.reading.library import read_all

LIPS = "effects/cheilitis.yaml"
TETRACYCLINES = "interactions/tetracyclines.yaml"
ABSORICA = "products/absorica.yaml"
LD = "products/absorica-ld.yaml"
GAGS = "instruments/gags.yaml"
PHQ9 = "instruments/phq9.yaml"
STREAMS = "streams/instruments.yaml"

LIP_GRADES = (
    "g1: a finding without complaint, g2: moderate; limits the activities of daily life, "
    "g3: severe; limits self-care; treatment is called for, "
)
GAP = (
    "  - {from: '39', to: '39', gap: 'The authors give no name to 39: severe ends at 38 and very severe begins above 39.', "
    "claims: [instruments.gags.bands]}\n"
)
BROKEN = [
    ("number-without-a-claim", LIPS, "rate: 78 %", "rate: 79 %", "the number 79 stands in no claim that this line cites"),
    ("rate-without-people", LIPS, ", of: 1743 patients on any dose", "", "a rate needs `of:`"),
    ("rate-in-words", LIPS, "rate: 78 %", "rate: often", '"often" is neither a number nor one of very_common'),
    ("line-without-claims", LIPS, "{says: Reversible., claims: [effects.dryness.seed]}", "{says: Reversible.}", 'needs "claims"'),
    ("no-such-claim", LIPS, "claims: [effects.lips.absence]", "claims: [effects.lips.absent]", 'no claim "effects.lips.absent"'),
    ("unknown-item", LIPS, "symptoms.cheilitis", "symptoms.chelitis", 'symptoms has no "chelitis"; did you mean "cheilitis"?'),
    ("item-of-another-list", LIPS, "symptoms.cheilitis", "drugs.isotretinoin", "an item is symptoms.name or conditions.name"),
    ("unknown-advice", LIPS, "do: [keep_dose]", "do: [keep]", '"keep" is not one of'),
    ("alternatives-of-one", "effects/liver_enzymes.yaml", "one_of: [reduce, stop]", "one_of: [stop]", "the list of what to do is too short"),
    ("advice-to-do-nothing", LIPS, "do: [ask], ", "", "advice has either `do:`"),
    ("nobody-advises", LIPS, ", who: a book chapter", "", "either `by:` with a protocol or `who:` in words is needed"),
    ("no-such-protocol", LIPS, "by: seed-review", "by: seed-revew", 'no protocol "seed-revew"; did you mean "seed-review"?'),
    ("link-in-other-words", LIPS, "link: yes", "link: probably", "link is one of yes, no, disputed, unclear"),
    ("grading-without-grades", LIPS, LIP_GRADES, "", "a grading needs at least one grade"),
    ("misnamed-file", LIPS, "effect: cheilitis", "effect: lips", 'the file is named cheilitis but holds "lips"'),
    ("misspelt-key", LIPS, "course:", "coarse:", 'an effect has no "coarse"; did you mean "course"?'),
    ("unknown-stance", TETRACYCLINES, "Brazil 2020, says: contraindicated", "Brazil 2020, says: forbidden", "says is one of contraindicated, avoid"),
    ("unknown-drug-class", TETRACYCLINES, "drug: tetracycline", "drug: tetracyclin", 'did you mean "tetracycline"?'),
    ("silent-and-speaking", TETRACYCLINES, "mechanism:", "silent: [eu-label]\nmechanism:", "eu-label has a stance above, so it is not silent"),
    ("strength-not-made", ABSORICA, "strengths: ['25'], allergy", "strengths: ['26'], allergy", "the product has no 26 mg"),
    ("unknown-allergy", ABSORICA, "allergy: soya", "allergy: soy", 'no allergy "soy"; did you mean "soya"?'),
    ("disputed-without-why", LD, ", note: 'Other figures make it 1.25 to 1.5.'", "", "a disputed equivalence needs `note:`"),
    ("factor-without-a-claim", LD, "finding: about 2 times", "finding: about 3 times", "the number 3 stands in no claim"),
    ("gap-not-named", GAGS, GAP, "", "name gaps"),
    ("bands-that-overlap", GAGS, "{from: '31', to: '38', name: severe", "{from: '30', to: '38', name: severe", "the band begins at 30"),
    ("band-beyond-the-scores", GAGS, "to: '44'", "to: '45'", "the last band ends at 45, the scores at 44"),
    ("weight-changed", GAGS, "weight: '3'", "weight: '2'", "the score runs from 0 to 40; the stream gags does not"),
    ("stream-too-wide", STREAMS, "plausible: ['0', '27']", "plausible: ['0', '28']", "the score runs from 0 to 27; the stream phq9_score does not"),
    ("item-nine-too-wide", STREAMS, "plausible: ['0', '3']", "plausible: ['0', '4']", "the score runs from 0 to 3; the stream phq9_item9 does not"),
    ("watched-item-that-is-none", PHQ9, "{item: '9', from: '1'", "{item: '10', from: '1'", "no such item, or no such answer to it"),
    ("wording-without-licence", PHQ9, "item_texts: yes", "item_texts: no", "printed wording needs `item_texts: yes`"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge that a test may break."""
    shutil.copytree(shipped(), tmp_path / "knowledge")
    return tmp_path / "knowledge"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [pytest.param(*row, id=name) for name, *row in BROKEN],
)
def test_a_mistake_is_named_with_its_place(folder: Path, name: str, old: str, new: str, said: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    mistakes = [str(error) for error in read_all([folder])[1]]
    found = [mistake for mistake in mistakes if said in mistake]
    assert found, mistakes
    file, line, column, _ = found[0].split(":", 3)
    assert file.endswith(".yaml")
    assert int(line) > 0
    assert int(column) > 0


def test_what_is_shipped_is_complete(library: Library) -> None:
    assert len(library.effects) >= 30
    assert {each.name for each in library.instruments} >= {"phq2", "phq9", "iga", "gags", "lesion_counts"}
    assert {each.kind for each in library.interactions} >= {"tetracycline", "vitamin_a_supplement", "carbamazepine"}
    assert {each.name for each in library.products} >= {"absorica", "absorica-ld", "acnecutan", "roaccutane"}


def test_every_effect_says_how_often_or_where_one_looked(library: Library) -> None:
    assert [each.name for each in library.effects if not each.frequencies and not each.open] == []


def test_every_excipient_that_matters_is_an_allergy_that_rules_can_read(library: Library) -> None:
    kinds = library.catalogue.vocabulary("allergies").kinds()
    assert [
        excipient.allergy
        for product in library.products
        for excipient in product.excipients
        if excipient.allergy and excipient.allergy not in kinds
    ] == []


def test_soya_is_named_for_every_product_whose_oil_was_read(library: Library) -> None:
    oily = {product.name: {each.allergy for each in product.excipients} for product in library.products}
    for name in ("absorica", "acnecutan", "eu-conventional", "us-conventional", "roaccutane", "zenatane", "claravis"):
        assert "soya" in oily[name]
    tartrazine = [each for each in library.products if any(part.name == "tartrazine" for part in each.excipients)]
    assert [each.name for each in tartrazine] == ["absorica"]


def test_only_a_named_claim_makes_milligrams_equal(library: Library) -> None:
    acnecutan = next(each for each in library.products if each.name == "acnecutan")
    assert all(each.disputed for each in acnecutan.equivalences)
    assert all(each.claims for product in library.products for each in product.equivalences)


def test_the_score_of_39_has_no_band(library: Library) -> None:
    gags = next(each for each in library.instruments if each.name == "gags")
    assert [band.name for band in gags.bands_within(39, 39)] == [""]
    assert [band.name for band in gags.bands_within(38, 40)] == ["severe", "", "very severe"]


def test_stop_and_refer_are_both_advised_and_reduce_or_stop_are_alternatives(library: Library) -> None:
    advice = {each.name: each.advice for each in library.effects}
    assert all(not each.one_of for each in advice["hearing"])
    assert {each.do for each in advice["liver_enzymes"] if each.one_of} == {("reduce", "stop")}
