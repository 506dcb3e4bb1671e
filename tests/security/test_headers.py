"""Every answer carries what protects its reader: files, redirects, refusals and faults as well."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils.http import http_date

from pages.views import HomeView
from tests.factories import make_clinic, make_user
from tests.security.strict import inline_parts, missing_headers, policy_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FILES = ["/static/js/editor.js", "/static/img/favicon.svg", "/static/admin/css/base.css",
         "/favicon.ico", "/apple-touch-icon.png"]  # fmt: skip


@pytest.fixture
def files(settings: LazySettings) -> None:
    """Serve files from where they lie: nothing was collected for tests."""
    settings.WHITENOISE_USE_FINDERS = True


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("url", FILES)
def test_a_file_of_ours_is_protected_and_no_other_site_may_read_it(
    client: Client, url: str
) -> None:
    response = client.get(url)
    assert response.status_code == 200
    response.close()
    assert missing_headers(response) == []
    assert "Access-Control-Allow-Origin" not in response.headers
    assert policy_of(response)["script-src"] == ["'none'"]


@pytest.mark.usefixtures("files")
def test_a_file_that_the_browser_has_already_is_protected(client: Client) -> None:
    response = client.get(FILES[0], headers={"if-modified-since": http_date()})
    assert response.status_code == 304
    assert missing_headers(response) == []


def test_the_way_to_https_is_protected(settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/contact/")
    assert response.headers["Location"] == "https://testserver/contact/"
    assert missing_headers(response) == []


@pytest.mark.parametrize("secure", [True, False])
def test_an_unknown_host_is_refused_and_the_refusal_is_protected(
    settings: LazySettings, secure: bool
) -> None:
    settings.SECURE_SSL_REDIRECT = secure
    for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "a b", "["):
        response = Client().get("/contact/", headers={"host": host})
        assert response.status_code == 400, host
        assert missing_headers(response) == [], host
        assert "evil" not in response.content.decode(), host


@pytest.mark.parametrize("name", ["x-forwarded-host", "x-host", "x-original-url", "forwarded"])
def test_another_host_that_a_proxy_is_said_to_have_seen_is_not_believed(
    client: Client, name: str
) -> None:
    make_clinic()
    response = client.get("/", headers={name: "evil.example"})
    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()


def test_refusals_and_faults_are_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Client(raise_request_exception=False, enforce_csrf_checks=True)
    found = {
        404: visitor.get("/nothing/"),
        403: visitor.post("/admin/login/", {"username": "x"}),
        405: Client().delete("/conditions/"),
        400: visitor.post("/contact/", {"message": "x" * (13 * 1024 * 1024)}),
        301: visitor.get("/conditions"),
    }

    def fail(view: object, **kwargs: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(HomeView, "get_context_data", fail)
    found[500] = visitor.get("/")
    assert {each.status_code for each in found.values()} == found.keys()
    assert [status for status, each in found.items() if missing_headers(each)] == []


def test_the_admin_admits_no_style_and_no_script_but_our_files(client: Client) -> None:
    client.force_login(
        make_user(is_staff=True, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    for url in ("/admin/", "/admin/articles/article/add/", "/admin/login/"):
        policy = policy_of(client.get(url))
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == ["'self'"]
        assert "unsafe" not in str(policy)


def test_what_would_be_stopped_is_found_on_a_page() -> None:
    """The check that the other tests rely on."""
    bad = ["<script>x</script>", '<p style="x">', '<a onclick="x">', '<a href="javascript:x">']
    assert all(inline_parts(each) for each in bad)
    fine = ['<script src="/static/a.js"></script>',
            '<script type="application/ld+json">{}</script>',
            '<p class="style">on="1"</p>', "&lt;script&gt;"]  # fmt: skip
    assert not any(inline_parts(each) for each in fine)
