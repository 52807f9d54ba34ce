// The one place that owns time: which step is shown, where to go next, and what to ask the server for.

/** How fast to play: gradient steps from one picture to the next, and pictures a second at most. */
const PACES = {
  slow: { stride: 1, rate: 0.5 },
  calm: { stride: 1, rate: 2 },
  1: { stride: 1, rate: 60 },
  10: { stride: 10, rate: 60 },
  100: { stride: 100, rate: 60 },
  full: { stride: 750, rate: 30 },
};
const SMOOTH = 30; // pictures a second that look like one movement
const NOTHING = { deed: "", index: 0, value: 0, other: 0 };
const PICTURE_MS = 1000 / 60; // sixty pictures a second, whatever the screen can do, on the way to a step
const PATIENCE_MS = 1500; // an answer that takes longer may be lost: the same is asked again, then less and less often
const DRAIN = 0.95; // of the time from answer to answer in which what came is shown, so that the queue stays short
const MOST_PATIENCE_MS = 8000; // so that play goes on soon when a long silence ends

/** @typedef {{run: string, version: number, number: number, start: number, goal: number, stride: number, frames: number,
 *             deed: string, index: number, value: number, other: number, look: Look}} Ask */

class Player {
  /**
   * @param {(ask: Ask) => void} send asks the server
   * @param {(frame: Frame) => void} show draws a frame
   * @param {(event: "settled" | "halted" | "changed" | "waiting" | "forgotten" | "answered") => void} tell says that the picture stands
   *   still, that the loss diverged, that playing began or ended, that the server has not answered for a while, nor
   *   when it was asked again, or that it does again
   * @param {() => Look | null} look which slice of the loss landscape is to be drawn
   * @param {() => number} clock in milliseconds
   */
  constructor(send, show, tell, look, clock = () => performance.now()) {
    this.send = send;
    this.show = show;
    this.tell = tell;
    this.look = look;
    this.clock = clock;
    this.playing = false;
    this.pace = PACES[1]; // while playing
    this.number = 0; // of the latest ask
    this.roundTrip = 80; // ms from an ask to its answer, a running mean
    this.supply = 0; // ms from one frame that comes to the next where they are scarce, a running mean
    this.heard = 0; // when the latest answer to play came
    this.lastDraw = 0;
    this.hurry = false; // whether the next picture is shown as soon as it comes
    this.then = false; // whether to play on from the goal
    this.late = false; // whether the server has not answered for a while
    this.open("", 0, { lastStep: 0, mostFrames: 1, mostStride: 1 });
  }

  /**
   * Forget the run that was shown; the first picture of `run` opens the next one.
   * @param {string} run @param {number} version @param {{lastStep: number, mostFrames: number, mostStride: number}} limits
   */
  open(run, version, limits) {
    this.run = run;
    this.version = version;
    this.limits = limits;
    /** @type {Frame[]} frames that have come and are not drawn yet */
    this.queue = [];
    /** @type {Frame | null} */
    this.shown = null;
    /** @type {{ask: Ask, first: number, since: number, patience: number} | null} the ask not answered yet */
    this.pending = null;
    this.then = false;
    this.goal = 0; // the step to go to; where the run stands, once it is there
    this.jump = 1; // steps from one picture to the next on the way there
  }

  /** The run learns otherwise from the step on screen on. @param {number} version */
  renew(version) {
    this.version = version;
    this.act("");
  }

  /**
   * The run learns from other data: the pictures that have come are still shown, and those that are still to come have
   * learned from the new ones. Where they stand still, or come slowly, the present one is asked for anew.
   * @param {number} version
   */
  refresh(version) {
    const { goal } = this;
    if (this.playing && this.pace.rate >= SMOOTH) {
      this.version = version; // an ask that is on its way with the older one is answered
    } else {
      this.renew(version);
      this.goal = goal;
    }
  }

  /** Change something at the step on screen; playing goes on from there. @param {string} deed */
  act(deed, index = 0, value = 0, other = 0) {
    if (!this.shown) return;
    this.queue = [];
    this.then = false;
    this.hurry = true;
    this.goal = this.playing ? this.limits.lastStep : this.shown.step;
    this.ask(this.shown.step, 0, { deed, index, value, other });
  }

  /** Ask for the network at a place of the slice; the run stays where it is. Not while something else is on its way. */
  peek(value, other) {
    const still = !this.playing && !this.pending && !this.queue.length && this.shown?.step === this.goal;
    if (still) this.ask(this.shown.step, 0, { deed: "peek", index: 0, value, other });
  }

  play() {
    this.then = false;
    this.playing = true;
    this.supply = this.heard = 0;
    this.lastDraw = this.clock() - PICTURE_MS; // a slow pace starts with the phases of the first step
    if (this.shown) this.goal = this.limits.lastStep;
    this.tell("changed");
  }

