"""What bounds a session stands in one place, the README tells it, and Streamlit's own protections are on."""

import re
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground import limits

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
LIMITS = {name: value for name, value in vars(limits).items() if name.isupper()}


def told(name: str, value: float) -> str:
    return f"{value // 2**20} MB" if name.endswith("_BYTES") else f"{value:,}"


def test_the_readme_tells_every_limit_as_it_is():
    readme, code = ((ROOT / path).read_text(encoding="utf-8") for path in ("README.md", "playground/limits.py"))
    words = dict(re.findall(r"^([A-Z_]+) = .*?  # (?:bytes of )?(.+)$", code, re.MULTILINE))
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$", readme, re.MULTILINE)
    assert rows == [(name, told(name, value), words[name]) for name, value in LIMITS.items()]


def test_every_limit_is_a_number_that_something_looks_at():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "playground").rglob("*.py"))
    for name, value in LIMITS.items():
        assert value > 0
        assert len(re.findall(rf"\b{name}\b", code)) >= 3, f"{name} is defined, and not imported and used"


def test_no_limit_has_a_namesake_elsewhere():
    for path in (ROOT / "playground").rglob("*.py"):
        if path.name != "limits.py":
            named = re.findall(r"^([A-Z_]+(?:, [A-Z_]+)*) =", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert not {name for names in named for name in names.split(", ")} & set(LIMITS), path


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("server", "enableXsrfProtection", True),
        ("server", "enableCORS", True),
        ("server", "enableStaticServing", False),
        ("server", "enableAgentApi", False),
        ("server", "runOnSave", False),
        ("server", "fileWatcherType", "none"),
        ("server", "disconnectedSessionTTL", 120),
        ("server", "maxUploadSize", limits.RUN_BYTES // 2**20),
        ("server", "maxMessageSize", 20),
        ("client", "showErrorDetails", "none"),
        ("client", "showErrorLinks", False),
        ("browser", "gatherUsageStats", False),
        ("browser", "serverAddress", "localhost"),
    ],
)
def test_a_protection_of_streamlit_is_set(section, name, value):
    assert SETTINGS[section][name] == value
    assert "corsAllowedOrigins" not in SETTINGS["server"]


def test_what_goes_wrong_is_in_the_log_and_not_on_the_screen(caplog):
    def page() -> None:
        raise KeyError("a secret")

    (shown,) = AppTest.from_function(page).run().exception
    assert "a secret" not in shown.message
    assert "redacted" in shown.message
    assert not [*shown.stack_trace]
    assert "a secret" in caplog.text
