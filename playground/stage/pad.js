// The pad: draw with mouse, pen, finger or keys, and see what the network takes it for.

const PAUSE = 100; // milliseconds from one message to the next while something is being drawn
const PATIENCE = 1500; // until a message counts as lost
const MORE = 4; // ink that a key adds

/** @typedef {{values: number[], put: number, heard: number, dealt: number, ink: number, names: string[], probabilities: number[], most: string,
 *             truth: string, note: string, step: number}} Told */
/** @typedef {{root: HTMLElement, canvas: HTMLCanvasElement, ink: Ink, told: Told, tool: string, cursor: number, stroke: Stroke | null,
 *             pointer: number, send: Function, turn: number, put: number, deal: number, sent: number, waiting: boolean, timer: number, keyed: boolean,
 *             speaks: boolean, mounts: number, abort: AbortController}} Pad */
/** @type {WeakMap<object, Pad>} */
const pads = new WeakMap();

/** Streamlit calls this at every rerun, with the same parent as long as the pad stays on the page. */
export default function mount({ parentElement, data, setStateValue }) {
  const pad = pads.get(parentElement) ?? hang(parentElement, data);
  const anew = data.put < pad.put || data.heard < pad.told.heard; // the server was, and knows nothing of what is drawn
  pad.send = setStateValue;
  pad.told = data;
  if (anew) {
    Object.assign(pad, { put: data.put, deal: data.dealt, turn: data.heard + 1, waiting: false });
    post(pad);
  } else if (data.put > pad.put) { // something else was put on the pad
    Object.assign(pad, { put: data.put, turn: data.heard, ink: inkOf(data.values), stroke: null, waiting: false, speaks: true });
    clearTimeout(pad.timer);
  }
  answer(pad);
  draw(pad);
  const mounts = ++pad.mounts;
  return () => {
    if (mounts !== pad.mounts) return; // Streamlit also ends a call that another one has overtaken
    pad.abort.abort();
    clearTimeout(pad.timer);
    pads.delete(parentElement);
  };
}

/** @param {Told} data @returns {Pad} */
function hang(parentElement, data) {
  const root = parentElement.querySelector(".desk"), canvas = root.querySelector("canvas");
  const pad = {
    root, canvas, ink: inkOf(data.values), told: data, tool: "pen", cursor: 0, stroke: null, pointer: -1, send: () => {},
    turn: data.heard, put: data.put, deal: data.dealt, sent: -Infinity, waiting: false, timer: 0, keyed: false, speaks: false, mounts: 0,
    abort: new AbortController(),
  };
  const { signal } = pad.abort;
  const listen = (element, names, deed) => names.forEach((name) => element.addEventListener(name, deed, { signal }));
  root.querySelector(".bars").replaceChildren(...data.names.map(row));
  listen(canvas, ["pointerdown"], (event) => begin(pad, event));
  listen(canvas, ["pointermove"], (event) => follow(pad, event));
  listen(canvas, ["pointerup", "pointercancel", "lostpointercapture"], (event) => end(pad, event));
  listen(canvas, ["keydown"], (event) => key(pad, event));
  listen(canvas, ["focus", "blur"], () => {
    pad.keyed = canvas.matches(":focus-visible");
    draw(pad);
  });
  for (const button of root.querySelectorAll("button")) listen(button, ["click"], () => press(pad, button));
  listen(root, ["transitionend"], (event) => event.target === root && draw(pad)); // the theme's ink has changed: see the style
  const sizes = new ResizeObserver(() => draw(pad));
  sizes.observe(canvas);
  signal.addEventListener("abort", () => sizes.disconnect());
  pads.set(parentElement, pad);
  return pad;
}

// --- drawing

/** @param {Pad} pad @param {PointerEvent} event @returns {[number, number]} */
function placeOf({ canvas }, event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * CELLS, ((event.clientY - box.top) / box.height) * CELLS];
}

/** @param {Pad} pad @param {PointerEvent} event */
function begin(pad, event) {
  if (pad.stroke || (event.pointerType === "mouse" && event.button)) return;
  pad.canvas.setPointerCapture(event.pointerId);
  pad.pointer = event.pointerId;
  pad.keyed = false;
  const erase = pad.tool === "eraser" || Boolean(event.buttons & 32); // the other end of a pen
  pad.stroke = { erase, radius: erase ? RUBBER : NIB, points: [] };
  pad.ink.strokes?.push(pad.stroke);
  extend(pad, placeOf(pad, event));
}

