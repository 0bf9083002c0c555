"""The shape of the code holds: who imports whom, where rules live, how big things get."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from broker.config import ROOT

AREAS = sorted(file.parent for file in (ROOT / "broker").glob("*/views.py"))
ASIDE_CALLERS = {
    "account/actions.py",
    "account/pace.py",
    "api/callers.py",
    "council_accounts/actions.py",
    "council_accounts/trips.py",
    "messages/actions.py",
    "programme/actions.py",
    "sessions.py",
}


def _modules(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_an_area_imports_no_other_areas_views_or_forms() -> None:
    for area in AREAS:
        for file in area.rglob("*.py"):
            for name in _imports(file):
                other = re.match(r"broker\.(\w+)\.(views|forms)\b", name)
                if other:
                    assert other[1] == area.name, f"{file} imports {name}"


def test_views_ask_queries_and_actions_and_never_the_database() -> None:
    for area in AREAS:
        text = (area / "views.py").read_text()
        assert "db.session" not in text and "select(" not in text, f"{area.name}/views.py"


def test_no_area_commits() -> None:
    for file in _modules("broker", "seed"):
        if file.name != "db.py":
            assert ".commit()" not in file.read_text(), file


def test_only_the_named_places_keep_something_aside() -> None:
    callers = {
        str(file.relative_to(ROOT / "broker"))
        for file in _modules("broker")
        if re.search(r"with aside\(\)", file.read_text())
    }
    assert callers == ASIDE_CALLERS


def test_only_the_ledger_writes_ledger_entries() -> None:
    for file in _modules("broker", "seed"):
        if file.name not in ("ledger.py",) or file.parent.name == "models":
            assert not re.search(r"(?<!class )LedgerEntry\(", file.read_text()), file


def test_nothing_but_the_clock_asks_for_the_time() -> None:
    for file in _modules("broker", "seed"):
        if file.name not in ("clock.py",):
            asks = r"datetime\.now|date\.today|datetime\.utcnow|time\.time\("
            found = re.search(asks, file.read_text())
            assert not found, f"{file}: {found}"


def test_no_function_hides_an_import_to_dodge_a_cycle() -> None:
    for file in _modules("broker", "seed"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, (ast.Import, ast.ImportFrom))]
                assert not inner, f"{file}:{node.name}"


def test_files_stay_small_enough_to_hold_in_the_head() -> None:
    for file in _modules("broker", "seed"):
        lines = len(file.read_text().splitlines())
        assert lines <= 400, f"{file.relative_to(ROOT)} has {lines} lines"


def test_every_template_belongs_to_an_endpoint_or_is_part_of_another() -> None:
    folder = ROOT / "broker" / "templates"
    said = "".join(f.read_text() for f in [*_modules("broker"), *folder.rglob("*.html")])
    for template in sorted(folder.rglob("*.html")):
        name = str(template.relative_to(folder))
        if not name.startswith("errors/"):
            assert f'"{name}"' in said or f"'{name}'" in said, f"{name} is used nowhere"


def test_the_project_speaks_of_itself_alone() -> None:
    listed = ["git", "ls-files"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    forbidden = re.compile(r"/work/|\bsub-?agents?\b|pypi\.org|registry\.npmjs|pythonhosted")
    for name in files.split():
        file = ROOT / name
        if file.suffix in {".py", ".md", ".html", ".toml", ".txt", ".lock", ".json", ".css", ".js"}:
            if file.name != "test_architecture.py" and file.exists():
                assert not forbidden.search(file.read_text()), name
