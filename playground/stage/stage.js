// The stage: puts the drawings, the player and the page's events together.

/** One stage for each place it is mounted at. @type {WeakMap<object, Stage>} */
const stages = new WeakMap();

/** Streamlit calls this at every rerun, with the same parent as long as the stage stays on the page. */
export default function mount({ parentElement, data }) {
  let stage = stages.get(parentElement);
  if (!stage) stages.set(parentElement, (stage = new Stage(parentElement.querySelector(".stage"))));
  stage.setUp(data);
  const turn = ++stage.turn;
  return () => {
    if (turn !== stage.turn) return; // Streamlit also ends a call that another one has overtaken
    stage.close();
    stages.delete(parentElement);
  };
}

class Stage {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.notice = /** @type {HTMLElement} */ (root.querySelector(".halt"));
    this.setup = this.next = null;
    this.rows = [];
    this.turn = 0;
    this.drawn = 0;
    this.spokenAt = 0;
    this.layouts = {};
    this.art = Object.fromEntries(["inputs", "units", "plane", "points", "surface"].map((name) => [name, offscreen(1, 1)]));
    this.canvases = Object.fromEntries(
      ["graph", "plane", "curves", "surface"].map((name) => [name, root.querySelector(`.${name} canvas`)]),
    );
    this.player = new Player(
      (ask) => window.dispatchEvent(new CustomEvent("playground:ask", { detail: ask })),
      (frame) => this.show(frame),
      (event) => this[event](),
    );
    this.abort = new AbortController();
    this.listen(this.abort.signal);
    this.resizes = new ResizeObserver(() => this.resize());
    for (const canvas of Object.values(this.canvases)) this.resizes.observe(canvas);
    const loop = (now) => {
      if (this.abort.signal.aborted) return;
      this.player.tick(now);
      requestAnimationFrame(loop);
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
    if (setup.run !== this.player.run) {
      this.next = setup;
      this.player.open(setup.run, setup.limits);
      window.dispatchEvent(new CustomEvent("playground:hello"));
    } else if (this.setup) {
      this.resize();
    }
  }

  receive(bytes) {
    const chunk = unpack(bytes);
    if (!this.player.receive(chunk)) return;
    if (chunk.history) this.rows = chunk.history.map(([step, train, test, a, b]) => ({ step, train, test, a, b }));
    if (this.next) this.begin();
  }

  begin() {
    this.setup = this.next;
    this.next = null;
    this.notice.hidden = true;
    const score = this.setup.kind === "regression" ? "R²" : "accuracy";
    this.text("train-score", `Training ${score}`);
    this.text("test-score", `Test ${score}`);
    this.text("loss-note", `mean over all points${this.setup.penalty ? ", with the penalty" : ""}`);
    this.text("answer", HEADINGS[this.setup.kind === "regression" ? 0 : Math.min(this.setup.outputs, 2)]);
    this.resize();
  }