/** @param {Pad} pad @param {PointerEvent} event */
function follow(pad, event) {
  if (!pad.stroke || event.pointerId !== pad.pointer) return;
  const all = event.getCoalescedEvents?.() ?? [];
  for (const one of all.length ? all : [event]) extend(pad, placeOf(pad, one));
}

/** @param {Pad} pad @param {[number, number]} point */
function extend(pad, point) {
  const { points, radius, erase } = pad.stroke;
  points.push(point);
  mark(pad.ink.squares, points.at(-2) ?? point, point, radius, erase ? 0 : 1);
  changed(pad);
}

/** @param {Pad} pad @param {PointerEvent} event */
function end(pad, event) {
  if (!pad.stroke || event.pointerId !== pad.pointer) return;
  pad.stroke = null;
  pad.speaks = true;
  changed(pad);
}

/** @param {Pad} pad @param {KeyboardEvent} event */
function key(pad, event) {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const row = Math.floor(pad.cursor / CELLS), column = pad.cursor % CELLS;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in moves) {
    const within = (place) => Math.max(0, Math.min(CELLS - 1, place));
    const [across, down] = moves[event.key];
    pad.cursor = within(row + down) * CELLS + within(column + across);
  } else if (event.key === " " || event.key === "Enter") {
    const value = count(pad.ink)[pad.cursor];
    fill(pad.ink, pad.cursor, value >= FULL ? 0 : Math.min(FULL, value + MORE));
    changed(pad);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    fill(pad.ink, pad.cursor, 0);
    changed(pad);
  } else return;
  event.preventDefault();
  pad.keyed = true;
  draw(pad);
  speak(pad, `Row ${Math.floor(pad.cursor / CELLS) + 1}, column ${(pad.cursor % CELLS) + 1}: ${count(pad.ink)[pad.cursor]} of ${FULL}.`);
}

/** @param {Pad} pad @param {HTMLButtonElement} button */
function press(pad, button) {
  const { tool, deed } = button.dataset;
  if (tool) pad.tool = tool;
  if (deed === "clear") pad.ink = blank();
  if (deed === "fit") {
    pad.ink.strokes = fitted(pad.ink.strokes, pad.told.ink);
    pad.ink.squares = redrawn(pad.ink.strokes);
  }
  if (deed) pad.speaks = true;
  if (deed === "deal") {
    pad.deal++;
    post(pad);
  } else if (deed) changed(pad);
  draw(pad);
}

// --- telling Python

/** @param {Pad} pad */
function changed(pad) {
  pad.turn++;
  draw(pad);
  post(pad);
}

/** Send what is on the pad: at once, or as soon as the latest message is answered and a moment has passed. @param {Pad} pad */
function post(pad) {
  const now = performance.now(), due = pad.sent + (pad.waiting ? PATIENCE : PAUSE);
  clearTimeout(pad.timer);
  if (now < due) {
    pad.timer = window.setTimeout(() => post(pad), due - now);
    return;
  }
  const { turn, put, deal } = pad;
  [pad.sent, pad.waiting] = [now, true];
  const values = count(pad.ink);
  inTurn(() => pad.send("ink", { values, turn, put, deal }));
  pad.timer = window.setTimeout(() => post(pad), PATIENCE); // in case there is no answer
}

/** Show what Python says of the pad. @param {Pad} pad */
function answer(pad) {
  const { root, told } = pad, late = told.heard < pad.turn || told.dealt < pad.deal;
  if (pad.waiting) {
    pad.waiting = false;
    clearTimeout(pad.timer);
    if (late) post(pad);
  }
  const best = told.probabilities.indexOf(Math.max(...told.probabilities));
  root.querySelectorAll(".bars li").forEach((item, i) => {
    const share = told.probabilities[i] ?? 0;
    item.classList.toggle("likeliest", i === best);
    item.querySelector(".sign").textContent = i === best ? "▸" : "";
    item.querySelector(".value").textContent = told.probabilities.length ? `${(100 * share).toFixed(1)} %` : "–";
    /** @type {HTMLElement} */ (item.querySelector(".bar")).style.transform = `scaleX(${share})`;
  });
  for (const name of ["most", "truth", "note"]) root.querySelector(`.${name}`).textContent = told[name];
  Object.assign(root.dataset, { step: told.step, probabilities: told.probabilities.join(" "), heard: told.heard });
  if (pad.speaks && !late) {
    pad.speaks = false;
    speak(pad, `${told.truth} ${told.most}`);
  }
}

