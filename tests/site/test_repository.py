"""What every checkout must keep to: pinned packages, no registry named, every setting explained."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
# Joined here, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
    )
]
NOT_COMMITTED = {".git", "__pycache__", "htmlcov", "test-results", "var"}


def committed_files() -> Iterator[Path]:
    """Yield the checkout's files, without what .gitignore leaves out."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in NOT_COMMITTED
            and not re.fullmatch(r"\.(venv|\w+_cache|hypothesis)", name)
        ]
        yield from (Path(folder) / name for name in names if name != ".env")


def pins(file: Path) -> dict[str, str]:
    """Return the pinned packages of a requirement file, markers included."""
    lines = re.findall(
        r"^([\w.\[\],-]+)==([^\\\n]+)", file.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {name: version.strip() for name, version in lines}


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_requirements_are_pinned_with_hashes_and_name_no_index(file: Path) -> None:
    logical_lines = file.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    requirements = [line for line in logical_lines if line.strip() and not line.startswith("#")]
    assert requirements
    for line in requirements:
        assert re.match(r"[\w.\[\],-]+==\S+ ", line), line
        assert "--hash=sha256:" in line
        assert "http" not in line
        assert "index" not in line.split("--hash")[0]


def test_developers_use_the_very_packages_of_the_site() -> None:
    assert pins(ROOT / "requirements" / "base.txt").items() <= (
        pins(ROOT / "requirements" / "dev.txt").items()
    )


def test_no_file_names_a_package_registry() -> None:
    registries = [name.encode() for name in REGISTRIES]
    named = [
        str(path.relative_to(ROOT))
        for path in committed_files()
        if any(name in path.read_bytes() for name in registries)
    ]
    assert named == []


def settings_variables() -> set[str]:
    source = (ROOT / "clinic_site" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", source))


def test_settings_variables_are_found() -> None:
    assert {"SITE_URL", "DATABASE_URL", "SECRET_KEY"} <= settings_variables()


def test_every_setting_is_in_the_readme_and_the_example() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` ", readme, re.MULTILINE)) >= settings_variables()
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) == settings_variables()


def test_the_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
