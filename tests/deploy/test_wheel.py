"""The wheel: everything that is no code is in it too, and nothing that does not belong there."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("agent", "connectors", "rules")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What lies in the wheel that is built from this tree."""
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = target.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_every_file_of_the_house_is_in_it(names: set[str]) -> None:
    """Rules, letters, scripts, migrations: a new kind of file cannot be forgotten."""
    files = [path for layer in LAYERS for path in (ROOT / layer).rglob("*") if path.is_file()]
    wanted = [path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts]
    assert len(wanted) > 200
    assert [name for name in wanted if name not in names] == []


def test_the_service_s_templates_lie_where_they_are_looked_for(names: set[str]) -> None:
    """Beside the code, since an installed Afterword has no `deploy/`."""
    templates = [path for path in (ROOT / "deploy").glob("*/afterword.*") if path.parent.name != "container"]
    assert len(templates) == 3
    for path in templates:
        assert f"agent/service/templates/{path.relative_to(ROOT / 'deploy').as_posix()}" in names


def test_nothing_else_is_in_it(names: set[str]) -> None:
    """The import names are common words: a `tests` or `deploy` of ours must not lie in other people's way."""
    assert {name.split("/")[0] for name in names} == {*LAYERS, "afterword-0.1.0.dist-info"}
    assert not [name for name in names if "__pycache__" in name]
