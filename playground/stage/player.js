// The one place that owns time: which step is shown, where to go next, and what to ask the server for.

const LAST_STEP = 10_000_000;
const FRAME_MS = 1000 / 62; // no more than about sixty pictures a second, whatever the screen can do
const MOST_FRAMES = 64; // in one answer
const MOST_STRIDE = 1000;
const PATIENCE_MS = 1500; // an answer that takes longer is taken for lost, and asked for again

class Player {
  /**
   * @param {(ask: object) => void} send asks the server
   * @param {(frame: Frame) => void} show draws a frame
   * @param {(event: "settled" | "halted" | "changed") => void} tell says that the picture stands still, that the
   *   loss diverged, or that playing began or ended
   */
  constructor(send, show, tell) {
    this.send = send;
    this.show = show;
    this.tell = tell;
    this.playing = false;
    this.pace = 1; // steps from one picture to the next while playing
    this.number = 0; // of the latest ask
    this.roundTrip = 80; // ms from an ask to its answer, a running mean
    this.lastDraw = 0;
    this.open("");
  }

  /** Forget the run that was shown; the first picture of `run` opens the next one. @param {string} run */
  open(run) {
    this.run = run;
    /** @type {Frame[]} frames that have come and are not drawn yet */
    this.queue = [];
    /** @type {Frame | null} */
    this.shown = null;
    /** @type {{number: number, start: number, frames: number, since: number} | null} the ask not answered yet */
    this.pending = null;
    this.goal = 0; // the step to go to
    this.jump = 1; // steps from one picture to the next on the way there
    this.halted = false; // the queue ends where the loss diverges
    this.still = false; // the queue ends where the picture will stand
  }

  play() {
    if (!this.shown) return;
    this.playing = true;
    this.goal = LAST_STEP;
    this.tell("changed");
  }

  /** Stops at the step on screen, at once: what the server has prepared beyond it is dropped. */
  pause() {
    this.playing = false;
    if (this.shown) this.seek(this.shown.step);
    this.tell("changed");
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Take `steps` gradient steps, shown in about twenty pictures. Pressed again on the way, the steps add up. */
  advance(steps) {
    if (!this.shown) return;
    if (this.playing) this.pause();
    const from = Math.max(this.goal, this.shown.step);
    this.goal = Math.min(from + steps, LAST_STEP);
    this.jump = Math.min(Math.ceil(steps / 20), MOST_STRIDE);
  }

  /** Go to a step and stay there. @param {number} step */
  seek(step) {
    if (!this.shown) return;
    const target = Math.max(0, Math.min(step, LAST_STEP));
    this.queue = [];
    this.goal = target;
    this.ask(target, 0);
  }

  /** One step back from where the run stands or is going. */
  back() {
    if (!this.shown) return;
    if (this.playing) this.pause();
    this.seek(this.pending && this.pending.frames === 0 ? this.pending.start - 1 : this.shown.step - 1);
  }

  restart() {
    if (this.playing) this.pause();
    this.seek(0);
  }

  /** @param {Chunk} chunk @returns {boolean} whether it belongs to what is shown */
  receive(chunk) {
    const opening = !this.shown && !this.pending;
    const awaited = this.pending !== null && chunk.ask === this.pending.number;
    if (chunk.run !== this.run || !(opening || awaited)) return false;
    if (awaited) this.roundTrip += 0.3 * (performance.now() - this.pending.since - this.roundTrip);
    this.pending = null;
    this.queue.push(...chunk.frames);
    const last = chunk.frames.at(-1).step;
    if (chunk.halted) {
      this.halted = true;
      this.goal = last;
    }
    if (opening) this.goal = this.playing ? LAST_STEP : last;
    this.still = !this.playing && last === this.goal;
    return true;
  }

  /** Called once for each animation frame. @param {number} now in milliseconds */
  tick(now) {
    if (this.queue.length && now - this.lastDraw >= FRAME_MS - 2) {
      this.lastDraw = now;
      this.shown = this.queue.shift();
      this.show(this.shown);
      if (!this.queue.length) this.arrive();
    }
    if (this.pending && performance.now() - this.pending.since > PATIENCE_MS + 2 * this.roundTrip) {
      this.ask(this.pending.start, this.pending.frames);
    }
    if (this.shown && !this.pending && !this.halted) this.askAhead();
  }

  arrive() {
    if (this.halted) {
      this.halted = false;
      this.playing = false;
      this.tell("changed");
      this.tell("halted");
    } else if (this.still && !this.pending) {
      this.still = false;
      this.tell("settled");
    }
  }

  /** Keep so many frames in the queue that it does not run dry while the next answer is on its way. */
  askAhead() {
    const from = this.queue.length ? this.queue.at(-1).step : this.shown.step;
    if (from >= this.goal) return;
    const reserve = Math.ceil(((this.roundTrip + 30) * 1.3) / FRAME_MS) + 2;
    if (this.queue.length < reserve) this.ask(from, Math.min(2 * reserve, MOST_FRAMES)); // few large answers cost least
  }

  ask(start, frames) {
    this.number += 1;
    this.pending = { number: this.number, start, frames, since: performance.now() };
    const stride = this.playing ? this.pace : this.jump;
    this.send({ run: this.run, number: this.number, start, goal: this.goal, stride, frames });
  }
}
