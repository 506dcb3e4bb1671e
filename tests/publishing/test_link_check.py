"""A link is asked for within limits, and never inside a private network."""

import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any

import pytest

from publishing import link_check
from publishing.link_check import Outcome, Verdict, check, host_of, is_public_address

Answer = int | str | None | Callable[[BaseHTTPRequestHandler], object]


@dataclass
class Site:
    """A website on this machine. Its pages answer a status, a redirect, nothing, or what they do.

    A page is found by “METHOD /path” or by its path alone; one that is missing answers 404.
    """

    port: int = 0
    pages: dict[str, Answer] = field(default_factory=dict)
    delay: float = 0
    requests: list[str] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)  # asked for when encryption begins
    connections: int = 0
    at_once: Counter[str] = field(default_factory=Counter)  # requests under way, by host
    most_at_once: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    closing: Event = field(default_factory=Event)
    lock: Any = field(default_factory=Lock)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


class Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for them, so that no socket stays open
    site: Site

    def get_request(self) -> tuple[socket.socket, Any]:
        self.site.connections += 1
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a visitor who hangs up is what some tests are about."""


class DualServer(Server):
    address_family = socket.AF_INET6

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        site = self.server.site
        with site.lock:
            site.requests.append(f"{self.command} {self.path}")
            site.headers.append(self.headers)
            site.times.append(monotonic())
            for host in (self.headers["Host"].partition(":")[0], "all"):
                site.at_once[host] += 1
                site.most_at_once[host] = max(site.most_at_once[host], site.at_once[host])
        sleep(site.delay)
        # Before the answer: whoever has it may ask again at once.
        with site.lock:
            site.at_once.subtract([self.headers["Host"].partition(":")[0], "all"])
        self.answer(site.pages.get(f"{self.command} {self.path}", site.pages.get(self.path, 404)))

    do_GET = do_HEAD  # noqa: N815

    def answer(self, answer: Answer) -> None:
        if callable(answer):
            answer(self)
        elif answer is not None:
            self.send_response(answer if isinstance(answer, int) else 302)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Answer nothing until the test is over."""
    handler.server.site.closing.wait(5)  # type: ignore[attr-defined]


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """Send a letter now and then, for ever."""
    closing = handler.server.site.closing  # type: ignore[attr-defined]
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not closing.wait(0.05):
        handler.wfile.write(b"x")


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Send a page that never ends."""
    closing = handler.server.site.closing  # type: ignore[attr-defined]
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not closing.is_set():
        handler.wfile.write(b"x" * 10_000)


@contextmanager
def run_site(kind: type[Server] = Server, context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a website while the block runs."""
    site = Site()
    with kind(("127.0.0.1" if kind is Server else "::", 0), Handler) as server:
        server.site = site
        site.port = server.server_port
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            server.shutdown()
            thread.join()


def anywhere(ip: str, port: int) -> bool:
    """Let a test ask its own server."""
    return True


@pytest.fixture
def site() -> Iterator[Site]:
    """A website on this machine, whose pages the test decides."""
    with run_site() as site:
        yield site


@pytest.fixture
def dual_site() -> Iterator[Site]:
    """A website on this machine that is reached with IPv6 too."""
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    with run_site(DualServer) as site:
        yield site


@pytest.fixture
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects anywhere."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        pytest.fail(f"connects to {args}")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def any_port(ip: str, port: int) -> bool:
    """Judge the network address alone, so that a test's server cannot hide behind its port."""
    return is_public_address(ip, 443)


