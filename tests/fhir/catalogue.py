"""A small catalogue by hand: the reader is tested without the knowledge files."""

from isocourse.facts.streams import Attribute, Catalogue, Coding, Item, Stream, UnitRule, Vocabulary

ENZYME_UNITS = (UnitRule("U/L", 100), UnitRule("IU/L", 100), UnitRule("ukat/L", 6000))
LIPID_UNITS = (UnitRule("mmol/L", 100_000), UnitRule("mg/dL", 1129))
BILIRUBIN_UNITS = (UnitRule("umol/L", 10_000), UnitRule("µmol/L", 10_000), UnitRule("mg/dL", 171_000))

STREAMS = (
    Stream(
        "alt",
        "quantity",
        "U/L",
        ENZYME_UNITS,
        100,
        2_000_000,
        attributes=(Attribute("upper_limit", "quantity", (), "U/L", ENZYME_UNITS, 100, 2_000_000),),
        codes=(Coding("loinc", "1742-6"),),
    ),
    Stream(
        "triglycerides",
        "quantity",
        "mmol/L",
        LIPID_UNITS,
        10_000,
        13_000_000,
        attributes=(
            Attribute("upper_limit", "quantity", (), "mmol/L", LIPID_UNITS, 10_000, 13_000_000),
            Attribute("fasting", "yes_no", ("no", "yes")),
        ),
        codes=(Coding("loinc", "14927-8", "mmol/L"), Coding("loinc", "2571-8", "mg/dL")),
    ),
    Stream(
        "bilirubin",
        "quantity",
        "umol/L",
        BILIRUBIN_UNITS,
        5_000,
        10_000_000,
        codes=(Coding("loinc", "14631-6", "umol/L"), Coding("loinc", "1975-2", "mg/dL")),
    ),
    Stream(
        "weight",
        "quantity",
        "kg",
        (UnitRule("kg", 100_000_000), UnitRule("g", 100_000), UnitRule("[lb_av]", 45_359_237)),
        1_500_000_000,
        40_000_000_000,
        codes=(Coding("loinc", "29463-7"),),
    ),
    Stream(
        "pregnancy_test",
        "coded",
        values=("negative", "positive", "unclear"),
        attributes=(
            Attribute("setting", "coded", ("medical", "home")),
            Attribute("sensitivity", "quantity", (), "mIU/mL", (UnitRule("mIU/mL", 10),), 10, 10_000),
            Attribute("supervised", "yes_no", ("no", "yes")),
        ),
        codes=(Coding("loinc", "2106-3"),),
        results=(
            ("negative", (Coding("snomed", "260385009"), Coding("loinc", "LA6577-6"))),
            ("positive", (Coding("snomed", "10828004"),)),
        ),
    ),
    Stream("recorded_gender", "coded", values=("male", "female", "other")),
    Stream("sex_at_birth", "coded", values=("male", "female", "other")),
    Stream("very_severe", "judgement"),
    Stream("allergy_anaphylaxis_history", "yes_no"),
    Stream("first_dose", "date"),
    Stream("last_dose", "date"),
    Stream("dispensed_on", "date"),
)


def _item(
    name: str,
    *kinds: str,
    codes: tuple[Coding, ...] = (),
    names: tuple[str, ...] = (),
    judged: bool = True,
    products: tuple[tuple[str, str, str], ...] = (),
) -> Item:
    return Item(name, (name, *kinds), codes, names, products, judged=judged)


DRUGS = Vocabulary(
    "drugs",
    (
        _item(
            "isotretinoin",
            codes=(Coding("rxnorm", "6064"), Coding("ndc", "0245-0571-01")),
            names=("isotretinoin", "accutane"),
            products=(
                ("197843", "10", ""),
                ("197844", "20", ""),
                ("197845", "40", ""),
                ("2262711", "16", "micronised"),
            ),
        ),
        _item(
            "isotretinoin_topical",
            codes=(Coding("atc", "D10AD04"),),
            names=("isotretinoin gel", "isotretinoin topical"),
            judged=False,
        ),
        _item("doxycycline", "tetracycline", codes=(Coding("rxnorm", "3640"),), names=("doxycycline",)),
        _item("carbamazepine", codes=(Coding("rxnorm", "2002"),), names=("carbamazepine",)),
        _item(
            "pexidartinib",
            "hepatotoxic",
            codes=(Coding("rxnorm", "2183102"), Coding("rxnorm", "2183126")),
            names=("pexidartinib", "turalio"),
            judged=False,
        ),
        _item(
            "morphine", codes=(Coding("rxnorm", "1303740"), Coding("rxnorm", "7052")), names=("morphine",), judged=False
        ),
        _item("ursodiol", codes=(Coding("rxnorm", "11065"),), names=("ursodiol",), judged=False),
        _item("metformin", codes=(Coding("rxnorm", "6809"),), names=("metformin",), judged=False),
    ),
    (
        Item("tetracycline", ("tetracycline",), (Coding("atc", "J01AA", prefix=True),)),
        Item("hepatotoxic", ("hepatotoxic",)),
    ),
    (("*", (Coding("snomed", "787481004"),)),),
)

CONDITIONS = Vocabulary(
    "conditions",
    (
        _item(
            "acne_not_specified",
            "acne",
            codes=(Coding("snomed", "11381005"), Coding("icd10cm", "L70.9")),
            names=("acne",),
        ),
        _item("pregnancy", codes=(Coding("snomed", "77386006"),), names=("pregnancy",)),
        _item("depression", codes=(Coding("snomed", "35489007"), Coding("icd10cm", "F32.A")), names=("depression",)),
        _item("type_2_diabetes", "diabetes", codes=(Coding("snomed", "73211009"),), names=("diabetes",)),
    ),
    (Item("acne", ("acne",)), Item("diabetes", ("diabetes",), (Coding("icd10cm", "E11", prefix=True),))),
)

ALLERGIES = Vocabulary(
    "allergies",
    (
        _item("peanut", codes=(Coding("snomed", "91935009"), Coding("snomed", "762952008")), names=("peanut",)),
        _item("soya", "product_component", codes=(Coding("snomed", "782594005"),), names=("soya", "soy")),
    ),
    (Item("product_component", ("product_component",)),),
    (("*", (Coding("snomed", "716186003"),)),),
)

METHODS = Vocabulary(
    "methods",
    (_item("combined_pill", "primary", "hormonal", codes=(Coding("rxnorm", "238015"),)),),
    (Item("primary", ("primary",)), Item("hormonal", ("hormonal",))),
)
PROCEDURES = Vocabulary(
    "procedures",
    (
        _item("hysterectomy", codes=(Coding("snomed", "236886002"), Coding("icd10cm", "Z90.710"))),
        _item("tubal_sterilisation", codes=(Coding("snomed", "287664005"),)),
    ),
)
SYMPTOMS = Vocabulary(
    "symptoms",
    (
        _item("headache", codes=(Coding("snomed", "25064002"),), names=("headache",)),
        _item("anaphylaxis", codes=(Coding("snomed", "39579001"),), names=("anaphylaxis",)),
    ),
)

CATALOGUE = Catalogue(STREAMS, (DRUGS, CONDITIONS, ALLERGIES, METHODS, PROCEDURES, SYMPTOMS))
