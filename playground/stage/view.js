// What the learner wants to see: switches that change the drawing and never the run.

/** @typedef {{points: string, answer: string, widths: string, links: string, axis: string, smooth: string, depth: string, keys: string}} View */

/** The switches: the name in `View`, its label, and its values, the first one to start with.
 *  @type {[string, string, Record<string, string>][]} */
const SWITCHES = [
  ["points", "Points", { both: "training and test", train: "training", test: "test", validation: "validation", errors: "wrong answers", none: "none" }],
  ["answer", "Answer", { smooth: "in shades", decided: "decided", unsure: "how unsure" }],
  ["widths", "Line widths", { linear: "linear", log: "logarithmic" }],
  ["links", "Connections", { all: "all", strong: "strongest quarter", one: "of the neuron looked at" }],
  ["axis", "Loss axis", { linear: "linear", log: "logarithmic" }],
  ["depth", "Loss surface", { log: "logarithmic", linear: "linear" }],
  ["smooth", "Smooth curves", { 0: "not at all", 0.8: "a little", 0.95: "a lot" }],
  ["keys", "Keys", { on: "on", off: "off" }],
];

const SHELF = "playground view"; // in the browser's own storage

/** @returns {View} */
function readView() {
  const view = Object.fromEntries(SWITCHES.map(([name, , values]) => [name, Object.keys(values)[0]]));
  try {
    const kept = JSON.parse(localStorage.getItem(SHELF) ?? "{}");
    for (const [name, , values] of SWITCHES) if (Object.hasOwn(values, kept[name])) view[name] = kept[name];
  } catch {
    // a browser that keeps nothing, or something else has written there
  }
  return /** @type {View} */ (view);
}

function keepView(view) {
  try {
    localStorage.setItem(SHELF, JSON.stringify(view));
  } catch {
    // a browser that keeps nothing
  }
}

/** Fill `menu` with a choice for each switch. @param {(view: View) => void} changed */
function buildSwitches(menu, view, changed) {
  for (const [name, label, values] of SWITCHES) {
    const select = document.createElement("select");
    select.name = name;
    select.setAttribute("aria-label", label);
    for (const [value, text] of Object.entries(values)) select.add(new Option(text, value, false, String(view[name]) === value));
    select.addEventListener("change", () => {
      view[name] = select.value;
      keepView(view);
      changed(view);
    });
    const line = document.createElement("label");
    line.append(label, select);
    menu.append(line);
  }
}
