"""One story in a real browser: the first administrator, a wrong password, a session ended."""

import pytest

from config.sections import Web
from inventory.people.roles import Role
from inventory.register.entry import Actor

CLI = Actor("test", "cli")


@pytest.mark.browser
def test_the_first_administrator_comes_in_and_is_shown_out(site, serve, browser, password):
    found = site()
    found.settings = found.settings.model_copy(update={"web": Web(reading="login")})
    found.people.add("quan.tri", Role.ADMINISTRATOR, CLI)
    address = serve(found)
    link = f"{address}/first/{found.people.link('quan.tri', CLI)}"
    context = browser.new_context(locale="en-US", viewport={"width": 360, "height": 740})
    page = context.new_page()
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "warning" else None)
    page.goto(link)
    page.get_by_label("New password").fill("matkhau 2026!")
    page.get_by_label("The same again").fill("matkhau 2026!")
    page.get_by_role("button").click()
    assert "too easy to guess" in page.locator("#e-password").inner_text()
    page.get_by_label("New password").fill(password)
    page.get_by_label("The same again").fill(password)
    page.get_by_role("button").click()
    page.wait_for_url(f"{address}/")

    page.goto(f"{address}/users")
    page.get_by_label("User name").fill("lan.nguyen")
    page.get_by_label("Full name").fill("Nguyễn Thị Lan")
    page.get_by_label("Role").select_option("registrar")
    page.get_by_role("button", name="Make the user").click()
    assert page.locator("#link").inner_text().startswith(f"{address}/first/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(f"{address}/users")
    page.get_by_label("User name").fill("thu.ha")
    for session in found.people.sessions():
        found.people.end_session(session.id, CLI)
    page.get_by_role("button", name="Make the user").click()
    assert "What you typed is kept" in page.locator("main").inner_text()
    page.get_by_label("User name").fill("quan.tri")
    page.get_by_label("Password").fill("not the right one")
    page.get_by_role("button", name="Log in").click()
    assert "is wrong" in page.locator("main").inner_text()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Save").click()
    assert found.people.user("thu.ha") is not None

    page.goto(f"{address}/account")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{address}/users")
    assert "/login" in page.url
    page.go_back()
    assert page.get_by_role("button", name="Make the user").count() == 0
    assert complaints == []
    context.close()
