"""YAML is read as text with places, and its traps are refused."""

import pytest

from isocourse.facts.problem import ReadError
from isocourse.reading.yaml_text import Map, Seq, Text, load_text


def texts(document: str) -> list[str]:
    root = load_text(document, "record.yaml")
    assert isinstance(root, Map)
    assert all(isinstance(node, Text) for node in root.entries.values())
    return [node.text for node in root.entries.values() if isinstance(node, Text)]


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "on",
        "yes",
        "off",
        "true",
        "null",
        "~",
        "12:30",
        "1.10",
        "010",
        "0x1F",
        "1e3",
        "1_000",
        "2026-11-24",
        ".nan",
    ],
)
def test_what_is_written_stays_as_written(written: str) -> None:
    assert texts(f"value: {written}") == [written]


def test_a_quoted_text_says_that_it_was_quoted() -> None:
    root = load_text("value: '*'\n", "record.yaml")
    assert isinstance(root, Map)
    assert root.entries["value"] == Text("*", 1, 8, True)


def test_every_node_says_where_it_stands() -> None:
    root = load_text("events:\n  - {stream: alt}\n  - other\n", "record.yaml")
    assert isinstance(root, Map)
    listed = root.entries["events"]
    assert isinstance(listed, Seq)
    assert [(node.line, node.column) for node in listed.items] == [(2, 5), (3, 5)]
    assert root.positions == {"events": (1, 1)}


@pytest.mark.parametrize(
    ("document", "place", "said"),
    [
        pytest.param("a: &x 1\nb: *x\n", "1:4", "anchors", id="an-anchor"),
        pytest.param("a: 1\nb:\n  <<: *x\n", "3:7", "", id="an-alias-of-nothing"),
        pytest.param("a: 1\nb: !!float 2\n", "2:4", "tags", id="a-tag"),
        pytest.param("a: !python/object/apply:os.system [ls]\n", "1:4", "tags", id="a-tag-that-would-run"),
        pytest.param("a: 1\nb: 2\na: 3\n", "3:1", '"a" stands twice', id="a-key-twice"),
        pytest.param("a: {b: 1, b: 2}\n", "1:11", '"b" stands twice', id="a-key-twice-further-in"),
        pytest.param("a: 1\n---\nb: 2\n", "2:1", "not valid YAML", id="two-documents"),
        pytest.param("? [a, b]\n: 1\n", "1:3", "a key is one text", id="a-key-that-is-a-list"),
        pytest.param("a: [1, 2\n", "2:1", "not valid YAML", id="a-bracket-left-open"),
        pytest.param("a: 1\n\tb: 2\n", "2:1", "not valid YAML", id="a-tab"),
        pytest.param("", "1:1", "empty", id="nothing"),
        pytest.param("# only a comment\n", "1:1", "empty", id="only-a-comment"),
    ],
)
def test_a_trap_of_yaml_is_refused_where_it_stands(document: str, place: str, said: str) -> None:
    with pytest.raises(ReadError) as refused:
        load_text(document, "record.yaml")
    line = str(refused.value)
    assert line.startswith(f"record.yaml:{place}: ")
    assert said in line
    assert "\n" not in line


def test_an_ampersand_inside_a_text_is_no_anchor() -> None:
    assert texts("a: head & neck\nb: 'ask!'\nc: 2 * 3\n") == ["head & neck", "ask!", "2 * 3"]