def let_names_have(monkeypatch: pytest.MonkeyPatch, *ips: str) -> list[str]:
    """Let every name have the addresses; return a list that fills with the names looked up."""
    really_look_up = socket.getaddrinfo
    looked_up: list[str] = []

    def look_up(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        try:
            ip_address(host)
        except ValueError:
            looked_up.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]
        return really_look_up(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return looked_up


# --- what a site answers ------------------------------------------------------------------------


def test_a_page_that_is_there_works(site: Site) -> None:
    site.pages["/guide"] = 200
    assert check(site.url("/guide"), is_allowed=anywhere) == Outcome(Verdict.WORKS, status=200)
    assert site.requests == ["HEAD /guide"]


def test_the_site_learns_who_asks_and_for_which_host(site: Site) -> None:
    check(site.url("/a b?c=ü d#part"), is_allowed=anywhere)
    assert site.headers[0]["User-Agent"] == "clinic-site link check"
    assert site.headers[0]["Host"] == f"127.0.0.1:{site.port}"
    assert site.requests[0] == "HEAD /a%20b?c=%C3%BC%20d"


@pytest.mark.parametrize(
    ("status", "verdict", "words"),
    [
        (204, Verdict.WORKS, ""),
        (304, Verdict.FAILED, "(304)"),
        (400, Verdict.FAILED, "(400)"),
        (403, Verdict.REFUSED, "refuses automatic checks (403)"),
        (404, Verdict.DEAD, "no such page"),
        (405, Verdict.REFUSED, "refuses automatic checks"),
        (410, Verdict.DEAD, "removed for good"),
        (418, Verdict.FAILED, "(418)"),
        (429, Verdict.REFUSED, "refuses automatic checks"),
        (500, Verdict.FAILED, "a fault of its own (500)"),
        (503, Verdict.FAILED, "a fault of its own (503)"),
    ],
)
def test_an_answer_becomes_a_verdict(site: Site, status: int, verdict: Verdict, words: str) -> None:
    site.pages["/page"] = status
    outcome = check(site.url("/page"), is_allowed=anywhere)
    assert (outcome.verdict, outcome.status) == (verdict, status)
    assert words in outcome.problem


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501])
def test_a_site_that_refuses_head_is_asked_with_get(site: Site, status: int) -> None:
    site.pages["HEAD /page"] = status
    site.pages["GET /page"] = 200
    assert check(site.url("/page"), is_allowed=anywhere).verdict is Verdict.WORKS
    assert site.requests == ["HEAD /page", "GET /page"]


def test_a_site_that_hangs_up_on_head_is_asked_with_get(site: Site) -> None:
    site.pages["HEAD /page"] = None
    site.pages["GET /page"] = 200
    assert check(site.url("/page"), is_allowed=anywhere).verdict is Verdict.WORKS


def test_a_site_that_asks_for_patience_is_not_asked_again(site: Site) -> None:
    site.pages["/page"] = 429
    check(site.url("/page"), is_allowed=anywhere)
    assert site.requests == ["HEAD /page"]


def test_an_endless_page_is_not_read(site: Site) -> None:
    site.pages["HEAD /page"] = 405
    site.pages["GET /page"] = endless
    assert check(site.url("/page"), is_allowed=anywhere).verdict is Verdict.WORKS


# --- redirects ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "location", ["/new", "new", "//127.0.0.1:{port}/new", "http://127.0.0.1:{port}/new#part"]
)
def test_a_redirect_is_followed(site: Site, location: str) -> None:
    site.pages["/old"] = location.format(port=site.port)
    site.pages["/new"] = 200
    assert check(site.url("/old"), is_allowed=anywhere).verdict is Verdict.WORKS


def test_a_redirect_in_another_script_is_followed(site: Site) -> None:
    site.pages["/old"] = "/rücken".encode().decode("latin-1")
    site.pages["/r%C3%BCcken"] = 200
    assert check(site.url("/old"), is_allowed=anywhere).verdict is Verdict.WORKS


def test_a_redirect_to_a_missing_page_is_dead(site: Site) -> None:
    site.pages["/old"] = "/new"
    assert check(site.url("/old"), is_allowed=anywhere).verdict is Verdict.DEAD


def test_redirects_in_a_circle_end(site: Site) -> None:
    site.pages["/a"], site.pages["/b"] = "/b", "/a"
    outcome = check(site.url("/a"), is_allowed=anywhere)
    assert outcome.verdict is Verdict.FAILED
    assert "more than 5 times" in outcome.problem
    assert len(site.requests) == 6


def test_five_redirects_are_followed(site: Site) -> None:
    site.pages.update({f"/{number}": f"/{number + 1}" for number in range(5)})
    site.pages["/5"] = 200
    assert check(site.url("/0"), is_allowed=anywhere).verdict is Verdict.WORKS


@pytest.mark.parametrize(
    "location", ["http://[", "http://", "https://a..b/", "http://x\\y/", "http://\x7f"]
)
def test_a_redirect_to_nonsense_may_pass(site: Site, location: str) -> None:
    site.pages["/old"] = location
    assert check(site.url("/old"), is_allowed=anywhere).verdict is Verdict.FAILED


