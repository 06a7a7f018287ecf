import re

import httpx

from inventory.people.roles import Role


def test_the_page_explains_every_operation_and_asks_no_other_host(client, address, site, token_of):
    headers = {"Authorization": f"Bearer {token_of(site, Role.VIEWER)}", "Accept-Language": "vi"}
    page = httpx.get(f"{address}/api/v1", headers=headers, trust_env=False, timeout=60)
    assert page.status_code == 200
    assert "Dành cho chương trình" in page.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    described = client().get("/openapi.json").json()
    for path, operations in described["paths"].items():
        for method in operations:
            assert f"{method.upper()} /api/v1{path}" in page.text


def test_the_page_and_the_description_need_a_login(address):
    for path in ("/api/v1", "/api/v1/openapi.json"):
        answer = httpx.get(f"{address}{path}", trust_env=False, timeout=60)
        assert answer.status_code in (303, 401)
