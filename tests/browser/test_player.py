"""The player alone, in the browser but on a clock of its own: quick presses, slow servers, lost answers, divergence."""

import pytest

from playground.stage import HERE

# A server that answers after `latency` ms with `most` frames, loses what `loses` says, and diverges after step `last`.
WORLD = """
class World {
  constructor({ latency = 80, loses = () => false, last = Infinity, hertz = 60, most = 64 } = {}) {
    Object.assign(this, { latency, loses, last, hertz, most });
    Object.assign(this, { now: 0, reached: 0, events: [], drawn: [], times: [], asks: [], waiting: [] });
    this.player = new Player(
      (ask) => {
        this.asks.push(ask);
        if (!this.loses(this.asks.length)) this.waiting.push([this.now + this.latency, ask]);
      },
      (frame) => this.drawn.push(frame.step) && this.times.push(this.now),
      (event) => this.events.push(event),
      () => null,
      () => this.now,
    );
    this.player.open("run", 0, { lastStep: 1e7, mostFrames: 64, mostStride: 1000 });
    this.player.receive({ run: "run", ask: 0, halted: false, frames: [{ step: 0 }] });
    this.wait(100);
    this.events = [];
  }
  answer(ask) {
    if (ask.deed === "peek") {
      const frames = [{ step: ask.start }];
      return this.player.receive({ run: ask.run, ask: ask.number, halted: false, peek: [0, 0], frames });
    }
    const start = Math.min(ask.start, this.reached);
    const length = Math.min(ask.frames, this.most);
    let steps = Array.from({ length }, (_, i) => Math.min(start + ask.stride * (i + 1), ask.goal));
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


@pytest.fixture(scope="module")
def world(shared_page):
    """Run a script in which `world(options)` makes a player with a server; returns what the script returns."""
    shared_page.add_script_tag(content=(HERE / "player.js").read_text(encoding="utf-8") + WORLD)
    return lambda script: shared_page.evaluate(f"() => {{ const world = options => new World(options); {script} }}")


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


def test_where_a_busy_server_sends_few_pictures_they_are_shown_evenly(world):
    script = """const w = world({ latency: 400, most: 10 }); w.player.play(); w.wait(10000);
                return w.times.slice(-100).map((time, i, times) => i && time - times[i - 1]).slice(1);"""
    gaps = world(script)
    assert sum(gaps) / len(gaps) == pytest.approx(40, rel=0.1)  # ten in 400 ms: none is held back
    assert max(gaps) < 3 * 40


def test_after_a_crowded_while_it_is_sixty_a_second_again(world):
    script = """const w = world({ latency: 400, most: 5 }); w.player.play(); w.wait(10000);
                w.latency = 80; w.most = 64; w.wait(4000);
                const before = w.drawn.length; w.wait(5000); return w.drawn.length - before;"""
    assert world(script) == pytest.approx(300, rel=0.03)


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
                w.player.open("other", 0, w.player.limits); w.wait(500);
                return [w.player.shown, w.player.playing];"""
    assert world(script) == [None, True]


# --- deeds, changes and paces


def test_a_deed_is_done_at_the_step_on_screen_and_play_goes_on_from_there(world):
    script = """const w = world(), p = w.player; p.play(); w.wait(1000);
                const at = w.step; p.act("edit", 3, 0.5); w.wait(2000);
                const ask = w.asks.find(({ deed }) => deed === "edit");
                const after = w.drawn.slice(w.drawn.lastIndexOf(at, w.drawn.length));
                return [at, ask.start, ask.frames, ask.index, ask.value, p.playing, after];"""
    at, start, frames, index, value, playing, after = world(script)
    assert (start, frames, index, value, playing) == (at, 0, 3, 0.5, True)
    assert after == list(range(at, at + len(after)))  # the step itself once more, changed, then the next ones
    assert len(after) > 60


def test_a_deed_at_rest_leaves_the_picture_where_it_is(world):
    script = """const w = world(), p = w.player; p.advance(10); w.wait(1000); p.act("edit", 0, 1); w.wait(1000);
                return [w.step, p.playing, w.drawn.at(-2)];"""
    assert world(script) == [10, False, 10]


def test_another_version_is_asked_for_from_the_step_on_screen(world):
    script = """const w = world(), p = w.player; p.play(); w.wait(500); const at = w.step; p.renew(1);
                const [last] = w.asks.slice(-1); w.wait(500);
                return [last.version, last.start === at, last.frames, p.playing, w.step > at];"""
    assert world(script) == [1, True, 0, True, True]


def test_after_an_undo_the_run_stands_where_it_stood(world):
    script = """const w = world(), p = w.player; p.advance(30); w.wait(1000);
                w.answer = (ask) => p.receive({ run: ask.run, ask: ask.number, halted: false, frames: [{ step: 12 }] });
                p.act("undo", 1); w.wait(1000); const asked = w.asks.length; w.wait(1000);
                return [w.step, p.goal, w.asks.length - asked];"""
    assert world(script) == [12, 12, 0]


