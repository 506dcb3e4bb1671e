"""Settings that `make run` chooses, and what it leaves alone."""

import stat
from pathlib import Path

import pytest

from enquiries.crypto import check_keys
from scripts.address import Address
from scripts.environment import ROOT, Problem
from scripts.local_site import prepare_data, site_variables

HERE = Address("127.0.0.1", 8000)


def test_defaults_are_for_this_machine() -> None:
    variables = site_variables({}, HERE)
    assert variables["SITE_URL"] == "http://127.0.0.1:8000"
    assert variables["ALLOWED_HOSTS"] == ""
    assert variables["DATA_DIR"] == str(ROOT / "var")
    assert variables["SECRET_KEY_FILE"] == str(ROOT / "var" / "secret_key")
    assert variables["ENQUIRY_KEYS_FILE"] == str(ROOT / "var" / "enquiry_keys")
    assert variables["SECOND_FACTOR"] == "offered"


def test_what_the_person_set_stays() -> None:
    chosen = {"SITE_URL": "https://www.example.org", "SECRET_KEY": "x" * 50, "DATA_DIR": "/srv/x"}
    variables = site_variables(chosen, HERE)
    assert variables["SITE_URL"] == "https://www.example.org"
    assert variables["DATA_DIR"] == "/srv/x"
    assert "SECRET_KEY_FILE" not in variables
    assert "SECOND_FACTOR" not in variables


def test_a_host_others_reach_is_allowed_by_its_names() -> None:
    variables = site_variables({}, Address("192.0.2.7", 8000))
    assert variables["SITE_URL"] == "http://127.0.0.1:8000"
    assert "192.0.2.7" in variables["ALLOWED_HOSTS"].split(",")
    assert "SECOND_FACTOR" not in variables


def test_secret_key_is_made_once_for_the_owner_only(tmp_path: Path) -> None:
    variables = site_variables({"DATA_DIR": str(tmp_path / "data")}, HERE)
    prepare_data(variables)
    key = Path(variables["SECRET_KEY_FILE"])
    first = key.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    prepare_data(variables)
    assert key.read_text() == first


def test_a_key_for_enquiries_is_made_once_for_the_owner_only(tmp_path: Path) -> None:
    variables = site_variables({"DATA_DIR": str(tmp_path / "data")}, HERE)
    prepare_data(variables)
    key = Path(variables["ENQUIRY_KEYS_FILE"])
    first = key.read_text()
    assert check_keys(first.split()) == ""
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    # Without the first key nobody could read the enquiries again.
    prepare_data(variables)
    assert key.read_text() == first


@pytest.mark.parametrize("name", ["ENQUIRY_KEYS", "ENQUIRY_KEYS_FILE"])
def test_keys_that_the_person_set_are_the_ones(tmp_path: Path, name: str) -> None:
    chosen = {"DATA_DIR": str(tmp_path / "data"), name: str(tmp_path / "mine")}
    variables = site_variables(chosen, HERE)
    prepare_data(variables)
    assert variables[name] == str(tmp_path / "mine")
    assert ("ENQUIRY_KEYS_FILE" in variables) is (name == "ENQUIRY_KEYS_FILE")
    assert not (tmp_path / "data" / "enquiry_keys").exists()


def test_a_data_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="Set DATA_DIR to a folder of yours"):
        prepare_data(site_variables({"DATA_DIR": str(tmp_path / "file" / "data")}, HERE))
