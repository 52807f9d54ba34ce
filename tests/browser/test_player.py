"""The player alone, in the browser but on a clock of its own: quick presses, slow servers, lost answers, divergence."""

import pytest

from playground.stage import HERE

# A server that answers after `latency` ms, loses what `loses` says, and diverges after step `last`.
WORLD = """
class World {
  constructor({ latency = 80, loses = () => false, last = Infinity, hertz = 60 } = {}) {
    Object.assign(this, { latency, loses, last, hertz });
    Object.assign(this, { now: 0, reached: 0, events: [], drawn: [], asks: [], waiting: [] });
    this.player = new Player(
      (ask) => {
        this.asks.push(ask);
        if (!this.loses(this.asks.length)) this.waiting.push([this.now + this.latency, ask]);
      },
      (frame) => this.drawn.push(frame.step),
      (event) => this.events.push(event),
      () => this.now,
    );
    this.player.open("run", { lastStep: 1e7, mostFrames: 64, mostStride: 1000 });
    this.player.receive({ run: "run", ask: 0, halted: false, frames: [{ step: 0 }] });
    this.wait(100);
    this.events = [];
  }
  answer(ask) {
    const start = Math.min(ask.start, this.reached);
    let steps = Array.from({ length: ask.frames }, (_, i) => Math.min(start + ask.stride * (i + 1), ask.goal));
    steps = [...new Set(steps.filter((step) => step > start))];
    if (!steps.length) steps = [start];
    const halted = steps.some((step) => step > this.last);
    if (halted) steps = [...steps.filter((step) => step < this.last), this.last];
    this.reached = Math.max(this.reached, steps.at(-1));
    this.player.receive({ run: ask.run, ask: ask.number, halted, frames: steps.map((step) => ({ step })) });
  }
  wait(ms) {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 1000 / this.hertz;
      const due = this.waiting.filter(([at]) => at <= this.now);
      this.waiting = this.waiting.filter(([at]) => at > this.now);
      for (const [, ask] of due) this.answer(ask);
      this.player.tick(this.now);
    }
    return this;
  }
  get step() { return this.player.shown.step; }
}
"""


@pytest.fixture
def world(page):
    """Run a script in which `world(options)` makes a player with a server; returns what the script returns."""
    page.add_script_tag(content=(HERE / "player.js").read_text(encoding="utf-8") + WORLD)
    return lambda script: page.evaluate(f"() => {{ const world = options => new World(options); {script} }}")


@pytest.mark.parametrize(
    ("presses", "ends_at"),
    [
        ("p.advance(1); p.advance(1); p.advance(1)", 13),
        ("p.restart(); p.advance(1)", 1),
        ("p.back(); p.advance(1)", 10),
        ("p.advance(1); p.back()", 10),
        ("p.back(); p.back(); p.back()", 7),
        ("p.advance(100); p.back()", 109),
        ("p.advance(10); p.restart()", 0),
        ("p.play(); p.pause()", 10),
        ("p.play(); p.restart(); p.advance(10)", 10),
    ],
)
def test_presses_quicker_than_the_server_add_up(world, presses, ends_at):
    script = f"const w = world(), p = w.player; p.advance(10); w.wait(1000); {presses}; w.wait(3000); return w.step;"
    assert world(script) == ends_at


def test_each_press_settles_once(world):
    script = "const w = world(); w.player.advance(10); w.wait(1000); return w.events;"
    assert world(script) == ["settled"]


def test_play_draws_every_step_once_and_in_order(world):
    drawn = world("const w = world(); w.player.play(); w.wait(3000); return w.drawn;")
    assert drawn == list(range(len(drawn)))
    assert len(drawn) > 150


@pytest.mark.parametrize("hertz", [60, 75, 90, 120, 144])
def test_sixty_pictures_a_second_on_every_screen(world, hertz):
    script = f"""const w = world({{ hertz: {hertz} }}); w.player.play(); w.wait(1000);
                 const before = w.drawn.length; w.wait(5000); return w.drawn.length - before;"""
    assert world(script) == pytest.approx(300, rel=0.03)


@pytest.mark.parametrize(("latency", "least"), [(200, 280), (1000, 200), (4000, 60), (10_000, 20)])
def test_a_slow_server_still_plays(world, latency, least):
    script = (
        f"const w = world({{ latency: {latency} }}); w.player.play(); w.wait(60000); return [w.step, w.asks.length];"
    )
    step, asks = world(script)
    assert step > least
    assert asks < 60_000 / latency * 3 + 30, "a slow server is not asked ever more often"


def test_a_lost_answer_is_asked_for_again(world):
    script = """const w = world({ loses: (n) => n % 3 === 0 }); w.player.play(); w.wait(20000); return w.drawn;"""
    drawn = world(script)
    assert len(drawn) > 100
    assert drawn == list(range(len(drawn)))


def test_divergence_ends_play_where_it_happens(world):
    script = (
        "const w = world({ last: 40 }); w.player.play(); w.wait(3000); return [w.step, w.player.playing, w.events];"
    )
    assert world(script) == [40, False, ["changed", "changed", "halted"]]


@pytest.mark.parametrize("press", ["restart", "back", "pause"])
def test_leaving_before_the_divergence_is_shown_raises_no_alarm(world, press):
    script = f"""const w = world({{ last: 20, latency: 20 }}); w.player.play();
                 while (w.step < 8) w.wait(16);
                 w.player.{press}(); w.wait(2000); return w.events.includes("halted");"""
    assert world(script) is False


def test_answers_of_another_run_are_not_shown(world):
    script = """const w = world(); w.player.play(); w.wait(500);
                w.player.open("other", w.player.limits); w.wait(500);
                return [w.player.shown, w.player.playing];"""
    assert world(script) == [None, True]
