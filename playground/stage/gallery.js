// The gallery: a data set is chosen by what it looks like. One radio button for each, under its thumbnail.

const SIDE = 80; // a thumbnail is drawn on a square of this side, whatever its size on the screen
const RADIUS = 4;
const PARTED = { checkerboard: "checker\u00adboard" }; // where a name breaks that is wider than its thumbnail

/** @typedef {{name: string, note: string, kind: string, window: {box: number[]}, reach: number, points: number[]}} Choice */
/** @typedef {{root: HTMLElement, items: {choice: Choice, input: HTMLInputElement, canvas: HTMLCanvasElement}[],
 *             send: Function, picks: number, drawn: string, turn: number, abort: AbortController}} Gallery */
/** @type {WeakMap<object, Gallery>} */
const galleries = new WeakMap();

/** Streamlit calls this at every rerun, with the same parent as long as the gallery stays on the page. */
export default function mount({ parentElement, data, setStateValue }) {
  const gallery = galleries.get(parentElement) ?? hang(parentElement, data);
  gallery.send = setStateValue;
  // an answer to an earlier pick is overtaken by what has been picked since
  if (data.heard >= gallery.picks) for (const { choice, input } of gallery.items) input.checked = choice.name === data.chosen;
  draw(gallery);
  const turn = ++gallery.turn;
  return () => {
    if (turn !== gallery.turn) return; // Streamlit also ends a call that another one has overtaken
    gallery.abort.abort();
    galleries.delete(parentElement);
  };
}

/** @returns {Gallery} */
function hang(parentElement, { label, choices, heard }) {
  const root = parentElement.querySelector(".thumbs");
  const gallery = { root, items: [], send: null, picks: heard, drawn: "", turn: 0, abort: new AbortController() };
  root.setAttribute("role", "radiogroup");
  root.setAttribute("aria-label", label);
  gallery.items = choices.map(build);
  root.replaceChildren(...gallery.items.map(({ input }) => input.parentElement));
  const { signal } = gallery.abort;
  root.addEventListener("change", (event) => {
    const { value: name } = /** @type {HTMLInputElement} */ (event.target);
    const turn = ++gallery.picks;
    inTurn(() => gallery.send("pick", { name, turn }));
  }, { signal });
  root.addEventListener("transitionend", () => draw(gallery), { signal }); // the theme's ink has changed: see the style
  const sizes = new ResizeObserver(() => draw(gallery));
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());
  galleries.set(parentElement, gallery);
  return gallery;
}

/** @param {Choice} choice */
function build(choice) {
  const { name, note } = choice;
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "gallery", value: name });
  input.setAttribute("aria-label", name);
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", note);
  const words = document.createElement("span");
  words.append(PARTED[name] ?? name);
  const label = Object.assign(document.createElement("label"), { title: note });
  label.append(input, canvas, words);
  return { choice, input, canvas };
}

/** Draw the thumbnails, if their size, their sharpness or the theme is new. @param {Gallery} gallery */
function draw(gallery) {
  const { root, items } = gallery;
  const theme = themeOf(root), palette = PALETTES[theme];
  const pixels = Math.round(items[0].canvas.clientWidth * Math.min(window.devicePixelRatio || 1, 3));
  if (!pixels || gallery.drawn === `${theme} ${pixels}`) return;
  gallery.drawn = `${theme} ${pixels}`;
  for (const { choice, canvas } of items) {
    canvas.width = canvas.height = pixels;
    const context = canvas.getContext("2d");
    context.scale(pixels / SIDE, pixels / SIDE);
    drawMarkers(context, choice, choice.points, { x: 0, y: 0, side: SIDE }, RADIUS, palette, false, () => true);
  }
}
