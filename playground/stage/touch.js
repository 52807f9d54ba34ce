// Looking at and changing single parts: the card beside the pointer, and the small form that edits a weight.

/** Lines of text about a part of the network. @returns {string[]} */
function aboutPart(frame, setup, part) {
  const sizes = sizesOf(setup), layers = layersOf(sizes, frame.theta);
  if (part.kind === "bias") return [`Bias of ${nodeName(setup, part.layer + 1, part.to)}: ${precise(layers[part.layer].bias[part.to])}`];
  if (part.kind === "link") {
    const { weights, fanOut } = layers[part.layer];
    const ends = `${nodeName(setup, part.layer, part.from)} → ${nodeName(setup, part.layer + 1, part.to)}`;
    return [`Weight ${ends}: ${precise(weights[part.from * fanOut + part.to])}`];
  }
  if (part.kind === "bundle") return aboutBundle(layers[0], setup, part.to);
  if (part.layer === 0 && setup.grouped) return [`${setup.features.length} inputs`, ...setup.features];
  if (part.layer === 0) return [`Input ${setup.features[part.to]}`];
  const { weights, bias, fanIn, fanOut } = layers[part.layer - 1];
  const incoming = Array.from({ length: fanIn }, (_, from) => `${nodeName(setup, part.layer - 1, from)}: ${precise(weights[from * fanOut + part.to])}`);
  return [`${capital(nodeName(setup, part.layer, part.to))}, ${[...setup.activations, setup.output][part.layer - 1]}`, `bias: ${precise(bias[part.to])}`, ...incoming];
}

const STRONGEST = 8; // connections of a bundle that are told

/** The strongest of the connections from inputs that are drawn as one. @returns {string[]} */
function aboutBundle({ weights, fanOut }, setup, to) {
  const all = setup.features.map((name, from) => ({ name, weight: weights[from * fanOut + to] }));
  all.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const strongest = all.slice(0, STRONGEST).map(({ name, weight }) => `${name}: ${precise(weight)}`);
  return [`${all.length} weights into ${nodeName(setup, 1, to)}, the strongest:`, ...strongest];
}

function nodeName(setup, column, row) {
  if (column === 0) return setup.features[row];
  if (column <= setup.hidden.length) return `neuron ${row + 1} of layer ${column}`;
  return setup.outputs > 1 ? `output ${setup.classes[row]}` : "the output";
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** What the network answers at an input, read from the picture. @returns {string[]} */
function aboutPlace(frame, setup, [x1, x2], point) {
  const { plane } = frame, { box: [left, right, bottom, top], titles, curve } = setup.window;
  const cells = plane.length / (setup.outputs === 1 ? 1 : 2), side = curve ? cells : Math.sqrt(cells);
  const cell = (share) => Math.max(0, Math.min(side - 1, Math.floor(share * side)));
  const across = cell((x1 - left) / (right - left)), up = cell((x2 - bottom) / (top - bottom));
  const value = (number) => number.toFixed(2).replace("-", "−");
  const place = curve ? `${titles[0]} ${value(x1)}` : `${titles[0]} ${value(x1)}, ${titles[1]} ${value(x2)}`;
  const lines = [place, answerAt(frame, setup, curve ? across : (side - 1 - up) * side + across, cells)];
  if (point < 0) return lines;
  const label = everyPoint(setup)[3 * point + 2];
  const part = { train: "Training", test: "Test", validation: "Validation" }[partOf(setup, point)];
  const truth = setup.kind === "regression" ? precise(told(label, setup)) : setup.classes[label];
  const wrong = isWrong(frame, point) ? " – answered wrongly" : "";
  return [`${part} point: ${truth}${wrong}`, ...lines];
}

function answerAt(frame, setup, at, cells) {
  const { plane } = frame;
  if (setup.kind === "regression") return `answer about ${precise(told(meaning(plane[at], plane, setup.reach), setup))}`;
  if (setup.outputs > 1) return `answer: ${setup.classes[plane[at]]}, ${percent(plane[cells + at] / (codes(plane) - 1))}`;
  const share = (meaning(plane[at], plane, 1) + 1) / 2;
  return `answer: ${setup.classes[Number(share >= 0.5)]}, ${percent(Math.max(share, 1 - share))}`;
}

/** Place an element so that it stays inside the stage, and on the screen. @param {HTMLElement} element @param {DOMRect} home */
function putInside(element, home, left, top) {
  const lowest = Math.min(home.height, window.innerHeight - home.top) - element.offsetHeight - 4;
  element.style.left = `${Math.max(0, Math.min(left, home.width - element.offsetWidth - 4))}px`;
  element.style.top = `${Math.max(0, -home.top, Math.min(top, lowest))}px`;
}

const MOST_LINES = 20; // a neuron with sixteen inputs and its bias

/** A card of text that stays inside the stage. */
class Card {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.element = /** @type {HTMLElement} */ (root.querySelector(".card"));
    this.root = root;
  }

  /** @param {string[]} lines @param {HTMLElement} frame the picture's place @param {number} x @param {number} y */
  show(lines, frame, x, y) {
    const { element } = this;
    element.replaceChildren(...lines.slice(0, MOST_LINES).map((text) => piece("div", "", text)));
    if (lines.length > MOST_LINES) element.append(`and ${lines.length - MOST_LINES} more`);
    element.hidden = false;
    const home = this.root.getBoundingClientRect(), box = frame.getBoundingClientRect();
    putInside(element, home, box.left - home.left + x + 14, box.top - home.top + y + 14);
  }

  hide() {
    this.element.hidden = true;
  }
}

