// What the stage says: headings, numbers, notices, and every picture in words.

/** The parts of the data in the order of a frame's losses and scores, and what they are called. */
const PARTS = [["train", "Training"], ["test", "Test"], ["validation", "Validation"]];

class Words {
  /** @param {Stage} stage */
  constructor(stage) {
    const { root } = stage;
    this.stage = stage;
    this.root = root;
    this.warning = /** @type {HTMLElement} */ (root.querySelector(".halt"));
    this.stays = 0; // until when a notice is not taken away, whatever is drawn
    this.figures = Object.fromEntries(
      [...root.querySelectorAll("[data-number]")].map((place) => [place.getAttribute("data-number"), /** @type {Text} */ (place.firstChild)]),
    );
    this.figures.slice = /** @type {Text} */ (root.querySelector("[data-text=slice]").firstChild);
  }

  /** What goes with a setup. */
  setUp(setup) {
    const score = setup.kind === "regression" ? "R²" : "accuracy", validated = setup.validation.length > 0;
    for (const [part, name] of PARTS) this.text(`${part}-score`, `${name} ${score}`);
    for (const place of this.root.querySelectorAll("[data-part=validation]")) /** @type {HTMLElement} */ (place).hidden = !validated;
    this.text("loss-note", `mean over all points${setup.penalty ? ", with the penalty" : ""} · click to go there`);
    explain(this.root, setup);
    this.heading();
  }

  heading() {
    this.text("answer", this.title("plane") + (this.stage.elsewhere ? ", at the cross" : ""));
    this.text("plane-note", this.stage.setup.window.note);
  }

  /** @returns {string} the heading of a picture */
  title(name) {
    const { setup, focus } = this.stage;
    if (name !== "plane") return { graph: "Network", curves: "Loss", surface: "Loss surface" }[name];
    if (focus?.kind === "node" && focus.layer === 0 && setup.grouped) return HEADINGS[2];
    if (focus?.kind === "node" && focus.layer === 1 && setup.image) return `Weights into ${nodeName(setup, 1, focus.to)}`;
    if (focus?.kind === "node") return capital(nodeName(setup, focus.layer, focus.to));
    return HEADINGS[setup.kind === "regression" ? 0 : Math.min(setup.outputs, 2)];
  }

  /** Which mark means what. */
  legend(palette) {
    this.root.querySelector("[data-text=legend]").replaceChildren(...legend(this.stage.setup, palette));
  }

  /** The numbers of a frame: for the reader as text, for scripts as attributes. @param {Frame} frame */
  publish(frame) {
    const { root, stage: { setup, slicer, drawn, player } } = this;
    const quantity = setup.kind === "regression", score = quantity ? precise : percent;
    this.number("step", frame.step.toLocaleString("en"));
    this.number("epoch", frame.epoch.toFixed(2));
    const about = this.aboutSlice(frame);
    if (this.figures.slice.data !== about) {
      this.number("slice", about);
      this.figures.slice.parentElement.title = about; // where it is too long for its line
      slicer.remark(frame.slice.note);
    }
    Object.assign(root.dataset, { step: frame.step, epoch: frame.epoch, frames: drawn, playing: player.playing });
    const [name, other] = quantity ? ["R2", "Accuracy"] : ["Accuracy", "R2"];
    PARTS.forEach(([part], i) => {
      const stale = i < frame.loss.length ? [other] : ["Loss", name, other];
      for (const ending of stale) delete root.dataset[part + ending];
      if (i >= frame.loss.length) return;
      this.number(`${part}-loss`, precise(frame.loss[i]));
      this.number(`${part}-score`, score(frame.score[i]));
      root.dataset[`${part}Loss`] = String(frame.loss[i]);
      root.dataset[`${part}${name}`] = String(frame.score[i]);
    });
  }

  /** Every picture in words, for who does not see it. @param {Frame} frame */
  describe(frame) {
    const { setup, rows, easel: { canvases } } = this.stage;
    canvases.graph.setAttribute("aria-label", describeGraph(frame, setup));
    canvases.plane.setAttribute("aria-label", describePlane(frame, setup));
    canvases.curves.setAttribute("aria-label", describeCurves(rows));
    canvases.surface.setAttribute("aria-label", describeSurface(frame, this.aboutSlice(frame)));
  }

  aboutSlice(frame) {
    const { setup, slicer } = this.stage;
    return aboutSlice(frame, setup, slicer.key, slicer.look);
  }

  /** What the step on its way is at, in the place of the legend; nothing where none is. @param {string} [phase] */
  phase(phase = "") {
    const [legend, said] = /** @type {HTMLCollectionOf<HTMLElement>} */ (this.root.querySelector("[data-text=graph-note]").children);
    legend.hidden = Boolean(phase);
    said.textContent = phase;
  }

  /** Show a notice above the pictures, for a while at least. @param {string} sentence @param {number} ms */
  warn(sentence, ms = 0) {
    this.warning.textContent = sentence;
    this.warning.hidden = false;
    this.stays = performance.now() + ms;
  }

  /** Take the notice away, unless it is to stay for a while. */
  calm() {
    if (performance.now() > this.stays) this.warning.hidden = true;
  }

  number(name, text) {
    this.figures[name].data = text; // the text node stays: a new one is a new layout
  }

  text(name, text) {
    this.root.querySelector(`[data-text="${name}"]`).textContent = text;
  }

  speak(text) {
    this.root.querySelector(".spoken").textContent = text;
  }
}
