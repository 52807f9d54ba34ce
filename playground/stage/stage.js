// The stage: puts the pictures, the player and the page's events together.

/** One stage for each place it is mounted at. @type {WeakMap<object, Stage>} */
const stages = new WeakMap();

/** Streamlit calls this at every rerun, with the same parent as long as the stage stays on the page. */
export default function mount({ parentElement, data, setTriggerValue }) {
  let stage = stages.get(parentElement);
  if (!stage) stages.set(parentElement, (stage = new Stage(parentElement.querySelector(".stage"))));
  stage.send = setTriggerValue;
  stage.setUp(data);
  const turn = ++stage.turn;
  return () => {
    if (turn !== stage.turn) return; // Streamlit also ends a call that another one has overtaken
    stage.close();
    stages.delete(parentElement);
  };
}

const NOTICE_MS = 6000; // that a notice stays at least, where the run goes on
const NEWS_MS = 1000; // from one telling of the panels to the next, in play
const NEIGHBOURS = 50; // steps between two changes that are marked apart

class Stage {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.setup = this.next = null;
    /** @type {Part | null} what of the network is looked at */
    this.focus = null;
    /** @type {Phase | null} at the slow paces, what the step on its way is at */
    this.phase = null;
    /** @type {Function} tells Python what is designed on the stage */
    this.send = () => {};
    this.rows = [];
    this.ghost = []; // the rows of the run before, or of what was ahead before the run took another way
    /** @type {Map<string, Pointing>} what panels below want to be seen */
    this.pointings = new Map();
    this.changes = []; // the steps at which the rule changed
    /** @type {{run: string, step: number, playing: boolean, pace: string, why: string} | null} where a run is to go on */
    this.wish = null;
    /** @type {Frame | null} the network at another place of the slice, looked at instead of the run's */
    this.elsewhere = null;
    this.turn = 0;
    this.drawn = 0;
    this.spokenAt = 0;
    this.words = new Words(this);
    this.easel = new Easel(this);
    this.slicer = new Slicer(root, () => this.player.act(""), () => this.player.shown, () => this.touch.pinHere());
    this.player = new Player(
      (ask) => window.dispatchEvent(new CustomEvent("playground:ask", { detail: ask })),
      (frame) => this.show(frame),
      (event) => this[event](),
      () => this.slicer.look,
    );
    this.view = readView();
    buildSwitches(root.querySelector(".switches"), this.view, () => this.resize());
    this.touch = new Touch(this);
    this.drawing = new Draw(this);
    this.take = new Take(this);
    this.table = new Table(this);
    this.tools = new Tools(root, (field, word) => {
      inTurn(() => this.send("design", { [field]: word }));
    });
    this.abort = new AbortController();
    this.bar = new Bar(this, this.abort.signal);
    this.touch.listen(this.abort.signal);
    this.drawing.listen(this.abort.signal);
    this.listen(this.abort.signal);
    this.loop = this.loop.bind(this);
    requestAnimationFrame(this.loop);
  }

  /** Hear what the page says beside the stage. @param {AbortSignal} signal */
  listen(signal) {
    const hear = (name, told) => window.addEventListener(`playground:${name}`, (/** @type {CustomEvent} */ { detail }) => told(detail), { signal });
    hear("frames", (bytes) => this.receive(bytes));
    hear("point", ({ name, pointing }) => {
      if (pointing) this.pointings.set(name, pointing);
      else this.pointings.delete(name);
      this.redraw();
    });
    hear("continue", (wish) => {
      this.wish = wish;
      wish.heard = true;
      if (this.here && wish.run === this.player.run) this.goOn();
    });
    window.addEventListener("pagehide", () => this.here && this.news(), { signal });
  }

  loop(now) {
    if (this.abort.signal.aborted) return;
    requestAnimationFrame(this.loop);
    this.player.tick(now);
    this.slowMotion(now);
  }

  close() {
    this.abort.abort();
    this.easel.close();
  }

  /** Whether a picture of the present run is on stage, and not still that of the run before. */
  get here() {
    return Boolean(this.player.shown && !this.next);
  }

  // --- what Python says

  /** A setup that is new starts another run; the old picture stays until the first of the new one is here. */
  setUp(setup) {
    this.easel.readTheme();
    this.drawing.post.hear(setup.draft.heard);
    if (setup.run !== this.player.run) {
      if (!this.next && !this.setup) this.slicer.adopt(setup.look); // the page is opened again
      this.next = setup;
      this.touch.editor.close(); // what it edits is of the run before
      this.player.open(setup.run, setup.version, setup.limits);
      window.dispatchEvent(new CustomEvent("playground:hello"));
    } else if (this.next) {
      this.next = setup; // changed before its first picture was here
      this.player.version = setup.version;
    } else {
      const otherWindow = JSON.stringify(setup.window) !== JSON.stringify(this.setup.window);
      if (setup.version !== this.setup.version) {
        if (setup.ruled !== this.setup.ruled) this.player.renew(setup.version);
        else this.player.refresh(setup.version); // points were drawn
        this.markChange();
      } else if (otherWindow) this.player.act("");
      this.setup = setup;
      this.dress();
    }
  }

  /** Remember where the rule has changed, or the data; of many changes in a short time the first. */
  markChange() {
    const { shown } = this.player, last = this.changes.at(-1);
    if (shown && !(shown.step - last < NEIGHBOURS)) this.changes.push(shown.step);
  }

  receive(bytes) {
    const chunk = unpack(bytes);
    if (!this.player.receive(chunk)) return;
    if (chunk.peek) return this.touch.aim.seen(chunk);
    if (chunk.history) {
      if (this.rows.length > 1) this.ghost = this.rows;
      this.rows = chunk.history.map(([step, ...losses]) => rowOf(step, losses));
    }
    if (this.next) this.begin();
  }

  begin() {
    this.setup = this.next;
    this.next = this.focus = null;
    this.changes = [];
    this.slicer.forget();
    this.slicer.adopt(this.setup.look);
    this.take.frames = [];
    this.words.warning.hidden = true;
    this.touch.leave();
    this.dress();
  }

  /** Show all that follows from the setup. */
  dress() {
    this.drawing.follow(this.setup);
    this.words.setUp(this.setup);
    this.resize();
  }

  // --- what is drawn

  /** @param {Frame} frame */
  show(frame) {
    const gone = remember(this.rows, frame);
    if (gone.length > 1) this.ghost = [...this.rows, ...gone];
    this.changes = this.changes.filter((step) => step <= frame.reached);
    this.slicer.forget(frame.reached);
    this.touch.aim.renew(frame);
    if (!frame.halted) this.words.calm();
    this.take.keep(frame);
    this.drawn += 1;
    this.draw(frame);
    this.words.publish(frame);
    this.bar.timeline(frame);
    if (this.wish?.run === this.player.run) this.goOn();
    else if (this.player.playing && performance.now() - this.spokenAt > NEWS_MS) this.news();
  }

  /** @param {Frame} frame */
  draw(frame) {
    if (!this.easel.visible) return;
    this.easel.draw({ ...frame, ...this.elsewhere });
    this.touch.refresh();
  }

  /** The picture on stage again, with something else about it. */
  redraw() {
    if (this.here) this.draw(this.player.shown);
  }

  /** Fit all to the place there is, and to what there is to be seen. */
  resize() {
    if (!this.setup) return;
    const { setup, easel, drawing } = this;
    easel.fit(setup);
    if (!easel.visible) return;
    this.tools.place(setup, easel.layouts.graph);
    easel.paintOnce();
    if (!drawing.on) this.words.legend(easel.colours.palette); // else the tools hide it
    this.redraw();
  }

  /** At the slow paces: what the step on its way is at. */
  slowMotion(now) {
    const { player, easel } = this;
    const slow = player.playing && player.pace.rate < 1 && easel.visible && this.here;
    const phase = slow ? phaseOf(this.setup, player.phase(now)) : null;
    if (phase?.words === this.phase?.words) return;
    this.phase = phase;
    this.words.phase(phase?.words);
    if (this.here) easel.drawPart("graph", easel.context(easel.canvases.graph), player.shown);
  }

  /** Look at a part of the network, or at none. @param {Part | null} part */
  lookAt(part) {
    if (JSON.stringify(part) === JSON.stringify(this.focus)) return;
    this.focus = part;
    this.words.heading();
    this.redraw();
  }

  /** Look at the network at another place of the slice, or at the run's own again. @param {Frame | null} frame */
  lookElsewhere(frame) {
    if (frame === this.elsewhere) return;
    this.elsewhere = frame;
    this.words.heading();
    this.redraw();
  }

  /** Let the panels below know that the picture has changed, and say in words what every picture shows. */
  news() {
    const { player, slicer, bar } = this, { shown: { step, loss, deeds }, run, version, playing } = player;
    this.spokenAt = performance.now();
    this.words.describe(player.shown);
    this.table.refresh();
    const seen = JSON.stringify([loss, slicer.look]); // of one step, what an edit or another slice changes
    const detail = { run, version, step, deeds, playing: playing || player.then, pace: bar.pace.value, seen };
    window.dispatchEvent(new CustomEvent("playground:news", { detail }));
  }

  /** Go on where the run was before the page, or the server, began anew. */
  goOn() {
    const { step, playing, pace, why } = this.wish, { player } = this;
    this.wish = null;
    if (pace in PACES) this.bar.setPace(pace);
    player.resume(step, playing);
    this.words.warn(`${why}; the run goes on from step ${Math.max(step, player.shown.step).toLocaleString("en")}.`, NOTICE_MS);
  }

  // --- what the player tells, by name

  changed() {
    const { playing } = this.player;
    this.root.dataset.playing = String(playing);
    this.words.text("play", playing ? "Pause" : "Play");
  }

  settled() {
    const { step, loss } = this.player.shown;
    this.words.speak(`Step ${step}: training loss ${precise(loss[0])}, test loss ${precise(loss[1])}.`);
    this.news();
  }

  halted() {
    this.words.warn(
      `Stopped at step ${this.player.shown.step.toLocaleString("en")}, the last one with a finite loss: the next step throws the ` +
      "weights so far that the loss is no longer a number. Try a smaller learning rate, then Reset; or go Back and look.",
    );
    this.settled();
  }

  waiting() {
    this.words.warn("The server has not answered for a while. The picture waits and goes on when it does.");
    this.news(); // so that this step is kept
  }

  /** A server that was started anew knows nothing of this page: have it run the page again. */
  forgotten() {
    inTurn(() => this.send("wake", this.player.number));
  }

  answered() {
    this.words.calm();
  }
}