@pytest.mark.parametrize("location", ["ftp://127.0.0.1/", "file:///etc/passwd", "javascript:1"])
def test_a_redirect_away_from_the_web_is_refused(site: Site, location: str) -> None:
    site.pages["/old"] = location
    assert check(site.url("/old"), is_allowed=anywhere).verdict is Verdict.REFUSED


def test_a_redirect_into_a_private_network_is_refused(site: Site) -> None:
    with run_site() as inner:
        site.pages["/old"] = inner.url("/secret")
        outcome = check(site.url("/old"), is_allowed=lambda ip, port: port == site.port)
        assert outcome.verdict is Verdict.REFUSED
        assert inner.connections == 0


# --- private networks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "127.0.0.1.",
     "１２７.0.0.1", "localhost.", "0x7F000001", "017700000001"],
)  # fmt: skip
def test_no_request_reaches_this_machine(site: Site, host: str) -> None:
    assert check(site.url("/", host), is_allowed=any_port).verdict is Verdict.REFUSED
    assert check(site.url("/", host)).verdict is Verdict.REFUSED
    assert site.connections == 0


@pytest.mark.parametrize("host", ["[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]"])
def test_no_request_reaches_this_machine_by_ipv6(dual_site: Site, host: str) -> None:
    assert check(dual_site.url("/", host), is_allowed=any_port).verdict is Verdict.REFUSED
    assert dual_site.connections == 0
    # The server was there to be reached, had anybody tried.
    check(dual_site.url("/", host), is_allowed=anywhere)
    assert dual_site.connections > 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.0.0.1", "10.255.255.255", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",  # noqa: S104
        "198.18.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[fe80::1]",
        "[fc00::1]", "[fec0::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]",
        "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[64:ff9b:1::7f00:1]",
        "[2001:db8::1]", "[::7f00:1]", "localhost",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.usefixtures("no_connections")
def test_an_address_that_is_not_public_is_refused(scheme: str, host: str) -> None:
    outcome = check(f"{scheme}://{host}/")
    assert outcome.verdict is Verdict.REFUSED
    assert "private network" in outcome.problem


@pytest.mark.parametrize("port", [0, 1, 22, 25, 8000, 8080, 8443, 65535])
@pytest.mark.usefixtures("no_connections")
def test_a_port_that_is_no_website_is_refused(port: int) -> None:
    outcome = check(f"https://93.184.215.14:{port}/")
    assert outcome.verdict is Verdict.REFUSED
    assert f"port {port}" in outcome.problem


