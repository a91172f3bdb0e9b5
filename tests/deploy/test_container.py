"""The container's files, as far as they can be held without a container engine."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML

from agent.config.load import load
from tests.cli.conftest import CONFIG
from tests.daemon.household import wait_until

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/container"
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


def instructions() -> list[tuple[str, str]]:
    """Each instruction and what follows it, continued lines joined."""
    text = re.sub(r"\\\n", " ", (FOLDER / "Containerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" ")[0], " ".join(line.partition(" ")[2].split())) for line in lines]


def all_of(kind: str) -> list[str]:
    return [rest for name, rest in instructions() if name == kind]


def copied() -> list[str]:
    """What is taken from the source tree."""
    return [source for rest in all_of("COPY") if "--from" not in rest for source in rest.split()[:-1]]


@pytest.fixture
def compose() -> dict:
    return YAML(typ="safe").load(FOLDER / "compose.yaml")


def test_the_base_is_pinned_and_one() -> None:
    """A minor version of Python on a named Debian, from a named registry; what is built is run on the same."""
    bases = {rest.split()[0] for rest in all_of("FROM")}
    assert len(bases) == 1
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-[a-z]+", bases.pop())


def test_it_does_not_run_as_root() -> None:
    """The last word on the user comes before the program starts, in the last stage."""
    names = [name for name, _ in instructions()]
    assert all_of("USER") == ["1000:1000"]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name in ("FROM", "RUN", "COPY"))


def test_no_shell_stands_between() -> None:
    """Signals reach the daemon itself: both are lists, so no shell is started."""
    [start], [given] = all_of("ENTRYPOINT"), all_of("CMD")
    python, script, *words = json.loads(start) + json.loads(given)
    assert (python, words) == ("/opt/afterword/bin/python", ["run"])
    assert any(rest.endswith(str(Path(script).parent) + "/") and Path(script).name in rest for rest in all_of("COPY"))


def test_it_stays_stopped_when_the_user_must_act(tmp_path: Path) -> None:
    """`on-failure` restarts whatever did not end with 0; what to do is in the log."""
    (tmp_path / "config.yaml").write_text("nonsense: yes\n")
    start = [sys.executable, str(FOLDER / "start.py"), "--config", str(tmp_path / "config.yaml")]
    for word, code in (("run", 0), ("no-such-command", 2)):
        done = subprocess.run(
            [*start, word],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code
        assert word != "run" or "There is no key `nonsense` here" in done.stderr


def test_there_are_no_secrets_in_it() -> None:
    """Neither by name nor by copying more than is needed."""
    text = " ".join(f"{name} {rest}" for name, rest in instructions()).lower()
    assert not re.search(r"password|token|secret|api_?key", text)
    assert "ARG" not in {name for name, _ in instructions()}
    assert "ADD" not in {name for name, _ in instructions()}
    assert "." not in copied()


def test_the_package_can_be_built_from_what_is_copied(tmp_path: Path) -> None:
    """Nothing is missing in the first stage: the wheel is the same as from the whole tree."""
    for name in copied():
        target = tmp_path / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, target)
    names = []
    for source in (tmp_path / "source", ROOT):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / source.name)]
        subprocess.run(build, cwd=source, check=True, capture_output=True)
        [wheel] = (tmp_path / source.name).glob("*.whl")
        names.append({name for name in zipfile.ZipFile(wheel).namelist() if "__pycache__" not in name})
    assert names[0] == names[1]


def test_only_the_store_can_be_written(compose: dict) -> None:
    """And whoever breaks in has no rights to gain."""
    [service] = compose["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["./config:/config:ro", "store:/store"]
    assert "store" in compose["volumes"]
    assert not {"privileged", "network_mode", "pid", "ports", "devices", "environment"} & set(service)
    assert not service["user"].startswith("0")


def test_what_it_writes_lies_in_the_store() -> None:
    """Data, tokens and the crash file; the cache was filled when the image was built."""
    variables = dict(pair.split("=", 1) for pair in " ".join(all_of("ENV")).split())
    assert all_of("VOLUME") == ["/store"]
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        assert variables[name].startswith("/store")
    [filled] = re.findall(r"XDG_CACHE_HOME=(\S+)", " ".join(all_of("RUN")))
    assert variables["XDG_CACHE_HOME"] == filled


def test_the_page_s_configuration_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"(?ms)^```yaml\n(.*?)^```$", (ROOT / "docs/container.md").read_text())
    (tmp_path / "config.yaml").write_text(blocks[0])
    assert load(tmp_path / "config.yaml").account("home") is not None


def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("healthy", FOLDER / "healthy.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize(
    ("running", "ago", "trouble", "well"),
    [
        (True, 1, None, True),
        (True, 20, None, False),
        (True, 20, "the server is away", True),
        (True, None, None, True),
        (False, 1, None, False),
    ],
)
def test_what_counts_as_ill(running: bool, ago: int | None, trouble: str | None, well: bool) -> None:
    """A daemon that is gone or hangs; not a mailbox that cannot be reached."""
    turn = (NOW - timedelta(minutes=ago)).isoformat() if ago is not None else None
    account = {"name": "home", "last_turn": turn, "trouble": trouble}
    wrong = module().illness({"now": NOW.isoformat(), "running": running, "accounts": [account]})
    assert (wrong is None) == well


def test_the_health_check_sees_a_daemon(tmp_path: Path) -> None:
    """Ill without one, well with one; called as the container calls it."""
    for name in ("cur", "new", "tmp"):
        (tmp_path / "Mail" / name).mkdir(parents=True)
    (tmp_path / "config.yaml").write_text(CONFIG)
    programs = Path(sys.executable).parent
    surroundings = {
        "HOME": str(tmp_path), "AFTERWORD_CONFIG": str(tmp_path / "config.yaml"),
        "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"], "PATH": f"{programs}:/usr/bin:/bin",
    }  # fmt: skip

    def check() -> "subprocess.CompletedProcess[str]":
        asked = [sys.executable, str(FOLDER / "healthy.py")]
        return subprocess.run(asked, env=surroundings, capture_output=True, text=True, check=False)

    assert check().stdout == "the daemon does not run\n"
    with subprocess.Popen([programs / "afterword", "run"], env=surroundings, stderr=subprocess.DEVNULL) as running:
        try:
            wait_until(lambda: check().returncode == 0, seconds=60, what="health")
        finally:
            running.terminate()
