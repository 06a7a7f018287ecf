"""The JSON Schema of profile files, for editors that complete and check while somebody types.

Says the shape alone: what joins keys (an easier `partly`, ids that exist) `hatang profile check`
says. Two shapes: a whole profile, and a file that changes another (`extends` or `for`).
"""

from __future__ import annotations

import json
from typing import Any

from config.profile import Profile
from config.profile_layers import Layer
from config.scalars import duration_text

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as a file has it."""
    whole, definitions = _shape(Profile)
    layer, more = _shape(Layer)
    definitions |= more
    definitions["Change"] = _change(definitions["Requirement"])
    layer["properties"]["change"]["additionalProperties"] = {"$ref": "#/$defs/Change"}
    schema = {
        "$schema": ADDRESS,
        "title": "A requirement profile of Hatang, or a file that changes one",
        "if": {"anyOf": [{"required": ["extends"]}, {"required": ["for"]}]},
        "then": layer,
        "else": whole,
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _shape(model: type[Profile | Layer]) -> tuple[dict[str, Any], dict[str, Any]]:
    shape = _in_words_of_the_standard(model.model_json_schema(by_alias=True))
    definitions: dict[str, Any] = shape.pop("$defs")
    for part in (shape, *definitions.values()):
        for key in part.get("properties", {}).values():
            if key.get("type") == "string" and isinstance(key.get("default"), float):
                key["default"] = duration_text(key["default"])
    return shape, definitions


def _in_words_of_the_standard(value: Any) -> Any:
    """pydantic leaves bounds behind our own validators under its own names."""
    if isinstance(value, dict):
        return {
            _BOUNDS.get(key, key): _in_words_of_the_standard(inner) for key, inner in value.items()
        }
    return [_in_words_of_the_standard(one) for one in value] if isinstance(value, list) else value


_BOUNDS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
}


def _change(requirement: dict[str, Any]) -> dict[str, Any]:
    """Keys of a requirement, none of them needed; a mapping may hold a part, null removes."""
    properties = {
        key: {"title": value.get("title", key.capitalize())}
        for key, value in requirement["properties"].items()
        if key != "id"
    }
    return {
        "type": "object",
        "description": "Keys that become something else; null removes a key.",
        "properties": properties,
        "additionalProperties": False,
    }
