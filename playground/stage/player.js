// The one place that owns time: which step is shown, where to go next, and what to ask the server for.

const FRAME_MS = 1000 / 60; // sixty pictures a second, whatever the screen can do
const PATIENCE_MS = 1500; // an answer that takes longer may be lost: the same is asked again, then less and less often

/** @typedef {{run: string, number: number, start: number, goal: number, stride: number, frames: number}} Ask */

class Player {
  /**
   * @param {(ask: Ask) => void} send asks the server
   * @param {(frame: Frame) => void} show draws a frame
   * @param {(event: "settled" | "halted" | "changed") => void} tell says that the picture stands still, that the
   *   loss diverged, or that playing began or ended
   * @param {() => number} clock in milliseconds
   */
  constructor(send, show, tell, clock = () => performance.now()) {
    this.send = send;
    this.show = show;
    this.tell = tell;
    this.clock = clock;
    this.playing = false;
    this.pace = 1; // steps from one picture to the next while playing
    this.number = 0; // of the latest ask
    this.roundTrip = 80; // ms from an ask to its answer, a running mean
    this.lastDraw = 0;
    this.open("", { lastStep: 0, mostFrames: 1, mostStride: 1 });
  }

  /**
   * Forget the run that was shown; the first picture of `run` opens the next one.
   * @param {string} run @param {{lastStep: number, mostFrames: number, mostStride: number}} limits of an ask
   */
  open(run, limits) {
    this.run = run;
    this.limits = limits;
    /** @type {Frame[]} frames that have come and are not drawn yet */
    this.queue = [];
    /** @type {Frame | null} */
    this.shown = null;
    /** @type {{ask: Ask, first: number, since: number, patience: number} | null} the ask not answered yet */
    this.pending = null;
    this.goal = 0; // the step to go to; where the run stands, once it is there
    this.jump = 1; // steps from one picture to the next on the way there
  }

  play() {
    this.playing = true;
    if (this.shown) this.goal = this.limits.lastStep;
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

  /** Take `steps` gradient steps, shown in about fifty pictures. Pressed again on the way, the steps add up. */
  advance(steps) {
    if (!this.shown) return;
    if (this.playing) this.pause();
    this.goal = Math.min(this.goal + steps, this.limits.lastStep);
    this.jump = Math.min(Math.ceil(steps / 50), this.limits.mostStride);
  }

  /** Go to a step and stay there. @param {number} step */
  seek(step) {
    if (!this.shown) return;
    this.goal = Math.max(0, Math.min(step, this.limits.lastStep));
    this.queue = [];
    this.ask(this.goal, 0);
  }

  /** One step back from where the run stands or is going. */
  back() {
    if (this.playing) this.pause();
    this.seek(this.goal - 1);
  }

  restart() {
    if (this.playing) this.pause();
    this.seek(0);
  }

  /** @param {Chunk} chunk @returns {boolean} whether it belongs to what is shown */
  receive(chunk) {
    const opening = !this.shown && !this.pending;
    const awaited = chunk.ask === this.pending?.ask.number;
    if (chunk.run !== this.run || !(opening || awaited)) return false;
    if (awaited) this.roundTrip += 0.3 * (this.clock() - this.pending.first - this.roundTrip);
    this.pending = null;
    this.queue.push(...chunk.frames);
    const last = chunk.frames.at(-1);
    last.halted = chunk.halted;
    if (chunk.halted) this.goal = last.step;
    else if (opening) this.goal = this.playing ? this.limits.lastStep : last.step;
    return true;
  }

  /** Called once for each animation frame. @param {number} now in milliseconds */
  tick(now) {
    if (this.queue.length && now - this.lastDraw >= FRAME_MS - 1) {
      this.lastDraw = Math.max(now - FRAME_MS, this.lastDraw + FRAME_MS); // keeps the pace on a screen of 75 Hz, too
      this.shown = this.queue.shift();
      this.show(this.shown);
      if (!this.queue.length) this.arrive();
    }
    if (this.pending) this.askAgain();
    else if (this.shown) this.askAhead();
  }

  /** The queue is empty: the run stands still if this is where it was to go. */
  arrive() {
    const { step, halted } = this.shown;
    if (this.pending || step !== this.goal) return;
    if (this.playing) {
      this.playing = false;
      this.tell("changed");
    }
    this.tell(halted ? "halted" : "settled");
  }

  /** Keep so many frames in the queue that it does not run dry while the next answer is on its way. */
  askAhead() {
    const from = this.queue.length ? this.queue.at(-1).step : this.shown.step;
    const reserve = Math.ceil(((this.roundTrip + 30) * 1.3) / FRAME_MS) + 2;
    if (from >= this.goal || this.queue.length >= reserve) return;
    this.ask(from, Math.min(2 * reserve, this.limits.mostFrames)); // few large answers cost least
  }

  ask(start, frames) {
    this.number += 1;
    const stride = this.playing ? this.pace : this.jump;
    const ask = { run: this.run, number: this.number, start, goal: this.goal, stride, frames };
    const now = this.clock();
    this.pending = { ask, first: now, since: now, patience: PATIENCE_MS + 2 * this.roundTrip };
    this.send(ask);
  }

  askAgain() {
    const { pending } = this;
    if (this.clock() - pending.since < pending.patience) return;
    pending.since = this.clock();
    pending.patience *= 2;
    this.send(pending.ask);
  }
}