@pytest.mark.parametrize(
    "ip", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_pass(ip: str) -> None:
    assert is_public_address(ip, 80)
    assert is_public_address(ip, 443)
    assert not is_public_address(ip, 8080)


@pytest.mark.parametrize("ip", ["", "example.org", "1.2.3", "fe80::1%eth0", "::1%lo", "1.1.1.1/8"])
def test_what_is_no_address_does_not_pass(ip: str) -> None:
    assert not is_public_address(ip, 443)


@pytest.mark.usefixtures("no_connections")
def test_a_name_with_only_private_addresses_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    let_names_have(monkeypatch, "10.0.0.1", "127.0.0.1")
    assert check("https://innocent.example/").verdict is Verdict.REFUSED


def test_the_connection_goes_to_the_address_that_was_judged(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name can say something else each time it is looked up, so it must be looked up once.
    looked_up = let_names_have(monkeypatch, "127.0.0.1")
    judged: list[str] = []

    def judge(ip: str, port: int) -> bool:
        judged.append(ip)
        return True

    site.pages["/"] = 200
    outcome = check(site.url("/", "rebinding.example"), is_allowed=judge)
    assert outcome.verdict is Verdict.WORKS
    assert (looked_up, judged) == (["rebinding.example"], ["127.0.0.1"])
    assert site.headers[0]["Host"] == f"rebinding.example:{site.port}"


def test_only_the_public_addresses_of_a_name_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def connect(place: tuple[str, int], *args: Any) -> None:
        tried.append(place[0])
        raise ConnectionRefusedError

    let_names_have(monkeypatch, "10.0.0.1", "1.1.1.1", "127.0.0.1", "1.0.0.1")
    monkeypatch.setattr(socket, "create_connection", connect)
    assert check("https://mixed.example/").verdict is Verdict.FAILED
    assert tried == ["1.1.1.1", "1.0.0.1"]


def test_the_next_address_is_tried_when_one_is_silent(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = socket.create_connection

    def reach(place: tuple[str, int], patience: float) -> socket.socket:
        if place[0] == "1.1.1.1":
            sleep(patience)
            raise TimeoutError
        return connect(place, patience)

    let_names_have(monkeypatch, "1.1.1.1", "127.0.0.1")
    monkeypatch.setattr(socket, "create_connection", reach)
    site.pages["/"] = 200
    outcome = check(site.url("/", "two.example"), is_allowed=anywhere, timeout=1)
    assert outcome.verdict is Verdict.WORKS


# --- time and broken sites ----------------------------------------------------------------------


def test_a_site_that_never_answers_costs_the_limit_and_no_more(site: Site) -> None:
    site.pages["/"] = silent
    outcome = check(site.url("/"), is_allowed=anywhere, timeout=0.3)
    assert outcome.verdict is Verdict.FAILED
    assert "in time" in outcome.problem


def test_a_site_that_sends_a_letter_now_and_then_costs_the_limit_and_no_more(site: Site) -> None:
    site.pages["/"] = trickle
    outcome = check(site.url("/"), is_allowed=anywhere, timeout=0.4)
    assert "in time" in outcome.problem


def test_redirects_share_one_limit(site: Site) -> None:
    site.pages.update({f"/{number}": f"/{number + 1}" for number in range(9)})
    site.delay = 0.2
    outcome = check(site.url("/0"), is_allowed=anywhere, timeout=0.5)
    assert "in time" in outcome.problem


def test_a_name_that_takes_for_ever_to_look_up_costs_the_limit_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: sleep(0.8) or [])
    assert "in time" in check("https://slow.example/", timeout=0.2).problem


def test_waiting_for_a_turn_does_not_count_as_the_sites_delay(site: Site) -> None:
    @contextmanager
    def turn(host: str) -> Iterator[None]:
        sleep(0.4)
        yield

    site.pages["/"] = 200
    outcome = check(site.url("/"), is_allowed=anywhere, timeout=0.3, turn=turn)
    assert outcome.verdict is Verdict.WORKS


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 abc No\r\n\r\n",
        b"HTTP/1.1 999999\r\n\r\n",
        b"\x00" * 4000, b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", b"HTTP/1.1 302 Found\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n",
    ],
)  # fmt: skip
def test_a_site_that_talks_nonsense_has_not_answered(site: Site, answer: bytes) -> None:
    site.pages["/"] = lambda handler: handler.wfile.write(answer)
    assert check(site.url("/"), is_allowed=anywhere, timeout=2).verdict is Verdict.FAILED


def test_a_site_that_is_down_has_not_answered() -> None:
    with run_site() as site:
        address = site.url("/")
    outcome = check(address, is_allowed=anywhere)
    assert outcome.verdict is Verdict.FAILED
    assert "could not be reached" in outcome.problem


def test_a_name_that_nobody_has_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_to_look_up(monkeypatch, socket.EAI_NONAME)
    outcome = check("https://gone.example/")
    assert outcome.verdict is Verdict.DEAD
    assert "no website of this name" in outcome.problem


def test_a_name_server_in_trouble_kills_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_to_look_up(monkeypatch, socket.EAI_AGAIN)
    outcome = check("https://here.example/")
    assert outcome.verdict is Verdict.FAILED
    assert "looked up" in outcome.problem


