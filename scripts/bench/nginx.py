"""The site behind its nginx, against nginx serving the same bytes as files compressed ahead."""

import gzip
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.address import DEFAULT_HOST, free_port
from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, median, ratio
from scripts.bench.load import BROWSER, Loaded, in_turn, load
from scripts.bench.running import Running, fetch, running
from scripts.bench.site import ARTICLE, Site
from scripts.bench.tools import find_tool
from scripts.environment import ROOT

CONNECTIONS = 16
DEPLOYED = ROOT / "deploy" / "nginx" / "clinic-site.conf"
# What nginx says of a file by itself.
_FILES_OWN = {
    "connection", "content-encoding", "content-length", "content-type", "date", "etag",
    "last-modified", "server",
}  # fmt: skip
_FRAME = """\
{modules}
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes auto;
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; text/css css; text/javascript js; image/svg+xml svg; }}
    default_type application/octet-stream;
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/clinic-site.conf;
    server {{
        listen 127.0.0.1:{files_port};
        root {folder}/files;
        {brotli}
        gzip_static on;
        {headers}
        open_file_cache max=1000 inactive=60s;
        open_file_cache_valid 60s;
    }}
}}
"""


def deployed_for(text: str, *, listen: str, site_port: int, data: Path, cache: Path) -> str:
    """Return the deployed configuration for another address and other folders.

    Raises ValueError when something that has to be replaced is not in it as it was.
    """
    changes = {
        "include /etc/nginx/conf.d/clinic-site.tls;": f"listen {listen};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{site_port};",
        "/var/cache/nginx/clinic ": f"{cache} ",
        "/var/lib/clinic-site": str(data),
        "server_name www.example.org;": "server_name localhost;",
    }
    for before, after in changes.items():
        if before not in text:
            raise ValueError(f"{DEPLOYED.name} no longer says “{before}”.")
        text = text.replace(before, after)
    return text


def same_headers(headers: Mapping[str, str]) -> str:
    """Return nginx's lines for the headers that the site gives and a file does not have itself."""
    return "\n        ".join(
        'add_header {} "{}";'.format(name, value.replace("\\", "\\\\").replace('"', '\\"'))
        for name, value in headers.items()
        if name not in _FILES_OWN
    )


@contextmanager
def in_front_of(site: Site, server: Running, page: bytes) -> Iterator[tuple[int, int]]:
    """Start nginx; yield the port that leads to the site, and the one of files alone."""
    program, folder = find_tool("nginx"), site.folder / "nginx"
    port, files_port = free_port(), free_port()
    file = folder / "files" / ARTICLE.strip("/") / "index.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(page)
    headers, coded = fetch(server.port, ARTICLE, BROWSER)
    file.with_name("index.html.br").write_bytes(coded)
    file.with_name("index.html.gz").write_bytes(gzip.compress(page, 9))
    (folder / "clinic-site.conf").write_text(
        deployed_for(
            DEPLOYED.read_text(),
            listen=f"{DEFAULT_HOST}:{port}",
            site_port=server.port,
            data=site.folder,
            cache=folder / "cache",
        )
    )
    brotli = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _FRAME.format(
            folder=folder,
            files_port=files_port,
            headers=same_headers(headers),
            modules=f"load_module {brotli};" if brotli.exists() else "",
            brotli="brotli_static on;" if brotli.exists() else "",
            # Else its workers would be somebody who may not read a scratch folder.
            user="user root;" if os.geteuid() == 0 else "",
        )
    )
    with running(
        [program, "-p", folder, "-c", configuration, "-e", folder / "error.log"],
        port=port,
        cwd=folder,
        variables=site.variables,
        wait_for=ARTICLE,
        log=folder / "output.log",
    ):
        yield port, files_port


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure in pairs: the page out of nginx's cache, and as a file."""
    with site.serve(TRUSTED_PROXIES="1") as server:
        _, page = fetch(server.port, ARTICLE, {})
        with in_front_of(site, server, page) as (kept_port, files_port):
            _, from_cache = fetch(kept_port, ARTICLE, BROWSER)
            _, from_file = fetch(files_port, ARTICLE, BROWSER)

            def kept(seconds: float) -> Loaded:
                return _load(kept_port, seconds)

            def files(seconds: float) -> Loaded:
                return _load(files_port, seconds)

            ours, theirs = in_turn(effort, kept, files)
    lines: list[Line] = [
        ratio("page behind nginx's cache ÷ the same as a file", ours, theirs, at_least=0.9),
        median("page behind nginx's cache", ours, "requests/s"),
        median("the same as a file, compressed ahead", theirs, "requests/s"),
        Line("body from the cache", len(from_cache), "bytes"),
        Line("body from the file", len(from_file), "bytes"),
    ]
    return Outcome(f"Behind nginx, at {CONNECTIONS} connections", lines)


def _load(port: int, seconds: float) -> Loaded:
    url = f"http://{DEFAULT_HOST}:{port}"
    return load(url, [ARTICLE], connections=CONNECTIONS, seconds=seconds)