/** The form that changes one weight or bias, by number or by slider. */
class Editor {
  /**
   * @param {HTMLElement} root @param {(index: number, value: number) => void} change
   * @param {(index: number, way: string) => void} pick draws the loss surface over the parameter
   */
  constructor(root, change, pick) {
    this.root = root;
    this.form = /** @type {HTMLFormElement} */ (root.querySelector(".editor"));
    this.number = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("number"));
    this.slider = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("slider"));
    this.index = -1;
    this.largest = 0;
    /** @type {HTMLElement | null} */
    this.giver = null;
    const commit = (text) => {
      const value = Number(text);
      if (text.trim() === "" || !Number.isFinite(value) || Math.abs(value) > this.largest) return this.number.setCustomValidity(
        `A number from −${this.largest.toLocaleString("en")} to ${this.largest.toLocaleString("en")}.`);
      this.number.setCustomValidity("");
      change(this.index, value);
    };
    this.number.addEventListener("input", () => { this.slider.value = this.number.value; commit(this.number.value); });
    this.slider.addEventListener("input", () => { this.number.value = this.slider.value; commit(this.slider.value); });
    for (const button of this.form.querySelectorAll("[data-way]")) {
      button.addEventListener("click", () => pick(this.index, button.getAttribute("data-way")));
    }
    this.form.addEventListener("submit", (event) => { event.preventDefault(); if (this.number.reportValidity()) this.close(); });
    this.form.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  get open() {
    return !this.form.hidden;
  }

  /** @param {number} index in theta @param {string} name @param {number} value @param {number} largest @param {HTMLElement} giver gets the focus back */
  show(index, name, value, largest, left, top, giver) {
    Object.assign(this, { index, largest, giver });
    this.form.querySelector("label").textContent = name;
    this.number.value = String(Number(value.toPrecision(5)));
    this.slider.value = this.number.value;
    this.number.setCustomValidity("");
    this.form.hidden = false;
    putInside(this.form, this.root.getBoundingClientRect(), left, top);
    this.number.focus();
    this.number.select();
  }

  close() {
    if (!this.open) return;
    this.form.hidden = true;
    this.giver?.focus?.();
  }
}