@pytest.mark.parametrize(("pace", "pictures", "steps"), [("slow", 5, 5), ("calm", 20, 20), ("10", 600, 6000)])
def test_each_pace_has_its_steps_and_pictures(world, pace, pictures, steps):
    script = f"""const w = world(); w.player.pace = PACES["{pace}"]; w.player.play(); w.wait(2000);
                 const [drawn, step] = [w.drawn.length, w.step]; w.wait(10000);
                 return [w.drawn.length - drawn, w.step - step];"""
    drawn, moved = world(script)
    assert drawn == pytest.approx(pictures, rel=0.05, abs=1)
    assert moved == pytest.approx(steps, rel=0.05, abs=1)


def test_a_slow_step_shows_its_phases_before_it_is_taken(world):
    script = """const w = world(), p = w.player; p.pace = PACES.slow; p.play();
                const phases = [];
                while (w.step === 0 && phases.length < 500) { w.wait(16); phases.push(p.phase(w.now)); }
                return phases;"""
    phases = world(script)
    assert phases[3] < 0.1
    assert max(phases) > 0.95
    assert len(phases) * 16 == pytest.approx(2000, rel=0.1)


def test_pause_at_a_slow_pace_is_at_once(world):
    script = """const w = world(), p = w.player; p.pace = PACES.slow; p.play(); w.wait(2600); p.pause(); w.wait(300);
                return [w.step, p.playing, w.events.at(-1)];"""
    assert world(script) == [1, False, "settled"]


def test_a_server_that_keeps_silent_is_told_of_and_so_is_its_return(world):
    script = """const w = world({ loses: () => w.silent }); w.silent = false; w.player.play(); w.wait(500);
                w.silent = true; w.wait(10000); const [step, told] = [w.step, w.events.includes("waiting")];
                w.silent = false; w.wait(10000);
                return [told, w.events.includes("answered"), w.step > step, w.drawn.every((s, i) => s === i)];"""
    assert world(script) == [True, True, True, True]


def test_after_a_minute_of_silence_play_goes_on_within_seconds(world):
    script = """const w = world({ loses: () => w.silent }); w.silent = false; w.player.play(); w.wait(500);
                w.silent = true; w.wait(60000); const step = w.step; w.silent = false; w.wait(9000);
                return [w.step > step + 30, w.events.includes("forgotten"), w.drawn.every((s, i) => s === i)];"""
    assert world(script) == [True, True, True]


@pytest.mark.parametrize("playing", [True, False])
@pytest.mark.parametrize("was", [True, False])
def test_a_run_is_taken_by_leaps_to_where_it_was_and_plays_on_if_it_did(world, playing, was):
    script = f"""const w = world(), p = w.player; if ({str(was).lower()}) {{ p.play(); w.wait(100); }}
                 p.resume(12345, {str(playing).lower()}); w.wait(2000);
                 const at = w.drawn.indexOf(12345), next = w.drawn[at + 1];
                 return [at > 0, at < 60, next, p.playing];"""
    assert world(script) == [True, True, 12346 if playing else None, playing]


@pytest.mark.parametrize("press", ["p.back()", "p.advance(1)", "p.restart()"])
def test_a_press_on_the_way_to_where_it_was_has_the_say(world, press):
    script = f"const w = world({{ latency: 500 }}), p = w.player; p.resume(12345, true); {press}; w.wait(4000);"
    assert world(f"{script} return p.playing;") is False


# --- other data while playing


def test_other_data_let_play_go_on_without_a_picture_lost_or_shown_twice(world):
    script = """const w = world(), p = w.player; p.play(); w.wait(1000);
                const queued = p.queue.length, asked = w.asks.length; p.refresh(1);
                const kept = p.queue.length === queued && w.asks.length === asked; w.wait(1000);
                return [kept, w.asks.at(-1).version, w.drawn, p.playing];"""
    kept, version, drawn, playing = world(script)
    assert (kept, version, playing) == (True, 1, True)
    assert drawn == list(range(len(drawn)))
    assert len(drawn) > 110


def test_other_data_twice_a_second_cost_no_picture(world):
    script = """const w = world(), p = w.player; p.play(); w.wait(1000); const before = w.drawn.length;
                for (let i = 1; i <= 10; i++) { p.refresh(i); w.wait(500); }
                return w.drawn.length - before;"""
    assert world(script) == pytest.approx(300, rel=0.03)


@pytest.mark.parametrize("prepare", ["p.advance(10); w.wait(1000);", "p.pace = PACES.slow; p.play(); w.wait(2600);"])
def test_other_data_are_seen_at_once_where_the_picture_stands_or_passes_slowly(world, prepare):
    script = f"""const w = world(), p = w.player; {prepare} const at = w.step; p.refresh(1);
                 const ask = w.asks.at(-1); w.wait(200);
                 return [ask.version, ask.start === at, ask.frames, w.step === at];"""
    assert world(script) == [1, True, 0, True]


def test_other_data_on_the_way_to_a_step_do_not_end_it_early(world):
    script = """const w = world(), p = w.player; p.advance(100); w.wait(300); p.refresh(1); w.wait(3000);
                return [w.step, w.events];"""
    assert world(script) == [100, ["settled"]]


def test_who_looks_elsewhere_as_the_run_comes_to_rest_hears_that_it_has(world):
    events = world("""
        const w = world(), { show } = w.player;
        w.player.show = (frame) => { show(frame); w.player.peek(0, 0); };
        w.player.play(); w.wait(500); w.player.pause(); w.wait(1000);
        return w.events;
    """)
    assert events == ["changed", "changed", "settled"]
