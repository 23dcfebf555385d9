"""Strict reading of what is sent: nothing is guessed, nothing unknown is dropped, nothing stands twice."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar.dto import AbstractDTO
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from isocourse.facts.problem import ReadError
from isocourse.fhir import parse_json
from isocourse.web.refusals import NotAllowedError, RefusalError
from isocourse.web.settings import Limits

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.dto.data_structures import DTOFieldDefinition
    from litestar.openapi.spec import Reference, Schema

T = TypeVar("T")
MOST_FIELDS = 2000
"""Fields of one form; the form of a record has several hundred."""
NOT_JSON = "the body is not JSON; send it as application/json. Nothing was done."


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every JSON request body is: a field that is not declared is refused."""


class RawSchema(OpenAPISchemaPlugin):
    """Describes JSON that is kept as it was sent: an object."""

    @staticmethod
    def is_plugin_supported_type(value: object) -> bool:
        """Whether it is such JSON."""
        return value is msgspec.Raw

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
        """Its schema."""
        from litestar.openapi.spec import OpenAPIType, Schema

        return Schema(type=OpenAPIType.OBJECT)


class StrictBody(AbstractDTO[T]):
    """Decodes a JSON body without leniency: one object, right types, known fields, no key twice, no NaN, not too deep."""

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401 - the signature of the base class
        """The body as its declared type."""
        kind = self.asgi_connection.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise RefusalError(NOT_JSON, 415)
        return strictly(value, self.model_type)

    def decode_builtins(self, value: dict[str, Any]) -> Any:  # noqa: ANN401 - the signature of the base class
        """Refused: a body that is not JSON."""
        raise RefusalError(NOT_JSON, 415)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: type[Any] | None = None
    ) -> None:
        """Nothing to prepare: msgspec reads the declared type itself."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: SchemaCreator
    ) -> Reference | Schema:
        """The schema of the declared type."""
        return schema_creator.for_field_definition(FieldDefinition.from_annotation(cls.model_type))

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        """None: the type is taken whole."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """None are nested: the type is taken whole."""
        return False


def strictly(body: bytes, kind: type[T], depth: int = Limits().depth) -> T:
    """A JSON body as a type.

    Raises:
        RefusalError: it is not exactly that; the line names the place, never the value.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise RefusalError("the body is not UTF-8; send it as UTF-8. Nothing was done.") from None
    if deeper(text, depth):
        raise RefusalError(f"the body is nested deeper than {depth} levels; no record is. Nothing was done.")
    try:
        parse_json(text, "body")
        return msgspec.json.decode(body, type=kind, strict=True)
    except ReadError as problem:
        raise RefusalError(f"the body: {_without_values(problem.message)}. Nothing was done.") from None
    except msgspec.ValidationError as problem:
        raise RefusalError(f"the body: {_without_sent(str(problem))}. Nothing was done.") from None
    except (msgspec.DecodeError, RecursionError):
        raise RefusalError("the body is not one JSON document. Nothing was done.") from None


_SENT = re.compile(r"(?:unknown field `|enum value ).*?(?= - at `\$[^`]*`$|$)", re.DOTALL)


def _without_sent(message: str) -> str:
    """A message of the decoder without the key or value that it quotes; where it stands is kept."""
    return _SENT.sub(
        lambda found: "a field that is not known here" if found[0].startswith("unknown") else "choice", message
    )


def _without_values(message: str) -> str:
    """A message of the JSON reader without the key that it quotes: keys of a record can be anything."""
    return "a key stands twice in one object; keep one of the two" if "stands twice" in message else message


def deeper(text: str, depth: int) -> bool:
    """Whether JSON is nested deeper than allowed, told without reading it.

    >>> deeper('{"a": [["["]]}', 3), deeper('{"a": [[1]]}', 2)
    (False, True)
    """
    level, quoted, escaped = 0, False, False
    for letter in text:
        if quoted:
            quoted, escaped = escaped or letter != '"', letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            level += 1
            if level > depth:
                return True
        elif letter in "]}":
            level -= 1
    return False


class Form:
    """A form as sent: every field once, none unknown."""

    def __init__(self, fields: dict[str, str], files: dict[str, bytes], names: dict[str, str] | None = None) -> None:
        self.fields, self.files = fields, files
        self.names = names or {}
        """By field, what an uploaded file is called where it came from."""

    def text(self, name: str) -> str:
        """A field, or nothing."""
        return self.fields.get(name, "")

    def only(self, *names: str) -> Form:
        """The form, if it has no field but these."""
        for name in (*self.fields, *self.files):
            if name not in names:
                raise RefusalError(
                    "the form has a field that is not known here; load the page again. Nothing was done."
                )
        return self


def form_of(body: bytes, content_type: str) -> Form:
    """A form from the body of a request.

    Raises:
        RefusalError: it is no form, a field stands twice, or there are too many.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(
                body.decode(),
                keep_blank_values=True,
                strict_parsing=bool(body),
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        except (ValueError, UnicodeDecodeError):
            raise RefusalError("the form cannot be read; load the page again. Nothing was done.") from None
        return Form(_once(pairs), {})
    if kind == "multipart/form-data":
        return _multipart(body, content_type)
    raise RefusalError("this address takes a form. Nothing was done.", 415)


def _multipart(body: bytes, content_type: str) -> Form:
    from io import BytesIO

    from multipart import MultipartError, MultipartParser, parse_options_header

    _, options = parse_options_header(content_type)
    texts: list[tuple[str, str]] = []
    files: list[tuple[str, bytes]] = []
    names: dict[str, str] = {}
    try:
        parser = MultipartParser(
            BytesIO(body),
            options.get("boundary", ""),
            content_length=len(body),
            memfile_limit=len(body) + 1,
            strict=True,
        )
        for part in parser:
            if part.filename is not None:
                files.append((part.name, part.raw))
                names[part.name] = part.filename
            else:
                texts.append((part.name, part.raw.decode()))
    except (MultipartError, UnicodeDecodeError, ValueError):
        raise RefusalError("the form cannot be read; load the page again. Nothing was done.") from None
    return Form(_once(texts), _once(files), names)


V = TypeVar("V")


def _once(pairs: list[tuple[str, V]]) -> dict[str, V]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusalError("a field of the form stands twice; load the page again. Nothing was done.")
    return found


def own_form(known: bool, origin_ours: bool) -> None:
    """Refuses a form that this program did not hand out.

    Raises:
        NotAllowedError: it was sent from elsewhere, or its token is old.
    """
    if not origin_ours:
        raise NotAllowedError("the form was sent from another site. Nothing was done.")
    if not known:
        raise NotAllowedError("the form is of another session or too old; load the page again. Nothing was done.")
