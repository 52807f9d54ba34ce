// Drawing on the plane: by mouse, finger, pen and keyboard. The browser keeps what is drawn; Python follows.

const GAPS = { add: 14, spray: 9, erase: 4, move: 1 }; // pixels from one deed of a dragged tool to the next
const REACHES = { spray: 22, erase: 14, add: 0, move: 0 }; // pixels around the pointer
const DROPS = 3; // points that are sprayed at once
const GRASP = 20; // pixels from the pointer to a point that it moves

class Draw {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.canvas = /** @type {HTMLCanvasElement} */ (stage.easel.canvases.plane);
    this.button = /** @type {HTMLButtonElement} */ (stage.root.querySelector("[data-do=draw]"));
    this.sketch = new Sketch({ classes: FEWEST_CLASSES, points: [] }, 0);
    this.on = false;
    this.tool = "add";
    this.label = 0;
    this.value = 1;
    this.names = [];
    this.ahead = false; // whether the sketch is not what Python has
    this.waiting = 0; // for the next animation frame
    this.stale = false; // whether the points must be painted anew
    /** @type {{x: number, y: number, held: number, turn: number} | null} the pointer's place at the latest deed, the point it holds */
    this.stroke = null;
    this.pointer = null; // where it is
    this.leftOut = ""; // a sentence about points with which the drawing could not begin
    this.cross = new Cross(this);
    this.post = new Post((turn) => {
      const { classes, points } = this.sketch;
      inTurn(() => stage.send("design", { points: { turn, classes, points: [...points] } }));
    });
    this.bar = new Drawbar(stage.root, this);
  }

  listen(signal) {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.press(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.drag(event), { signal });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (/** @type {PointerEvent} */ event) => this.lift(event), { signal });
    canvas.addEventListener("pointerleave", () => this.hover(null), { signal });
    canvas.addEventListener("mousedown", (event) => this.on && event.preventDefault(), { signal }); // the space bar stays that of Play
    for (const change of ["focus", "blur"]) canvas.addEventListener(change, () => this.on && this.refresh(), { signal });
    signal.addEventListener("abort", () => this.post.stop());
  }

  toggle() {
    if (this.on) this.stop();
    else if (this.stage.setup && !this.button.disabled) this.start();
  }

  start() {
    this.on = true;
    this.follow(this.stage.setup);
    this.stage.touch.leave();
    this.dress();
    this.speak(`Drawing: ${this.sketch.count} points. ${this.leftOut} Tab goes to the tools and on to the plane, where the arrow keys move a cross.`);
  }

  stop() {
    this.cross.drop();
    this.stroke = this.pointer = null;
    this.leftOut = "";
    this.post.flush();
    this.on = false;
    this.dress();
  }

  /** How the stage looks while drawing is on. */
  dress() {
    const { on, canvas } = this;
    this.button.setAttribute("aria-pressed", String(on));
    canvas.closest("figure").classList.toggle("drawing", on);
    canvas.style.cursor = "";
    canvas.setAttribute("role", on ? "application" : "img");
    if (on) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
    this.stage.resize();
    this.bar.refresh();
  }

  /** What Python has now; an answer to an earlier drawing is overtaken by what has been drawn since. */
  follow(setup) {
    const { heard, taken, most, classes } = setup.draft;
    this.names = classes;
    this.button.disabled = !setup.keys.length;
    this.button.title = setup.keys.length
      ? "Draw points on the plane (D)"
      : "Points are drawn in the plane of the inputs x₁ and x₂, and these data have others";
    if (this.on && !setup.keys.length) return this.stop();
    if (!this.on || this.stroke || this.cross.carried >= 0 || !taken || heard < this.post.turn) return;
    const drawing = drawingOf(setup), { classes: sorts, points } = this.sketch;
    this.ahead = false;
    if (!this.sketch.most || JSON.stringify(drawing) !== JSON.stringify({ classes: sorts, points })) {
      this.sketch = new Sketch(drawing, most);
      this.leftOut = "";
      this.label = Math.min(this.label, Math.max(0, drawing.classes - 1));
    }
    this.leftOut = setup.leftOut || this.leftOut;
    this.refresh();
  }

  /** A setup as it is to be shown: with the points that are drawn, where Python does not have them yet. */
  shown(setup) {
    if (!this.ahead || !(this.on || this.post.behind)) return setup;
    const { sketch } = this;
    return { ...setup, ...sketch.parts(setup.parting), unlabelled: [], kind: sketch.classes ? "classification" : "regression", reach: sketch.classes ? 1 : Math.max(1, setup.reach) };
  }

  // --- what the toolbar does

  choose(tool) {
    this.tool = tool;
    this.refresh();
  }

  pick(label) {
    if (label >= this.sketch.classes) return;
    this.label = label;
    this.refresh();
    this.speak(`Class ${this.names[label]}.`);
  }

  weigh(text) {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) this.value = Math.max(-1, Math.min(1, Math.round(value * UNITS) / UNITS));
    this.refresh();
  }

  sort(classes) {
    this.cross.drop(); // the point it carries may go
    this.sketch.begin();
    this.sketch.sort(classes);
    this.label = classes ? Math.min(this.label, classes - 1) : 0;
    this.changed(classes ? `${classes} classes, ${this.sketch.count} points.` : `Values, ${this.sketch.count} points.`);
  }

  undo() {
    this.cross.carried = -1;
    if (!this.sketch.undo()) return this.speak("There is nothing to undo.");
    this.label = Math.min(this.label, Math.max(0, this.sketch.classes - 1));
    this.changed(`Undone: ${this.sketch.count} points.`);
  }

  clear() {
    this.cross.carried = -1;
    this.sketch.begin();
    this.sketch.clear();
    this.changed("All points are taken away.");
  }

  // --- what the pointer does

  press(event) {
    if (!this.on || !event.isPrimary || event.button !== 0 || !this.placeAt(event.offsetX, event.offsetY)) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.cross.drop();
    const { offsetX: x, offsetY: y } = event, { sketch, tool } = this;
    this.stroke = { x, y, held: -1, turn: this.post.turn };
    if (tool === "move") this.stroke.held = sketch.nearest(...this.placeAt(x, y), this.reach(GRASP));
    sketch.begin();
    if (tool !== "move") this.deed(x, y);
    this.hover([x, y]);
  }

  drag(event) {
    if (!this.on || !event.isPrimary) return;
    const { offsetX: x, offsetY: y } = event, { stroke } = this;
    this.hover([x, y]);
    if (!stroke) return;
    const gap = GAPS[this.tool], far = Math.hypot(x - stroke.x, y - stroke.y), from = { ...stroke };
    for (let gone = gap; gone <= far; gone += gap) {
      stroke.x = from.x + ((x - from.x) * gone) / far;
      stroke.y = from.y + ((y - from.y) * gone) / far;
      if (this.tool !== "move") this.deed(stroke.x, stroke.y);
    }
    if (stroke.held < 0 || far < gap) return;
    this.sketch.move(stroke.held, ...this.clamped(x, y));
    this.changed();
  }

  lift(event) {
    const { stroke } = this;
    if (!stroke || !event.isPrimary) return;
    this.stroke = null;
    if (event.pointerType === "touch") this.pointer = null;
    if (stroke.turn === this.post.turn) this.sketch.past.pop(); // nothing was done in it
    this.follow(this.stage.setup);
    this.refresh();
    this.speak(`${this.sketch.count} points.`);
  }

  /** What a tool does at one spot of its way. */
  deed(x, y) {
    const place = this.placeAt(x, y), { sketch, tool } = this;
    if (!place) return;
    if (tool === "erase") return sketch.erase(...place, this.reach(REACHES.erase)) && this.changed();
    const places = tool === "add" ? [place] : Array.from({ length: DROPS }, () => this.scattered(x, y));
    const added = places.map((at) => sketch.add(...at, this.mark));
    if (added.some(Boolean)) this.changed();
    else this.full();
  }

  /** A place at random around a spot, evenly in a disc. */
  scattered(x, y) {
    const turn = 2 * Math.PI * Math.random(), far = REACHES.spray * Math.sqrt(Math.random());
    return this.clamped(x + far * Math.cos(turn), y + far * Math.sin(turn));
  }

  hover(spot) {
    this.pointer = spot;
    if (this.on) this.refresh();
  }

  // --- what the keyboard does

  /** Take a key that is for drawing. @param {KeyboardEvent} event @returns {boolean} whether it was one */
  key(event) {
    if (!this.on) return false;
    const { key } = event, commands = event.ctrlKey || event.metaKey;
    const undoes = commands && key.toLowerCase() === "z" && !event.shiftKey && !isTyping(event);
    const plain = this.focused && !commands && !event.altKey;
    const action = undoes ? () => this.undo() : plain ? this.cross.actionOf(key, event.shiftKey) : null;
    if (!action) return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat || key in ARROWS || undoes) action();
    return true;
  }

  get focused() {
    return /** @type {ShadowRoot} */ (this.canvas.getRootNode()).activeElement === this.canvas;
  }

  /** Add a point at a place in hundredths. @param {string} where the place in words */
  put(x1, x2, where) {
    const { sketch } = this;
    sketch.begin();
    if (sketch.add(x1, x2, this.mark)) return this.changed(`Added ${this.kind} at ${where} ${sketch.count} points.`);
    sketch.past.pop();
    this.full();
  }

  // --- what a new point is, and where

  get kind() {
    return this.sketch.classes ? `a point of class ${this.names[this.label]}` : `the value ${short(this.value)}`;
  }

  get mark() {
    return this.sketch.classes ? this.label : this.value * UNITS;
  }

  /** The place of a spot of the plane in hundredths, null outside. @returns {[number, number] | null} */
  placeAt(x, y) {
    const place = placeAt(this.stage.setup.window, this.stage.easel.layouts.plane, x, y);
    return place && [place[0] * UNITS, place[1] * UNITS];
  }

  /** The same, and outside the nearest one inside. @returns {[number, number]} */
  clamped(x, y) {
    const { x: left, y: top, side } = this.stage.easel.layouts.plane;
    return this.placeAt(Math.max(left, Math.min(left + side, x)), Math.max(top, Math.min(top + side, y))) ?? [0, 0];
  }

  /** Pixels as hundredths of the plane. */
  reach(pixels) {
    const { box } = this.stage.setup.window;
    return (pixels / this.stage.easel.layouts.plane.side) * (box[1] - box[0]) * UNITS;
  }

  // --- telling and showing

  /** Something has been drawn. */
  changed(said = "") {
    this.ahead = true;
    this.post.add();
    this.refresh(true);
    if (said) this.speak(said);
  }

  full() {
    this.speak(`There is room for ${this.sketch.most} points, no more.`);
  }

  speak(text) {
    this.stage.words.speak(text);
  }

  /** Show it with the next animation frame. @param {boolean} points whether these have changed */
  refresh(points = false) {
    this.stale ||= points;
    this.waiting ||= requestAnimationFrame(() => {
      const { stage, stage: { easel }, stale } = this;
      this.waiting = 0;
      this.stale = false;
      if (!easel.visible) return;
      this.bar.refresh();
      if (stale) easel.paintPoints();
      if (stage.here) easel.drawPart("plane", easel.context(this.canvas), { ...stage.player.shown, ...stage.elsewhere });
    });
  }

  /** How far the pointer reaches, and the cross of the keyboard. */
  paint(context, layout, palette) {
    if (!this.on) return;
    const { pointer, stroke, cross, sketch } = this;
    const spot = ([x1, x2]) => spotOf(this.stage.setup.window, layout, x1 / UNITS, x2 / UNITS);
    const circle = ([x, y], radius) => outlined(context, palette, () => context.arc(x, y, radius, 0, 2 * Math.PI));
    if (pointer && REACHES[this.tool]) circle(pointer, REACHES[this.tool]);
    const held = Math.max(stroke?.held ?? -1, cross.carried);
    if (held >= 0) circle(spot(sketch.points.slice(3 * held)), 9);
    if (this.focused) cross.paint(context, palette, spot(cross.place));
  }
}

/** Stroke a path in ink on paper, so that it is seen on any ground. */
function outlined(context, palette, trace) {
  for (const { width, colour } of [{ width: 4, colour: palette.paper }, { width: 1.75, colour: palette.ink }]) {
    context.beginPath();
    trace();
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}