def fail_to_look_up(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def look_up(*args: Any, **options: Any) -> None:
        raise socket.gaierror(code, "no")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


# --- odd addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://", "https://", "https:///path", "http:/example.org", "http:example.org",
        "http://?", "http://#", "http://:80", "http://@", "http://user@", "http://[", "http://]",
        "http://[]", "http://[::1", "http://::1]", "http://[::g]/", "http://[1.2.3.4]/",
        "http://[fe80::1%25eth0]/", "http://[v1.a]/", "http://a..b/", "http://.a/", "http://../",
        "http://./", "http://\u00ad/", "http://" + "x" * 64 + ".org/",
        "http://" + "x." * 200 + "org/", "http://a b/", "http://a%20b/", "http://a<b/", "http://a,b/",
        "http://a\\b/", "http://a:b/", "http://a:99999/", "http://a:-1/", "http://a:1e3/",
        "http://a\r\nHost: b/", "http://a/\r\nX: y", "http://a/\x00", "http://a\x00/", "http://a/\x7f",
        "http://a\tb/", "http://\ud800/", "http://a/\ud800", "http://ex\u2100mple.org/",
        "http://a\uff0fb/", "http://*.a/", "http://a$/", "http://" + "\u2603" * 80 + "/",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_connections")
def test_what_no_browser_could_follow_is_dead(address: str) -> None:
    outcome = check(address)
    assert outcome.verdict is Verdict.DEAD, outcome
    assert outcome.problem
    assert host_of(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "", " ", "/", "#", "?", "x", "example.org", "//example.org/", "mailto:a@b.example", "tel:1",
        "javascript:alert(1)", "file:///etc/passwd", "ftp://example.org/", "gopher://a:80/_x",
        "unix:/var/run/x.sock", "data:text/plain,x", "ws://a/", "htt p://a/", "http", "://", ":",
        "https://example.org/" + "x" * 2000, "https://" + "x" * 100_000,
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_connections")
def test_what_is_no_web_address_is_refused(address: str) -> None:
    outcome = check(address)
    assert outcome.verdict is Verdict.REFUSED, outcome
    assert outcome.problem
    assert host_of(address) == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.nice.org.uk/guidance/ng59", "www.nice.org.uk"),
        ("HTTPS://WWW.NICE.ORG.UK", "www.nice.org.uk"),
        ("https://user:word@example.org/", "example.org"),
        ("https://example.org./", "example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://例え.jp/", "xn--r8jz45g.jp"),
        ("https://a_b.example/", "a_b.example"),
        ("http://[2606:4700::1]:80/", "2606:4700::1"),
        ("https://example.org?q", "example.org"),
        (" https://example.org/ ", "example.org"),
    ],
)
def test_the_host_of_an_address_is_found(address: str, host: str) -> None:
    assert host_of(address) == host


# --- encrypted sites ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for clinic.example and its key."""
    folder = tmp_path_factory.mktemp("tls")
    names = (folder / "certificate.pem", folder / "key.pem")
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
        "/CN=clinic.example", "-addext", "subjectAltName=DNS:clinic.example",
        "-out", str(names[0]), "-keyout", str(names[1]),
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return names


@pytest.fixture
def secure_site(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An encrypted website, which every name leads to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    let_names_have(monkeypatch, "127.0.0.1")
    with run_site(context=context) as site:
        context.sni_callback = lambda connected, name, _: site.names.append(name)
        site.pages["/"] = 200
        yield site


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the certificate, as if an authority had signed it."""
    context = ssl.create_default_context(cafile=str(certificate[0]))
    monkeypatch.setattr(link_check, "_tls_context", lambda: context)


@pytest.mark.usefixtures("trusted")
def test_a_secure_site_is_asked_by_its_name(secure_site: Site) -> None:
    address = f"https://clinic.example:{secure_site.port}/"
    assert check(address, is_allowed=anywhere) == Outcome(Verdict.WORKS, status=200)
    assert secure_site.names == ["clinic.example"]
    assert secure_site.headers[0]["Host"] == f"clinic.example:{secure_site.port}"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_the_certificate_must_be_the_hosts(secure_site: Site, host: str) -> None:
    outcome = check(f"https://{host}:{secure_site.port}/", is_allowed=anywhere)
    assert outcome.verdict is Verdict.FAILED
    assert "certificate is not valid" in outcome.problem
    assert secure_site.requests == []


def test_the_certificate_must_be_trusted(secure_site: Site) -> None:
    outcome = check(f"https://clinic.example:{secure_site.port}/", is_allowed=anywhere)
    assert "certificate is not valid" in outcome.problem
    assert secure_site.requests == []


def test_a_site_without_encryption_gives_no_secure_connection(site: Site) -> None:
    outcome = check(site.url("/").replace("http:", "https:"), is_allowed=anywhere, timeout=2)
    assert outcome.verdict is Verdict.FAILED
    assert "No secure connection" in outcome.problem
