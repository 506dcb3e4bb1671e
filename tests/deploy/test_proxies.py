"""The configurations of nginx and Caddy: valid to these programs, and as private as the site is."""

import datetime
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
NGINX = ROOT / "deploy" / "nginx"
CADDY = ROOT / "deploy" / "Caddyfile"
# Debian has it where only root looks by itself.
_NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_CADDY = shutil.which("caddy")

_FRAME = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


def make_certificate(folder: Path) -> None:
    """Write a certificate that nobody but this test believes in."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True)
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.mark.skipif(_NGINX is None, reason="nginx is not on this machine")
def test_nginx_understands_all_three_files(tmp_path: Path) -> None:
    make_certificate(tmp_path / "live" / "www.example.org")
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "log").mkdir()
    places = {
        "/etc/nginx/conf.d": f"{tmp_path}/conf.d",
        "/etc/letsencrypt/live": f"{tmp_path}/live",
        "/var/log/nginx": f"{tmp_path}/log",
        "/var/cache/nginx/clinic": f"{tmp_path}/cache",
    }
    for file in NGINX.glob("clinic-site*"):
        text = file.read_text()
        for before, after in places.items():
            text = text.replace(before, after)
        # Even a test of a configuration opens its ports.
        text = re.sub(r"listen \[::\]:(\d+)", rf"listen unix:{tmp_path}/six-\1", text)
        text = re.sub(r"listen (\d+)", rf"listen unix:{tmp_path}/four-\1", text)
        (tmp_path / "conf.d" / file.name).write_text(text)
    (tmp_path / "nginx.conf").write_text(_FRAME.format(folder=tmp_path))
    done = subprocess.run(
        [str(_NGINX), "-t", "-q", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", "stderr"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "[emerg]" not in done.stderr
    assert "[warn]" not in done.stderr.replace('the "user" directive', "")


def test_neither_forwards_the_figures_nor_writes_down_who_asks() -> None:
    nginx = "".join(file.read_text() for file in NGINX.glob("clinic-site*"))
    assert re.search(r"location /metrics \{\s*return 404;", nginx)
    (form,) = re.findall(r"log_format clinic (.*?);\n", nginx, re.DOTALL)
    for private in ("remote_addr", "remote_user", "request_uri", '$request"', "args", "http_"):
        assert private not in form
    assert nginx.count("access_log /") == 1
    assert "error_log /var/log/nginx/clinic-site-error.log crit;" in nginx
    caddy = CADDY.read_text()
    assert re.search(r"@figures path /metrics /metrics/\*\n\trespond @figures 404", caddy)
    assert not re.search(r"^\s*log\b", caddy, re.MULTILINE)


def test_both_tell_the_site_what_it_believes_of_one_proxy() -> None:
    nginx = (NGINX / "clinic-site.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in nginx
    assert "proxy_set_header X-Request-ID $request_id;" in nginx
    caddy = CADDY.read_text()
    assert "header_up X-Forwarded-For {remote_host}" in caddy
    assert "header_up X-Request-ID {http.request.uuid}" in caddy
    for text in (nginx, caddy):
        assert re.search(r"(client_max_body_size 12m|max_size 12MB)", text)


@pytest.mark.skipif(_CADDY is None, reason="Caddy is not on this machine")
def test_caddy_understands_its_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(_CADDY), "validate", "--adapter", "caddyfile", "--config", CADDY],
        capture_output=True, text=True, check=False,
        env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
