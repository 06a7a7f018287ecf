"""Refusals in the reader's language: other words, the same status and the same fields."""

import ast

from dashboards.web.languages import messages
from hatang.generate import ROOT
from inventory.people.roles import Role

RAISED = {"ApiProblem": 1, "Denied": 0, "FieldProblem": 1, "_wrong": 1}
"""What makes a refusal -> which of its arguments is the text."""


def test_a_refusal_is_in_the_language_that_is_asked_for(client, asset):
    admin, clerk = client(), client(Role.REGISTRAR, ["22849"])
    assert admin.post("/assets", json=asset("PC-1")).status_code == 201
    asked = [
        lambda h: admin.get("/assets/NOWHERE", headers=h),
        lambda h: admin.get("/assets?limit=x&colour=red", headers=h),
        lambda h: admin.post("/assets", json={"tag": "PC-2"}, headers=h),
        lambda h: admin.post("/assets", json=asset("PC-1"), headers=h),
        lambda h: admin.post("/assets", content="x", headers={"Content-Type": "text/x", **h}),
        lambda h: admin.patch("/assets/PC-1", json={"room": "1"}, headers=h),
        lambda h: admin.patch("/assets/PC-1", json={}, headers={"If-Match": '"9"', **h}),
        lambda h: clerk.post("/assets", json=asset("PC-3", commune="22840"), headers=h),
        lambda h: clerk.get("/users", headers=h),
        lambda h: admin.put("/assets", headers=h),
        lambda h: admin.get("/nowhere", headers=h),
    ]
    for ask in asked:
        plain, vietnamese, hindi, other = (
            ask({"Accept-Language": language}) for language in ("*", "vi-VN, en;q=0.5", "hi", "fr")
        )
        assert plain.status_code >= 400
        assert [r.headers["content-language"] for r in (plain, vietnamese, hindi, other)] == [
            *("en", "vi", "hi", "en")
        ]
        english = plain.json()
        assert other.json() == english
        assert plain.headers["vary"].count("Accept-Language") == 1
        for answer in (vietnamese, hindi):
            said = answer.json()
            assert answer.status_code == plain.status_code
            assert [e["field"] for e in said["errors"]] == [e["field"] for e in english["errors"]]
            assert said["title"] != english["title"]
            assert said["detail"] != english["detail"]
            assert "{" not in said["detail"]
            for one, its in zip(said["errors"], english["errors"], strict=True):
                assert one["message"] != its["message"]
    found = admin.get("/assets/NOWHERE", headers={"Accept-Language": "vi"}).json()
    assert found["detail"] == "không có tài sản NOWHERE"


def texts(path):
    """The texts of all refusals that a module makes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        place = RAISED.get(getattr(getattr(node, "func", None), "id", ""))
        if place is None or len(node.args) <= place:
            continue
        text = node.args[place]
        assert not isinstance(text, ast.JoinedStr), f"{path.name}:{node.lineno} has no translation"
        if isinstance(text, ast.Constant):
            yield text.value


def test_every_refusal_of_the_api_has_its_words():
    found = {text for path in (ROOT / "dashboards/api").glob("*.py") for text in texts(path)}
    assert len(found) > 20
    for language in ("vi", "hi"):
        assert found - set(messages(language)) == set()