  /** Stops at the step on screen, at once: what the server has prepared beyond it is dropped. */
  pause() {
    this.playing = false;
    if (this.shown) this.seek(this.shown.step);
    this.tell("changed");
  }

  /** Go by leaps to a step where the run has been before, and play on from there if it played. @param {number} step */
  resume(step, playing) {
    if (!this.shown) return;
    if (this.playing) this.pause();
    this.goal = Math.min(Math.max(this.shown.step, step), this.limits.lastStep);
    this.jump = this.limits.mostStride;
    if (this.goal > this.shown.step || this.pending) this.then = playing;
    else if (playing) this.play();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Take `steps` gradient steps, shown in about fifty pictures. Pressed again on the way, the steps add up. */
  advance(steps) {
    if (!this.shown) return;
    if (this.playing) this.pause();
    this.then = false;
    this.goal = Math.min(this.goal + steps, this.limits.lastStep);
    this.jump = Math.min(Math.ceil(steps / 50), this.limits.mostStride);
  }

  /** Go to a step and stay there. @param {number} step */
  seek(step) {
    if (!this.shown) return;
    this.goal = Math.max(this.shown.first ?? 0, Math.min(step, this.limits.lastStep));
    this.then = false;
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
    if (awaited && this.playing && this.pending.ask.frames) this.measure(chunk.frames.length);
    if (this.late) this.tell("answered");
    const undone = awaited && this.pending.ask.deed === "undo"; // the run stands where it stood then
    this.late = false;
    this.pending = null;
    if (chunk.peek) return true;
    this.queue.push(...chunk.frames);
    const last = chunk.frames.at(-1);
    last.halted = chunk.halted;
    if (chunk.halted) this.goal = last.step;
    else if (opening || undone) this.goal = this.playing ? this.limits.lastStep : last.step;
    return true;
  }

  /** So many frames have come; whether they are scarce shows where none was left to draw. @param {number} frames */
  measure(frames) {
    const now = this.clock(), each = this.heard && !this.late && !this.queue.length ? (now - this.heard) / frames : 0;
    this.supply += 0.3 * (each - this.supply);
    this.heard = now;
  }

  /** Milliseconds from one picture to the next: where a busy server sends fewer, they are shown evenly, not in bursts. */
  get interval() {
    return this.playing ? Math.max(1000 / this.pace.rate, DRAIN * this.supply) : PICTURE_MS;
  }

  /** How much of the time until the next picture has passed, 0 to 1. @param {number} now */
  phase(now) {
    return Math.max(0, Math.min(1, (now - this.lastDraw) / this.interval));
  }

  /** Called once for each animation frame. @param {number} now in milliseconds */
  tick(now) {
    if (this.queue.length && (this.hurry || now - this.lastDraw >= this.interval - 1)) {
      // keeps the pace on a screen of 75 Hz, too
      this.lastDraw = this.hurry ? now : Math.max(now - this.interval, this.lastDraw + this.interval);
      this.hurry = false;
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
    if ((this.pending && this.pending.ask.deed !== "peek") || step !== this.goal) return;
    if (this.playing) {
      this.playing = false;
      this.tell("changed");
    }
    this.tell(halted ? "halted" : "settled");
    if (this.then && !halted) this.play();
    this.then = false;
  }

  /** Keep so many frames in the queue that it does not run dry while the next answer is on its way. */
  askAhead() {
    const from = this.queue.length ? this.queue.at(-1).step : this.shown.step;
    const reserve = Math.ceil(((this.roundTrip + 30) * 1.3) / this.interval) + 2;
    if (from >= this.goal || this.queue.length >= reserve) return;
    this.ask(from, Math.min(2 * reserve, this.limits.mostFrames)); // few large answers cost least
  }

  ask(start, frames, deed = NOTHING) {
    this.number += 1;
    const stride = this.playing ? this.pace.stride : this.jump;
    const { run, version, number, goal } = this;
    const ask = { run, version, number, start, goal, stride, frames, ...deed, look: this.look() };
    const now = this.clock();
    this.pending = { ask, first: now, since: now, patience: PATIENCE_MS + 2 * this.roundTrip };
    this.send(ask);
  }

  askAgain() {
    const { pending } = this;
    if (this.clock() - pending.since < pending.patience) return;
    pending.since = this.clock();
    pending.patience = Math.min(2 * pending.patience, Math.max(MOST_PATIENCE_MS, 2 * this.roundTrip));
    this.tell(this.late ? "forgotten" : "waiting");
    this.late = true;
    this.send(pending.ask);
  }
}