/** @param {Pad} pad @param {string} words */
function speak(pad, words) {
  pad.root.querySelector("[data-is=spoken]").textContent = words;
}

/** A line for one class. @param {string} name */
function row(name) {
  const item = document.createElement("li");
  for (const part of ["sign", "name", "track", "value"]) {
    const element = document.createElement("span");
    element.className = part;
    item.append(element);
  }
  item.querySelector(".sign").setAttribute("aria-hidden", "true");
  item.querySelector(".name").textContent = name;
  const bar = document.createElement("div");
  bar.className = "bar";
  item.querySelector(".track").append(bar);
  return item;
}

// --- the picture

/** @param {Pad} pad */
function draw(pad) {
  const { canvas, root, ink, tool } = pad, palette = PALETTES[themeOf(root)], values = count(ink);
  root.style.setProperty("--muted", palette.muted);
  root.querySelectorAll(".bar").forEach((bar, i) => {
    /** @type {HTMLElement} */ (bar).style.background = css(palette.classes[i % palette.classes.length]);
  });
  for (const button of root.querySelectorAll("button")) {
    if (button.dataset.tool) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    if (button.dataset.deed === "fit") button.disabled = !ink.strokes?.some(({ erase }) => !erase);
    if (button.dataset.deed === "clear") button.disabled = !values.some(Boolean);
  }
  const inked = values.filter(Boolean).length;
  canvas.setAttribute("aria-label", `Pad of ${CELLS} by ${CELLS} cells, ${inked ? `${inked} with ink` : "empty"}`);
  Object.assign(root.dataset, { values: values.join(" "), turn: pad.turn, put: pad.put });
  const pixels = Math.round(canvas.clientWidth * Math.min(window.devicePixelRatio || 1, 3));
  if (!pixels) return;
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  const context = canvas.getContext("2d"), cell = pixels / CELLS, thin = Math.max(1, pixels / 350);
  const paper = hexOf(palette.paper), black = hexOf(palette.ink);
  values.forEach((value, i) => {
    context.fillStyle = css(mix(paper, black, value / FULL));
    const [left, top] = [Math.round((i % CELLS) * cell), Math.round(Math.floor(i / CELLS) * cell)];
    context.fillRect(left, top, Math.ceil(cell), Math.ceil(cell));
  });
  context.strokeStyle = palette.grid;
  context.lineWidth = thin;
  context.beginPath();
  for (let i = 1; i < CELLS; i++) {
    const at = Math.round(i * cell) + (thin % 2) / 2;
    context.moveTo(at, 0);
    context.lineTo(at, pixels);
    context.moveTo(0, at);
    context.lineTo(pixels, at);
  }
  context.stroke();
  if (!inked) hint(context, pixels, palette);
  if (pad.keyed) {
    const [left, top] = [(pad.cursor % CELLS) * cell, Math.floor(pad.cursor / CELLS) * cell];
    for (const [colour, width] of [[palette.paper, 5], [css(palette.positive), 3]]) {
      context.strokeStyle = /** @type {string} */ (colour);
      context.lineWidth = /** @type {number} */ (width) * thin;
      context.strokeRect(left + 2.5 * thin, top + 2.5 * thin, cell - 5 * thin, cell - 5 * thin);
    }
  }
}

/** What to do with an empty pad. */
function hint(context, pixels, palette) {
  context.fillStyle = palette.muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `${Math.round(pixels / 20)}px ${getComputedStyle(context.canvas).fontFamily}`;
  context.strokeStyle = palette.halo;
  context.lineWidth = pixels / 20;
  context.lineJoin = "round";
  for (const write of ["strokeText", "fillText"]) context[write]("Draw a digit from edge to edge", pixels / 2, pixels / 2);
}

/** @param {string} colour as #rrggbb @returns {Rgb} */
function hexOf(colour) {
  return /** @type {Rgb} */ ([1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
}