/** What the pointer and the keyboard do to the pictures. */
class Touch {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.card = new Card(stage.root);
    this.editor = new Editor(stage.root, (index, value) => this.change(index, value), (index, way) => stage.slicer.pick(index, way));
    this.aim = new Aim(stage);
    this.about = null; // what the card says, and where: asked anew for every picture
  }

  listen(signal) {
    const { canvases } = this.stage.easel;
    const looks = { graph: this.lookAtGraph, plane: this.lookAtPlane, curves: this.lookAtCurves, surface: this.lookAtSurface };
    for (const [name, canvas] of Object.entries(canvases)) {
      const look = (/** @type {PointerEvent} */ event) => {
        if (name === "plane" && this.stage.drawing.on) return;
        if (!this.editor.open && this.stage.player.shown && this.stage.easel.visible) looks[name].call(this, event.offsetX, event.offsetY, canvas);
      };
      canvas.addEventListener("pointermove", look, { signal });
      canvas.addEventListener("pointerdown", look, { signal }); // a finger comes without moving
      canvas.addEventListener("pointerleave", (event) => {
        if (!this.editor.open && event.pointerType !== "touch") this.leave(); // what a finger has shown stays until the next
      }, { signal });
    }
    canvases.graph.addEventListener("click", (event) => {
      const { shown } = this.stage.player;
      const part = shown && partAt(this.stage.easel.layouts.graph, event.offsetX, event.offsetY);
      if (part && !["node", "bundle"].includes(part.kind)) this.edit(part, canvases.graph, event.offsetX, event.offsetY);
    }, { signal });
    canvases.plane.addEventListener("click", (event) => {
      const { setup, player, easel: { layouts } } = this.stage;
      if (this.stage.drawing.on) return;
      const point = player.shown ? pointAt(layouts.plane, setup, event.offsetX, event.offsetY, this.stage.easel.seen(player.shown)) : -1;
      if (point >= 0) window.dispatchEvent(new CustomEvent("playground:picked", { detail: point }));
    }, { signal });
    canvases.surface.addEventListener("click", (event) => this.pin(event.offsetX, event.offsetY, canvases.surface), { signal });
    canvases.curves.addEventListener("click", (event) => this.goTo(event.offsetX), { signal });
    window.addEventListener("pointerdown", (event) => {
      const path = event.composedPath();
      if (this.editor.open && !path.includes(this.editor.form)) this.editor.close();
      if (this.aim.pinned && !path.includes(this.aim.form) && !path.includes(canvases.graph) && !path.includes(canvases.plane)) this.aim.close();
      if (this.about && !path.includes(this.about.frame)) this.leave();
    }, { signal, capture: true });
  }

  lookAtGraph(x, y, canvas) {
    const { setup, easel: { layouts } } = this.stage;
    const part = partAt(layouts.graph, x, y);
    canvas.style.cursor = part && !["node", "bundle"].includes(part.kind) ? "pointer" : "default";
    this.stage.lookAt(part);
    this.tell(part && ((frame) => aboutPart(frame, setup, part)), canvas, x, y);
  }

  lookAtPlane(x, y, canvas) {
    const { setup, player, easel: { layouts } } = this.stage;
    const input = placeAt(setup.window, layouts.plane, x, y);
    if (!input) return this.leave();
    const point = pointAt(layouts.plane, setup, x, y, this.stage.easel.seen(player.shown));
    this.tell((frame) => aboutPlace(frame, setup, input, point), canvas, x, y);
  }

  lookAtCurves(x, y, canvas) {
    const row = this.rowAt(x);
    canvas.style.cursor = row ? "pointer" : "default";
    this.tell(row && (() => aboutRow(row)), canvas, x, y);
  }

  lookAtSurface(x, y, canvas) {
    const { player } = this.stage, place = this.placeAt(x, y);
    canvas.style.cursor = place ? "crosshair" : "default";
    if (this.aim.pinned) return;
    if (!place) return this.leave();
    if (!player.playing) this.aim.look(place);
    this.tell((frame) => aboutSurface(frame, place), canvas, x, y);
  }

  /** The coordinates on the slice at a place of its picture. @returns {number[] | null} */
  placeAt(px, py) {
    const { x, y, w, h } = this.stage.easel.layouts.surface, [a0, a1, b0, b1] = this.stage.player.shown.slice.box;
    const u = (px - x) / w, v = 1 - (py - y) / h;
    return u < 0 || u > 1 || v < 0 || v > 1 ? null : [a0 + u * (a1 - a0), b0 + v * (b1 - b0)];
  }

  /** Keep looking at a place of the slice, and offer to jump there. */
  pin(x, y, canvas) {
    const { player } = this.stage, place = player.shown && this.placeAt(x, y);
    if (!place) return;
    if (player.playing) player.pause();
    this.about = null;
    this.card.hide();
    this.aim.open(place, canvas, x, y);
  }

  /** The same by the keyboard: at the present weights, to be moved by number. */
  pinHere() {
    const { player, easel: { layouts, canvases } } = this.stage;
    if (!player.shown) return;
    if (player.playing) player.pause();
    const { x, y, w, h } = layouts.surface;
    this.aim.open(player.shown.slice.at, canvases.surface, x + w / 2, y + h / 4, this.stage.root.querySelector(".slicer summary"));
  }

  /** The row of the loss curves nearest to a place. @returns {Row | null} */
  rowAt(x) {
    const { rows, ghost, view, easel: { layouts } } = this.stage;
    const { box, last } = scaleCurves(rows, ghost, layouts.curves.width, layouts.curves.height, view);
    if (!rows.length || x < box.x - 4 || x > box.x + box.w + 4) return null;
    const step = ((x - box.x) / box.w) * last, at = Math.min(placeIn(rows, step), rows.length - 1);
    return at > 0 && step - rows[at - 1].step < rows[at].step - step ? rows[at - 1] : rows[at];
  }

  goTo(x) {
    const { player } = this.stage, row = this.rowAt(x);
    if (!row) return;
    if (player.playing) player.pause();
    player.seek(row.step);
  }

  /** @param {((frame: Frame) => string[]) | null} lines */
  tell(lines, canvas, x, y) {
    this.about = lines ? { lines, frame: canvas.parentElement, x, y } : null;
    this.refresh();
  }

  /** The same, of the picture that is shown now. */
  refresh() {
    const { shown } = this.stage.player;
    if (!this.about || !shown || this.editor.open) return this.card.hide();
    this.card.show(this.about.lines({ ...shown, ...this.stage.elsewhere }), this.about.frame, this.about.x, this.about.y);
  }

  leave() {
    this.about = null;
    this.card.hide();
    if (!this.aim.pinned) this.aim.leave();
    if (this.stage.setup) this.stage.lookAt(null);
  }

  /** Open the form for a weight or bias. @param {Part} part @param {HTMLElement} giver */
  edit(part, giver, x = 0, y = 0) {
    const { stage } = this, { setup, player } = stage;
    if (!stage.here) return; // another network is on its way
    const index = indexOf(sizesOf(setup), part), [text] = aboutPart(player.shown, setup, part);
    const home = stage.root.getBoundingClientRect(), box = giver.getBoundingClientRect();
    stage.lookAt(part);
    this.card.hide();
    this.editor.show(index, text.slice(0, text.lastIndexOf(":")), player.shown.theta[index], setup.limits.largest, box.left - home.left + x + 12, box.top - home.top + y + 12, giver);
  }

  change(index, value) {
    cancelAnimationFrame(this.sending);
    this.sending = requestAnimationFrame(() => this.stage.player.act("edit", index, value));
  }
}

/** @param {Row} row @returns {string[]} the losses at a step */
function aboutRow({ step, train, test, validation }) {
  const lines = [`Step ${step.toLocaleString("en")}`, `training loss ${precise(train)}`, `test loss ${precise(test)}`];
  return validation === null ? lines : [...lines, `validation loss ${precise(validation)}`];
}

/** @param {Frame} frame @param {number[]} place @returns {string[]} the loss at a place of the slice */
function aboutSurface(frame, [a, b]) {
  const { box: [a0, a1, b0, b1], sides: [across, up], titles } = frame.slice;
  const at = (value, low, high, count) => (count === 1 ? 0 : Math.round(((value - low) / (high - low)) * (count - 1)));
  const value = decoder(frame).loss(frame.surface[at(a, a0, a1, across) * up + at(b, b0, b1, up)]);
  const lines = [`Loss ${Number.isFinite(value) ? `about ${short(value)}` : "not finite"}`, `${titles[0]}: ${short(a)}`];
  return up === 1 ? lines : [...lines, `${titles[1]}: ${short(b)}`];
}
