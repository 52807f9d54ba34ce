// The stage: puts the drawings, the player and the page's events together.

/** The parts of the data in the order of a frame's losses and scores, and what they are called. */
const PARTS = [["train", "Training"], ["test", "Test"], ["validation", "Validation"]];

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
const NEIGHBOURS = 50; // steps between two changes that are marked apart

class Stage {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.notice = /** @type {HTMLElement} */ (root.querySelector(".halt"));
    this.setup = this.next = null;
    /** @type {Part | null} */
    this.focus = null;
    /** @type {Function} tells Python what is designed on the stage */
    this.send = () => {};
    this.rows = [];
    this.ghost = []; // the rows of the run before, or of what was ahead before the run took another way
    /** @type {Map<string, Pointing>} what panels below want to be seen */
    this.pointings = new Map();
    this.changes = []; // the steps at which the rule changed
    /** @type {{run: string, step: number, playing: boolean, pace: string, why: string} | null} where a run is to go on */
    this.wish = null;
    this.saidUntil = 0; // until when a notice stays, whatever is drawn
    this.turn = 0;
    this.drawn = 0;
    this.spokenAt = 0;
    this.layouts = {};
    this.art = Object.fromEntries(["inputs", "units", "plane", "points", "surface"].map((name) => [name, offscreen(1, 1)]));
    this.canvases = Object.fromEntries(
      ["graph", "plane", "curves", "surface"].map((name) => [name, root.querySelector(`.${name} canvas`)]),
    );
    this.figures = Object.fromEntries(
      [...root.querySelectorAll("[data-number]")].map((place) => [place.getAttribute("data-number"), /** @type {Text} */ (place.firstChild)]),
    );
    this.figures.slice = /** @type {Text} */ (root.querySelector("[data-text=slice]").firstChild);
    /** @type {Frame | null} the network at another place of the slice, looked at instead of the run's */
    this.elsewhere = null;
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
    this.tools = new Tools(root, (field, word) => {
      inTurn(() => this.send("design", { [field]: word }));
    });
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.bar = new Bar(this, signal);
    this.touch.listen(signal);
    this.drawing.listen(signal);
    window.addEventListener("playground:frames", (/** @type {CustomEvent} */ event) => this.receive(event.detail), { signal });
    window.addEventListener("playground:point", (/** @type {CustomEvent} */ { detail: { name, pointing } }) => {
      if (pointing) this.pointings.set(name, pointing);
      else this.pointings.delete(name);
      if (this.player.shown && !this.next) this.draw(this.player.shown);
    }, { signal });
    window.addEventListener("playground:continue", (/** @type {CustomEvent} */ { detail }) => {
      this.wish = detail;
      detail.heard = true;
      if (this.player.shown && !this.next && detail.run === this.player.run) this.goOn();
    }, { signal });
    window.addEventListener("pagehide", () => this.player.shown && !this.next && this.news(), { signal });
    this.resizes = new ResizeObserver(() => this.resize());
    for (const canvas of Object.values(this.canvases)) this.resizes.observe(canvas);
    const loop = (now) => {
      if (this.abort.signal.aborted) return;
      requestAnimationFrame(loop);
      this.player.tick(now);
      this.slowMotion(now);
    };
    requestAnimationFrame(loop);
  }

  close() {
    this.abort.abort();
    this.resizes.disconnect();
  }

  /** A setup that is new starts another run; the old picture stays until the first of the new one is here. */
  setUp(setup) {
    this.readTheme();
    this.drawing.hear(setup.draft.heard);
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
      this.drawing.follow(setup);
      this.words();
      this.resize();
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
    this.notice.hidden = true;
    this.touch.leave();
    this.drawing.follow(this.setup);
    this.words();
    this.resize();
  }

  /** What is written beside the pictures. */
  words() {
    const score = this.setup.kind === "regression" ? "R²" : "accuracy";
    for (const [part, name] of PARTS) this.text(`${part}-score`, `${name} ${score}`);
    const validated = this.setup.validation.length > 0;
    for (const place of this.root.querySelectorAll("[data-part=validation]")) /** @type {HTMLElement} */ (place).hidden = !validated;
    this.text("loss-note", `mean over all points${this.setup.penalty ? ", with the penalty" : ""} · click to go there`);
    explain(this.root, this.setup);
    this.heading();
  }

  heading() {
    this.text("answer", this.title("plane") + (this.elsewhere ? ", at the cross" : ""));
    this.text("plane-note", this.setup.window.note);
  }

  /** @returns {string} the heading of a picture */
  title(name) {
    const { setup, focus } = this;
    if (name !== "plane") return { graph: "Network", curves: "Loss", surface: "Loss surface" }[name];
    if (focus?.kind === "node" && focus.layer === 0 && setup.grouped) return HEADINGS[2];
    if (focus?.kind === "node" && focus.layer === 1 && setup.image) return `Weights into ${nodeName(setup, 1, focus.to)}`;
    if (focus?.kind === "node") return capital(nodeName(setup, focus.layer, focus.to));
    return HEADINGS[setup.kind === "regression" ? 0 : Math.min(setup.outputs, 2)];
  }

  readTheme() {
    this.colours = colourTables(themeOf(this.root));
    const { palette } = this.colours;
    this.root.style.setProperty("--muted", palette.muted);
    this.root.style.setProperty("--plus", css(palette.positive));
    this.root.style.setProperty("--minus", css(palette.negative));
    this.root.style.setProperty("--primary", css(HUES.light[1]));
    this.font = `12px ${getComputedStyle(this.root).fontFamily}`;
  }

  /** Fit every canvas to its place, and lay out anew what depends on it. */
  resize() {
    if (!this.setup) return;
    const scale = Math.min(window.devicePixelRatio || 1, 3);
    this.visible = true; // not while Streamlit rearranges the page
    const layout = { graph: layoutGraph, plane: (_, w, h) => layoutPlane(w, h), surface: (_, w, h) => layoutSurface(w, h) };
    for (const [name, canvas] of Object.entries(this.canvases)) {
      const { clientWidth: width, clientHeight: height } = canvas;
      if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
        canvas.width = Math.round(width * scale);
        canvas.height = Math.round(height * scale);
      }
      this.visible &&= width > 0 && height > 0;
      this.layouts[name] = layout[name]?.(this.setup, width, height) ?? { width, height };
    }
    this.scale = scale;
    if (!this.visible) return;
    this.tools.place(this.setup, this.layouts.graph);
    this.paintOnce();
    if (this.player.shown && !this.next) this.draw(this.player.shown);
  }

  /** What changes only with the run, the size or the theme. */
  paintOnce() {
    const { inputs, features, grouped } = this.setup;
    const bytes = Uint8Array.from(atob(inputs), (letter) => letter.charCodeAt(0));
    const side = Math.sqrt(bytes.length / features.length);
    if (!grouped) paintStack(this.art.inputs, bytes, side, features.map(() => this.colours.diverging));
    if (!this.drawing.on) this.root.querySelector("[data-text=legend]").replaceChildren(...legend(this.setup, this.colours.palette)); // else the tools hide it
    this.paintPoints();
  }

  paintPoints() {
    const { width, height } = this.layouts.plane;
    this.art.points.width = width * SHARP;
    this.art.points.height = height * SHARP;
    drawPoints(this.context(this.art.points, SHARP), this.drawing.shown(this.setup), this.layouts.plane, this.colours, this.seen(null));
  }

  /** Which data points are drawn, of a frame where that matters. @param {Frame | null} frame @returns {(i: number) => boolean} */
  seen(frame) {
    const { points } = this.view;
    if (this.drawing.on) return () => true;
    if (points === "errors" && frame) return (i) => isWrong(frame, i);
    return (i) => points === "both" || points === partOf(this.setup, i);
  }

  context(canvas, scale = this.scale) {
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = this.font;
    return context;
  }

  /** @param {Frame} frame */
  show(frame) {
    const gone = remember(this.rows, frame);
    if (gone.length > 1) this.ghost = [...this.rows, ...gone];
    this.changes = this.changes.filter((step) => step <= frame.reached);
    this.slicer.forget(frame.reached);
    this.touch.aim.renew(frame);
    if (!frame.halted && performance.now() > this.saidUntil) this.notice.hidden = true;
    this.take.keep(frame);
    this.drawn += 1;
    this.draw(frame);
    this.publish(frame);
    if (this.wish?.run === this.player.run) this.goOn();
    else if (this.player.playing && performance.now() - this.spokenAt > 1000) this.news();
  }

  /** Go on where the run was before the page, or the server, began anew. */
  goOn() {
    const { step, playing, pace, why } = this.wish, { player } = this;
    this.wish = null;
    if (pace in PACES) this.bar.setPace(pace);
    player.resume(step, playing);
    this.notice.textContent = `${why}; the run goes on from step ${Math.max(step, player.shown.step).toLocaleString("en")}.`;
    this.notice.hidden = false;
    this.saidUntil = performance.now() + NOTICE_MS;
  }

  /** @param {Frame} frame */
  draw(frame) {
    if (!this.visible) return;
    frame = { ...frame, ...this.elsewhere };
    this.paint(frame);
    for (const [name, canvas] of Object.entries(this.canvases)) this.drawPart(name, this.context(canvas), frame);
    this.touch.refresh();
  }

  /** The pictures within the pictures. @param {Frame} frame */
  paint(frame) {
    const { setup, colours, art } = this;
    const units = frame.scales.length;
    const tables = Array.from({ length: units }, (_, unit) => {
      const output = unit - (units - setup.outputs);
      return setup.outputs > 1 && output >= 0 ? centredHalf(colours.classes[output]) : colours.diverging;
    });
    paintStack(art.units, frame.units, Math.sqrt(frame.units.length / units), tables);
    paintPlane(art.plane, frame, setup, colours, this.view);
    paintSurface(art.surface, frame, colours, this.view);
  }

  drawPart(name, context, frame, phase = null) {
    const { setup, colours, layouts, art, rows, view, focus } = this;
    const { width, height } = layouts[name];
    if (name === "graph") drawGraph(context, frame, setup, layouts.graph, colours, art, view, focus, phase, [...this.pointings.values()]);
    if (name === "plane") {
      const ringed = [...this.pointings.values()].flatMap(({ points }) => points), { on } = this.drawing;
      drawPlane(context, frame, setup, layouts.plane, colours, art, on ? { ...view, points: "both" } : view, this.seen(frame), this.enlarged(), ringed);
      this.drawing.paint(context, layouts.plane, colours.palette);
    }
    if (name === "curves") drawCurves(context, rows, this.ghost, frame.step, this.changes, width, height, colours.palette, view);
    if (name === "surface") drawSurface(context, frame, layouts.surface, colours, art, view, this.touch.aim.place);
  }

  /** The picture of the neuron looked at, to be shown large. */
  enlarged() {
    const { focus, art, setup } = this;
    if (focus?.kind !== "node" || (focus.layer === 0 && setup.grouped)) return null;
    if (focus.layer === 0) return { source: art.inputs, picture: focus.to };
    return { source: art.units, picture: unitOf(sizesOf(setup), focus), pixels: Boolean(setup.image) && focus.layer === 1 };
  }

  /** At the slow paces: what the step on its way is at. */
  slowMotion(now) {
    const { player } = this;
    const slow = player.playing && player.pace.rate < 1 && player.shown && this.visible && !this.next;
    if (!slow && !this.phased) return;
    const phase = slow ? phaseOf(this.setup, player.phase(now)) : null;
    if (phase?.words === this.phased) return;
    this.phased = phase?.words;
    const words = this.root.querySelector("[data-text=graph-note]");
    const [legend, said] = /** @type {HTMLCollectionOf<HTMLElement>} */ (words.children);
    legend.hidden = Boolean(phase);
    said.textContent = phase?.words ?? "";
    if (player.shown && !this.next) this.drawPart("graph", this.context(this.canvases.graph), player.shown, phase);
  }

  /** Look at a part of the network, or at none. @param {Part | null} part */
  lookAt(part) {
    if (JSON.stringify(part) === JSON.stringify(this.focus)) return;
    this.focus = part;
    this.heading();
    if (this.player.shown) this.draw(this.player.shown);
  }

  /** The numbers of the drawn step: for the reader as text, for scripts as attributes. */
  publish(frame) {
    const { root, setup } = this;
    const quantity = setup.kind === "regression";
    const score = quantity ? precise : percent;
    this.number("step", frame.step.toLocaleString("en"));
    this.number("epoch", frame.epoch.toFixed(2));
    this.bar.timeline(frame);
    const about = this.aboutSlice(frame);
    if (this.figures.slice.data !== about) {
      this.number("slice", about);
      this.figures.slice.parentElement.title = about; // where it is too long for its line
      this.slicer.remark(frame.slice.note);
    }
    Object.assign(root.dataset, { step: frame.step, epoch: frame.epoch, frames: this.drawn, playing: this.player.playing });
    const [name, other] = quantity ? ["R2", "Accuracy"] : ["Accuracy", "R2"];
    PARTS.forEach(([part], i) => {
      delete root.dataset[`${part}${other}`];
      if (i >= frame.loss.length) return;
      this.number(`${part}-loss`, precise(frame.loss[i]));
      this.number(`${part}-score`, score(frame.score[i]));
      root.dataset[`${part}Loss`] = String(frame.loss[i]);
      root.dataset[`${part}${name}`] = String(frame.score[i]);
    });
  }

  aboutSlice(frame) {
    return aboutSlice(frame, this.setup, this.slicer.key, this.slicer.look);
  }

  number(name, text) {
    this.figures[name].data = text; // the text node stays: a new one is a new layout
  }

  text(name, text) {
    this.root.querySelector(`[data-text="${name}"]`).textContent = text;
  }

  /** Say in words what every picture shows, and let the panels below know that it has changed. */
  news() {
    const { canvases, player, setup, rows } = this;
    this.spokenAt = performance.now();
    canvases.graph.setAttribute("aria-label", describeGraph(player.shown, setup));
    canvases.plane.setAttribute("aria-label", describePlane(player.shown, setup));
    canvases.curves.setAttribute("aria-label", describeCurves(rows));
    canvases.surface.setAttribute("aria-label", describeSurface(player.shown, this.aboutSlice(player.shown)));
    if (!this.table.hidden) this.fillTable();
    const { step, loss, deeds } = player.shown, { run, playing } = player;
    const seen = JSON.stringify([loss, this.slicer.look]); // of one step, what an edit or another slice changes
    const detail = { run, version: player.version, step, deeds, playing: playing || player.then, pace: this.bar.pace.value, seen };
    window.dispatchEvent(new CustomEvent("playground:news", { detail }));
  }

  changed() {
    const { playing } = this.player;
    this.root.dataset.playing = String(playing);
    this.text("play", playing ? "Pause" : "Play");
  }

  settled() {
    const { step, loss } = this.player.shown;
    this.speak(`Step ${step}: training loss ${precise(loss[0])}, test loss ${precise(loss[1])}.`);
    this.news();
  }

  halted() {
    this.notice.textContent =
      `Stopped at step ${this.player.shown.step.toLocaleString("en")}, the last one with a finite loss: the next step throws the ` +
      "weights so far that the loss is no longer a number. Try a smaller learning rate, then Reset; or go Back and look.";
    this.notice.hidden = false;
    this.settled();
  }

  waiting() {
    this.notice.textContent = "The server has not answered for a while. The picture waits and goes on when it does.";
    this.notice.hidden = false;
    this.news(); // so that this step is kept
  }

  /** A server that was started anew knows nothing of this page: have it run the page again. */
  forgotten() {
    inTurn(() => this.send("wake", this.player.number));
  }

  answered() {
    this.notice.hidden = true;
  }

  get table() {
    return /** @type {HTMLElement} */ (this.root.querySelector(".table"));
  }

  fillTable() {
    const { player, setup } = this;
    fillTable(this.table, player.shown, setup, (part, cell) => this.touch.edit(part, cell));
  }

  toggleTable() {
    if (!this.player.shown) return;
    this.table.hidden = !this.table.hidden;
    if (this.table.hidden) return;
    this.fillTable();
    this.table.scrollIntoView({ block: "nearest" });
    this.table.focus();
  }

  speak(text) {
    this.root.querySelector(".spoken").textContent = text;
  }

  /** Look at the network at another place of the slice, or at the run's own again. @param {Frame | null} frame */
  lookElsewhere(frame) {
    if (frame === this.elsewhere) return;
    this.elsewhere = frame;
    this.heading();
    if (this.player.shown) this.draw(this.player.shown);
  }
}
