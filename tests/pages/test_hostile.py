"""Hostile links and messages on the page itself: no exception, and no file touched that is none of its business."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from tests.test_hostile import MARKUP
from tests.test_hostile import NASTY as WORDS

ROOT = Path(__file__).parents[2]
FIELDS = (
    "data",
    "points",
    "hidden",
    "activation",
    "features",
    "inputs",
    "plane",
    "lr",
    "batch",
    "seed",
    "classes",
    "loss",
)
NASTY = [word.encode("utf-8", "replace").decode()[:2_000] for word in WORDS]  # half a letter comes over no wire
PAGES = ("playground", "bring", "one_weight", "one_neuron", "functions")


def links() -> list[dict[str, str]]:
    """Two dozen links, the same each time: nasty words in a few fields each."""
    lot = random.Random(8)
    return [{field: lot.choice(NASTY) for field in lot.sample(FIELDS, lot.randint(1, 4))} for _ in range(24)]


def visit(query: dict[str, str], page: str = "playground") -> AppTest:
    app = AppTest.from_file(str(ROOT / "playground" / "pages" / f"{page}.py"), default_timeout=60)
    for name, word in query.items():
        app.query_params[name] = word
    return app.run()


@pytest.mark.parametrize("query", links(), ids=lambda query: ",".join(query))
def test_a_hostile_link_opens_the_page_and_its_words_are_no_markup(query):
    app = visit(query)
    assert not app.exception
    assert app.warning
    for warning in app.warning:
        assert not MARKUP.search(warning.value.replace("|", ""))


@pytest.mark.parametrize("page", PAGES[1:])
def test_the_other_pages_open_whatever_their_link_says(page):
    for word in NASTY:
        assert not visit(
            dict.fromkeys(("x", "w", "eps", "label", "points", "kind", "rate", "data"), word), page
        ).exception


@pytest.mark.parametrize("pasted", NASTY)
def test_a_hostile_paste_is_said_or_read(pasted):
    app = visit({}, "bring")
    app.text_area[0].set_value(pasted[:1_000] + "," + pasted[:1_000])
    app.button[0].click()
    app.run()
    assert not app.exception
    for error in app.error:
        assert not MARKUP.search(error.value)


@pytest.mark.parametrize("forged", ["nope", "<b>x</b>", "9" * 3_000, "1e999"])
def test_a_choice_that_was_never_offered_is_not_taken(monkeypatch, forged):
    """What a browser in the wrong hands sends for every choice of the sidebar at once."""
    app = visit({})
    before = app.session_state["chosen"]

    def state(self: Selectbox) -> WidgetState:
        return WidgetState(id=self.id, string_value=forged)

    monkeypatch.setattr(Selectbox, "_widget_state", property(state))
    app.run()
    assert not app.exception
    assert app.session_state["chosen"] == before


# --- files

RECORD = """
import json, sys
opened = set()
ACTS = ("os.remove", "os.rename", "os.mkdir", "os.system", "os.exec", "subprocess.Popen", "socket.connect")
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        flags = args[2] if isinstance(args[2], int) else 0
        opened.add((str(args[0]), bool(flags & 3) or any(c in (args[1] or "") for c in "wax+")))
    if event in ACTS:
        opened.add((event + " " + str(args[:2]), True))

from tests.pages.test_hostile import NASTY, PAGES, links, visit
for page in PAGES:  # whatever is loaded once, is by now
    visit({}, page)
visit({"data": "digits"}), visit({"data": "wine"}), visit({"data": "iris"}), visit({"data": "breast-cancer"})
sys.addaudithook(watch)
from playground.data.table import read_table
from playground.share.saved import read_run
for query in links()[:12]:
    visit(query)
for word in NASTY:
    for read in (read_table, read_run):
        for data in (word.encode("utf-8", "replace"), (word[:900] + ",b\\n1,2\\n3,4").encode("utf-8", "replace")):
            try:
                read(data, *([word] if read is read_table else []))
            except ValueError:
                pass
app = visit({}, "bring")
for word in NASTY[:8]:
    app.text_area[0].set_value(word[:900] + ",b\\n1,2\\n3,4")
    app.button[0].click()
    app.run()
print(json.dumps(sorted(opened)))
"""


def test_no_file_outside_the_project_is_read_and_none_is_written():
    run = subprocess.run([sys.executable, "-B", "-c", RECORD], cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(run.stdout.splitlines()[-1])
    libraries = tuple({str(Path(path).resolve()) for path in (sys.prefix, sys.base_prefix)})
    ours = (str(ROOT), *libraries, "/proc/", "/sys/", "/dev/null")
    assert told, "nothing was recorded"
    assert [path for path, writes in told if writes and path != "/dev/null"] == []
    assert [path for path, _ in told if not str(Path(path).resolve()).startswith(ours)] == []