  readTheme() {
    const style = getComputedStyle(this.root);
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(String(probe.fillStyle).slice(at, at + 2), 16)); // always #rrggbb
    this.colours = colourTables(0.3 * r + 0.6 * g + 0.1 * b < 128 ? "dark" : "light");
    const { palette } = this.colours;
    this.root.style.setProperty("--muted", palette.muted);
    this.root.style.setProperty("--plus", css(palette.positive));
    this.root.style.setProperty("--minus", css(palette.negative));
    this.root.style.setProperty("--primary", css(HUES.light[1]));
    this.font = `12px ${style.fontFamily}`;
  }

  /** Fit every canvas to its place, and lay out anew what depends on it. */
  resize() {
    if (!this.setup) return;
    const scale = Math.min(window.devicePixelRatio || 1, 2);
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
    this.paintOnce();
    if (this.player.shown && !this.next) this.draw(this.player.shown);
  }

  /** What changes only with the run, the size or the theme. */
  paintOnce() {
    const { inputs, features } = this.setup;
    const bytes = Uint8Array.from(atob(inputs), (letter) => letter.charCodeAt(0));
    const side = Math.sqrt(bytes.length / features.length);
    paintStack(this.art.inputs, bytes, side, features.map(() => this.colours.diverging));
    this.root.querySelector("[data-text=legend]").replaceChildren(...legend(this.setup, this.colours.palette));
    const { width, height } = this.layouts.plane;
    this.art.points.width = width * this.scale;
    this.art.points.height = height * this.scale;
    drawPoints(this.context(this.art.points), this.setup, this.layouts.plane, this.colours);
  }

  context(canvas) {
    const context = canvas.getContext("2d");
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    context.font = this.font;
    return context;
  }

  /** @param {Frame} frame */
  show(frame) {
    remember(this.rows, frame);
    if (!frame.halted) this.notice.hidden = true;
    this.drawn += 1;
    this.draw(frame);
    this.publish(frame);
    if (this.player.playing && performance.now() - this.spokenAt > 1000) this.news();
  }

  /** @param {Frame} frame */
  draw(frame) {
    if (!this.visible) return;
    const { setup, colours, layouts, art, rows } = this;
    const units = frame.scales.length;
    const tables = Array.from({ length: units }, (_, unit) => {
      const output = unit - (units - setup.outputs);
      return setup.outputs > 1 && output >= 0 ? centredHalf(colours.classes[output]) : colours.diverging;
    });
    paintStack(art.units, frame.units, Math.sqrt(frame.units.length / units), tables);
    paintPlane(art.plane, frame, setup, colours);
    paintSurface(art.surface, frame, colours);
    drawGraph(this.context(this.canvases.graph), frame, setup, layouts.graph, colours, art);
    drawPlane(this.context(this.canvases.plane), frame, setup, layouts.plane, colours, art);
    const { width, height } = layouts.curves;
    drawCurves(this.context(this.canvases.curves), rows, width, height, colours.palette);
    drawSurface(this.context(this.canvases.surface), frame, rows, layouts.surface, colours, art);
  }

  /** The numbers of the drawn step: for the reader as text, for scripts as attributes. */
  publish(frame) {
    const { root, setup } = this;
    const quantity = setup.kind === "regression";
    const score = quantity ? precise : percent;
    this.number("step", frame.step.toLocaleString("en"));
    this.number("epoch", frame.epoch.toFixed(2));
    this.number("train-loss", precise(frame.loss[0]));
    this.number("test-loss", precise(frame.loss[1]));
    this.number("train-score", score(frame.score[0]));
    this.number("test-score", score(frame.score[1]));
    const [name, other] = quantity ? ["R2", "Accuracy"] : ["Accuracy", "R2"];
    delete root.dataset[`train${other}`];
    delete root.dataset[`test${other}`];
    Object.assign(root.dataset, {
      step: frame.step, epoch: frame.epoch, trainLoss: frame.loss[0], testLoss: frame.loss[1],
      [`train${name}`]: frame.score[0], [`test${name}`]: frame.score[1],
      frames: this.drawn, playing: this.player.playing,
    });
  }

  number(name, text) {
    this.root.querySelector(`[data-number="${name}"]`).textContent = text;
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
    canvases.surface.setAttribute("aria-label", describeSurface(player.shown));
    window.dispatchEvent(new CustomEvent("playground:news", { detail: { step: player.shown.step, playing: player.playing } }));
  }

  changed() {
    const { playing } = this.player;
    this.root.dataset.playing = String(playing);
    this.text("play", playing ? "Pause" : "Play");
  }

  settled() {
    const { step, loss } = this.player.shown;
    this.root.querySelector(".spoken").textContent =
      `Step ${step}: training loss ${precise(loss[0])}, test loss ${precise(loss[1])}.`;
    this.news();
  }

  halted() {
    this.notice.textContent =
      `Stopped at step ${this.player.shown.step.toLocaleString("en")}, the last one with a finite loss: the next step throws the ` +
      "weights so far that the loss is no longer a number. Try a smaller learning rate, then Reset; or go Back and look.";
    this.notice.hidden = false;
    this.settled();
  }

  listen(signal) {
    const { player, root } = this;
    const actions = {
      play: () => player.toggle(),
      step: () => player.advance(1),
      ten: () => player.advance(10),
      hundred: () => player.advance(100),
      epoch: () => this.setup && player.advance(this.setup.stepsPerEpoch),
      back: () => player.back(),
      reset: () => player.restart(),
    };
    root.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (!button) return;
      actions[button.dataset.do]();
      if (event.detail > 0) button.blur(); // after a click of the mouse, the space bar is for Play again
    }, { signal });
    root.querySelector("select").addEventListener("change", (event) => {
      player.pace = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    }, { signal });
    window.addEventListener("playground:frames", (/** @type {CustomEvent} */ event) => this.receive(event.detail), { signal });
    const keys = { " ": "play", ArrowRight: "step", ArrowLeft: "back", r: "reset", R: "reset" };
    window.addEventListener("keydown", (event) => {
      if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // Streamlit has other plans for R
      if (!event.repeat || event.key.startsWith("Arrow")) actions[keys[event.key]]();
    }, { signal, capture: true });
  }
}

/** Whether a key belongs to the control that has the focus. @param {KeyboardEvent} event */
function isTyping(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  const controls = "input, textarea, select, button, a, summary, [contenteditable], [role=slider], [role=radio], [role=option]," +
    "[role=tab], [role=button], [role=combobox], [role=listbox], [role=menuitem], [role=dialog] *";
  return target.closest(controls) !== null && !(event.key.startsWith("Arrow") && target.matches("[data-testid=stage] button"));
}

/** A class's colours for a quantised probability: 128 is zero, 255 one. */
function centredHalf(table) {
  return table.map((_, byte) => table[Math.max(0, Math.min(255, Math.round((byte - 128) * 2)))]);
}

const HEADINGS = ["Prediction", "Decision boundary", "Decision regions"];

/** Which marker is which class, or how far the colours of a quantity reach. @returns {(Node | string)[]} */
function legend(setup, palette) {
  const signs = { circle: "●", square: "■", triangle: "▲", diamond: "◆", cross: "✚" };
  const most = short(setup.reach), quantity = setup.kind === "regression";
  const names = quantity ? [`−${most} to 0`, `0 to ${most}`] : setup.classes;
  const entries = names.flatMap((name, label) => {
    const sign = document.createElement("b");
    sign.textContent = signs[SHAPES[label]];
    sign.style.color = css(palette.classes[label]);
    return [sign, ` ${name} `];
  });
  return [...entries, quantity ? "· small, dark edge: test" : "· hollow: test"];
}
