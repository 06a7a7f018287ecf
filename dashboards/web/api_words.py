"""What the API says when it refuses, so that it has translations: its own texts, those of HTTP, and
those of pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.web.words import N_

TITLES = (
    N_("Bad Request"),
    N_("Unauthorized"),
    N_("Forbidden"),
    N_("Not Found"),
    N_("Method Not Allowed"),
    N_("Conflict"),
    N_("Precondition Failed"),
    N_("Request Entity Too Large"),
    N_("Content Too Large"),
    N_("Unsupported Media Type"),
    N_("Unprocessable Entity"),
    N_("Unprocessable Content"),
    N_("Precondition Required"),
    N_("Too Many Requests"),
    N_("Service Unavailable"),
)
"""Phrases of HTTP; two of them have changed between versions of Python."""

KINDS: Mapping[str, str] = {
    "asset": N_("asset"),
    "attachment": N_("attachment"),
    "batch": N_("batch"),
    "change": N_("entry of the log of changes"),
    "commune": N_("commune"),
    "decision": N_("decision"),
    "entry": N_("entry"),
    "evaluation": N_("evaluation"),
    "field": N_("field"),
    "import": N_("import"),
    "model": N_("model"),
    "place": N_("place"),
    "requirement": N_("requirement"),
    "scenario": N_("scenario"),
    "stock-take": N_("stock-take"),
    "thing": N_("thing"),
    "token": N_("token"),
    "user": N_("user"),
}
"""Kind of a thing that may not be there -> its word in other languages."""

TEXTS = (
    N_("there is no {kind} {which}"),
    N_("there is nothing at this address; /api/v1/openapi.json has those that there are"),
    N_("{method} cannot be done here"),
    N_("the request does not have the form that is described"),
    N_("nothing was changed"),
    N_("nothing was entered"),
    N_("nothing was opened"),
    N_("nothing was counted"),
    N_("no label was made"),
    N_("no report was made"),
    N_("no token was made"),
    N_("{tag} has been changed since that version; nothing was changed"),
    N_("{tag} is being changed by others at this moment; try again"),
    N_("the database cannot be used now; nothing was changed"),
    N_("the database cannot be read now"),
    N_("too many requests in this minute"),
    N_("log in first"),
    N_("nobody is logged in"),
    N_("the password is older than the settings allow"),
    N_("a request of another site"),
    N_("X-CSRF-Token is not the one of this session"),
    N_("needs {right}"),
    N_("needs {right} in {commune}"),
    N_("needs the right to {right}"),
    N_("needs the right to {right} in commune {commune}"),
    N_("needs the right to register or operate there"),
    N_("needs the right to register or plan in commune {commune}"),
    N_("is for those who register for all communes"),
    N_("undoes what is no asset"),
    N_(
        "send If-Match with the ETag of what you read, so that no change of somebody else "
        "is lost; If-Match: * overwrites whatever is there"
    ),
    N_("is missing"),
    N_("no version has this tag"),
    N_('must be an ETag, for example "3"'),
    N_("must be application/json"),
    N_("the body must be JSON"),
    N_("the body must have at most {most} bytes"),
    N_("must have 1 to 255 printable letters"),
    N_("the key cannot be used"),
    N_("was used for another request; take a new one"),
    N_("this key belongs to another request"),
    N_(
        "the request with this key is not finished, or was cut off; look at what there is "
        "before you send it with another key"
    ),
    N_("give a commune or a group, not both"),
    N_("has not come yet"),
    N_("must be before as_of"),
    N_("a row is refused, or nothing is to change; look at its lines"),
    N_("it is not applied"),
    N_("must be one of {types}"),
    N_("the body must be a sheet"),
    N_("the sheet cannot be taken"),
    N_("the import is {state}"),
    N_("is no watched commune"),
    N_("{code} is no watched commune"),
    N_("stock-take {number} is closed"),
    N_("a count needs an id of 8 to 64 letters, digits or -"),
    N_("say which label was seen, or what the thing without a label is"),
    N_("this is no label of ours"),
    N_("say how it was counted"),
    N_("the time of the count is no time"),
    N_("a text of a count must be text"),
    N_("a text is too long; write at most 500 characters"),
    N_("must be rights that you have here"),
    N_("must be communes of yours"),
)
"""English texts of `dashboards.api` and of what it hands on."""

FORMS: Mapping[str, str] = {
    "missing": N_("Field required"),
    "extra_forbidden": N_("Extra inputs are not permitted"),
    "json_invalid": N_("JSON decode error"),
    "string_type": N_("Input should be a valid string"),
    "string_too_short": N_("must have at least {min_length} characters"),
    "string_too_long": N_("must have at most {max_length} characters"),
    "string_pattern_mismatch": N_("String should match pattern '{pattern}'"),
    "int_type": N_("Input should be a valid integer"),
    "int_parsing": N_("Input should be a valid integer, unable to parse string as an integer"),
    "float_type": N_("Input should be a valid number"),
    "float_parsing": N_("Input should be a valid number, unable to parse string as a number"),
    "bool_type": N_("Input should be a valid boolean"),
    "list_type": N_("Input should be a valid list"),
    "dict_type": N_("Input should be a valid dictionary"),
    "greater_than_equal": N_("Input should be greater than or equal to {ge}"),
    "less_than_equal": N_("Input should be less than or equal to {le}"),
    "enum": N_("Input should be {expected}"),
    "literal_error": N_("Input should be {expected}"),
}
"""Type of an error of pydantic -> its text; what is not here is said in English."""


def in_words(found: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """One error of pydantic: a text, and the values that stand in it."""
    text = FORMS.get(found["type"])
    if text is None:
        return str(found["msg"]).removeprefix("Value error, "), {}
    return text, {name: str(value) for name, value in found.get("ctx", {}).items()}
