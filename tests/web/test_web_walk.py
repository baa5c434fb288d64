"""Every line of the map of views is walked: with and without a login, a role, a token, a form of our own."""

import re

import httpx
import pytest

from monitor.model import Role
from monitor.web.guard import HEADERS
from monitor.web.view import View
from monitor.web.views import VIEWS
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own

TOKEN = "t" * 24
TOKENS = "".join(
    f"    {scope}: {{token: '${{{scope.upper()}}}', scope: {scope}}}\n" for scope in ("read", "triage", "admin")
)
SETTINGS = f"web:\n  allow_edit: true\n  tokens:\n{TOKENS}"
ENVIRON = {scope: TOKEN + scope for scope in ("READ", "TRIAGE", "ADMIN")}
ALL = [(view, method) for view in VIEWS for method in view.methods]
GUARDED = [(view, method) for view, method in ALL if view.may is not None]


def address(view: View) -> str:
    """Fill the braces of a path with something that is there, or could be."""
    if view.path.startswith("/sources/{"):
        return view.path.replace("{id}", "source-1")
    return re.sub(r"\{\w+(:\w+)?\}", "1", view.path)


def said(found: tuple[View, str]) -> str:
    return f"{found[1]} {found[0].path}"


@pytest.fixture
def guarded(opened: Opened) -> Page:
    """A page with tokens and an account: nobody gets in without."""
    page = opened(SETTINGS, environ=ENVIRON)
    worlds.fill(page.store, NOW, stories=5, sources=4)
    for role in Role:
        page.account(role.value, role)
    return page


def ask(page: Page, view: View, method: str, **options: object) -> httpx.Response:
    if view.name == "events":  # it does not end by itself
        with page.client.stream(method, address(view), **options) as answer:  # type: ignore[arg-type]
            if answer.status_code != 200:
                answer.read()
            return answer
    return page.client.request(method, address(view), **options)  # type: ignore[arg-type]


def test_names_and_lines_are_there_once_and_every_function_is_there() -> None:
    assert len({view.name for view in VIEWS}) == len(VIEWS)
    assert len({(view.path, method) for view, method in ALL}) == len(ALL)
    for view in VIEWS:
        assert view.methods == ("GET",) or not view.basic, "a browser shows what it was asked for by itself"
        assert callable(view.function())
        assert set(view.methods) <= {"GET", "POST"}, "what changes something is a POST; nothing else is needed"


def test_without_a_login_nothing_but_the_login_is_answered(guarded: Page) -> None:
    for view, method in GUARDED:
        answer = ask(guarded, view, method)
        if method == "GET" and not view.path.startswith("/api/") and not view.basic:
            assert answer.status_code == 303, view
            assert answer.headers["location"].startswith("/login?next=%2F"), view
        else:
            assert answer.status_code == 401, view
        program = ask(guarded, view, method, headers={"Accept": "application/json"})
        assert (program.status_code, set(program.json())) == (401, {"error", "advice"}), view


@pytest.mark.parametrize("role", list(Role))
def test_a_login_may_what_its_role_may(guarded: Page, role: Role) -> None:
    other = guarded.as_(role.value)
    for view, method in GUARDED:
        data = {"csrf": other.csrf()} if method == "POST" else None
        answer = ask(other, view, method, **({"data": data} if data else {}))
        allowed = view.may is None or role.may(view.may)
        assert (answer.status_code != 403) == allowed, (view, method, answer.status_code)
        assert answer.status_code < 500, (view, answer.text)


@pytest.mark.parametrize(("scope", "role"), [("READ", Role.VIEWER), ("TRIAGE", Role.TRIAGER), ("ADMIN", Role.ADMIN)])
def test_a_token_may_what_its_scope_says_and_needs_no_form(guarded: Page, scope: str, role: Role) -> None:
    headers = {"Authorization": f"Bearer {ENVIRON[scope]}"}
    for view, method in GUARDED:
        answer = ask(guarded, view, method, headers=headers)
        assert (answer.status_code != 403) == (view.may is None or role.may(view.may)), (view, method)
        assert answer.status_code not in (401, 303) or method == "POST" or view.name == "start", (view, method)


@pytest.mark.parametrize("given", ["Bearer wrong", f"Bearer {TOKEN}", "Bearer", "Digest a=b", "é"])
def test_a_wrong_token_is_no_login_even_beside_a_good_cookie(guarded: Page, given: str) -> None:
    other = guarded.as_("admin")
    assert other.get("/sources").status_code == 200
    for client in (guarded.client, other.client):
        answer = client.get("/sources", headers={"Authorization": given.encode(), "Accept": "application/json"})
        assert answer.status_code == 401


def test_every_post_needs_the_token_of_our_own_form(guarded: Page) -> None:
    other = guarded.as_("admin")
    right = other.csrf()
    foreign = guarded.as_("viewer").csrf()
    cases: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": "0" * 32}, {}),
        ({"csrf": foreign}, {}),
        ({"csrf": right}, {"Origin": "https://evil.example"}),
        ({"csrf": right}, {"Origin": "https://["}),
        ({}, {"Origin": "null"}),
        ({"csrf": right}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
        ({"csrf": right}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": right}, {"Sec-Fetch-Site": "same-site"}),
    ]
    for view, method in ALL:
        if method != "POST" or view.signed:
            continue
        for data, headers in cases:
            answer = other.client.post(address(view), data=data, headers=headers)
            assert answer.status_code == 403, (view, data, headers)
            assert "not one of this page" in answer.text
    assert other.store.silences.all()
    assert other.get("/sources").status_code == 200, "still logged in: no form did anything"


def test_a_form_of_another_kind_is_not_read(guarded: Page) -> None:
    other = guarded.as_("admin")
    token = other.csrf()
    for content, kind in ((b'{"csrf":"x"}', "application/json"), (b"csrf=" + token.encode(), "text/plain")):
        assert other.client.post("/theme", content=content, headers={"Content-Type": kind}).status_code == 415
    assert other.client.post("/theme", content=b"a=1&" * 3000).status_code == 400
    assert other.client.post("/theme", content=b"csrf=" + b"a" * 600_000).status_code == 413


def test_every_answer_has_the_headers_and_no_page_has_anything_inline(guarded: Page) -> None:
    other = guarded.as_("admin")
    for view, method in ALL:
        answer = ask(other, view, method)
        for name, value in HEADERS.items():
            if name == "Cache-Control" and view.name == "static" and answer.status_code == 200:
                continue
            assert answer.headers[name] == value, (view, name)
        assert "server" not in answer.headers
        if method == "GET" and answer.headers.get("content-type", "").startswith("text/html"):
            text = answer.text
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|javascript:", text), view
            assert not re.search(r'(src|href)="(https?:)?//(?!paper)', text), view


def test_our_files_are_kept_and_others_are_not_served(page: Page) -> None:
    text = page.get("/help").text
    files = re.findall(r'/static/[^"]+', text)
    assert {name.rpartition(".")[2] for name in files} == {"css", "js", "svg"}
    for name in files:
        answer = page.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    for name in ("page.css", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "", "x"):
        assert page.get(f"/static/{name}").status_code == 404


def test_what_is_not_there_says_what_to_do(page: Page) -> None:
    for path in ("/nothing", "/sources/nothing", "/silences/x/end"):
        answer = page.get(path)
        assert answer.status_code == 404
        assert "There is no" in answer.text
        assert "lists" in answer.text or "start page" in answer.text
    assert page.client.put("/sources").status_code == 405
    assert page.get("/nothing", headers={"Accept": "application/json"}).json()["error"] == "There is no such page."
