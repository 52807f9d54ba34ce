// Which slice of the loss landscape to draw: the wish that goes along with every ask, and the menu it is made in.

/** @typedef {{plane: string, of: string, penalty: boolean, picks: number[]}} Look */

const PLANES = {
  ahead: { name: "path, its first steps", short: "path plane" },
  path: { name: "path so far", short: "path plane" },
  frozen: { name: "path so far, kept as it is now", short: "kept path plane" },
  gradient: { name: "downhill × last step", short: "downhill plane" },
  random: { name: "two random directions", short: "random plane" },
  weights: { name: "two weights", short: "two weights" },
  weight: { name: "one weight", short: "one weight" },
  states: { name: "through three marked steps", short: "three steps" },
  line: { name: "line between two marked steps", short: "line" },
  seeds: { name: "line to another seed", short: "line to a seed" },
};
const OF = { train: "training set", test: "test set", batch: "next mini-batch" };
const HINTS = {
  frozen: "The plane stays that of the path up to the step at which it was chosen.",
  gradient: "One direction is straight downhill, the other what the last step did besides.",
  random: "Filter-normalised: each neuron's part is as long as its weights.",
  weights: "Click a connection or bias of the network and choose “across” or “up”.",
  weight: "Click a connection or bias of the network and choose “alone”.",
  states: "Marks the step on screen; the plane goes through the last three marks.",
  line: "Marks the step on screen; the line joins the last two marks.",
  seeds: "The same network from another start, after as many steps.",
};
const MOST_MARKS = 3;

class Slicer {
  /**
   * @param {HTMLElement} root @param {() => void} changed @param {() => Frame | null} shown
   * @param {() => void} look opens the form to look at a place by number
   */
  constructor(root, changed, shown, look) {
    this.home = /** @type {HTMLElement} */ (root.querySelector(".slices"));
    this.changed = changed;
    this.shown = shown;
    /** @type {Look} */
    this.look = { plane: "ahead", of: "train", penalty: true, picks: [0, 1, 2] };
    this.pair = [0, 1]; // parameters across and up
    /** @type {number[]} steps */
    this.marks = [];
    this.build(look);
  }

  build(look) {
    this.plane = this.choice("Plane", Object.fromEntries(Object.entries(PLANES).map(([key, { name }]) => [key, name])), (key) => this.choose(key));
    this.of = this.choice("Loss of", OF, (of) => this.wish({ of }));
    this.penalty = this.choice("Penalty", { with: "with", without: "without" }, (word) => this.wish({ penalty: word === "with" }));
    this.hint = piece("p", "hint");
    this.mark = this.button("Mark this step (M)", () => this.markStep());
    this.place = this.button("Look at a place", () => look());
    this.draw = this.button("Draw others", () => this.wish({ picks: [Math.floor(Math.random() * 2 ** 31), 0, 0] }));
    const seed = piece("label", "", "Seed");
    this.seed = Object.assign(document.createElement("input"), { type: "number", min: "0", max: String(2 ** 32 - 1), step: "1", value: "1" });
    this.seed.addEventListener("change", () => this.seed.reportValidity() && this.wish({ picks: this.seeded() }));
    seed.append(this.seed);
    this.marked = piece("p", "hint");
    this.missing = piece("p", "hint");
    this.home.append(this.hint, this.missing, this.marked, this.mark, this.draw, seed, this.place);
    this.seedLine = seed;
    this.remark("");
    this.words();
  }

  choice(label, values, chosen) {
    const select = document.createElement("select"), line = document.createElement("label");
    for (const [value, text] of Object.entries(values)) select.add(new Option(text, value));
    select.addEventListener("change", () => chosen(select.value));
    line.append(label, select);
    this.home.append(line);
    return select;
  }

  button(text, act) {
    const button = /** @type {HTMLButtonElement} */ (piece("button", "", text));
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }

  /** Another plane, with what is picked on it to begin with. */
  choose(key) {
    const step = this.shown()?.step ?? 0;
    const picks = {
      frozen: [step, 0, 0], random: [0, 0, 0], weights: [...this.pair, 0], weight: [this.pair[0], this.pair[0], 0], seeds: this.seeded(),
      states: this.picked(3), line: this.picked(2),
    }[key] ?? [0, 0, 0];
    this.wish({ plane: key === "weight" ? "weights" : key, picks });
  }

  /** The other seed, as picks. */
  seeded() {
    return [this.seed.checkValidity() && this.seed.value ? this.seed.valueAsNumber : 1, 0, 0];
  }

  /** The last `count` marks as picks; where there are fewer, the last one again. */
  picked(count) {
    const marks = this.marks.length ? this.marks.slice(-count) : [0];
    return [0, 1, 2].map((i) => marks[Math.min(i, marks.length - 1)]);
  }

  /** Keep in mind the step on screen, for planes and lines through steps. */
  markStep() {
    const frame = this.shown();
    if (!frame) return;
    this.marks = [...this.marks.filter((step) => step !== frame.step), frame.step].slice(-MOST_MARKS);
    if (this.look.plane === "states") this.wish({ picks: this.picked(3) });
    else if (this.look.plane === "line") this.wish({ picks: this.picked(2) });
    else this.words();
  }

  /** Draw the surface over a parameter: as the first direction alone, across or up. @param {number} index in theta */
  pick(index, way) {
    if (way === "across") this.pair[0] = index;
    if (way === "up") this.pair[1] = index;
    const picks = way === "alone" ? [index, index, 0] : [...this.pair, 0];
    this.wish({ plane: "weights", picks });
  }

  /** @param {Partial<Look>} part */
  wish(part) {
    this.look = { ...this.look, ...part };
    this.words();
    this.changed();
  }

  /** What the slice has to do without, in a sentence. @param {string} note */
  remark(note) {
    this.missing.textContent = note;
    this.missing.hidden = !note;
  }

  /** Take over what the server draws: what was picked in one run means nothing in another. @param {Look} look */
  adopt(look) {
    const { plane, picks: [first, second] } = look;
    this.look = look;
    if (plane === "seeds") this.seed.value = String(first);
    if (plane === "weights" && first !== second) this.pair = [first, second];
    this.words();
  }

  /** Marks of another run, or of steps that are gone, mean nothing. @param {number} reached */
  forget(reached = -1) {
    if (!this.marks.some((step) => step > reached)) return;
    this.marks = this.marks.filter((step) => step <= reached);
    this.words();
  }

  /** The plane in the menu's words: one weight is two that are the same. */
  get key() {
    const { plane, picks } = this.look;
    return plane === "weights" && picks[0] === picks[1] ? "weight" : plane;
  }

  words() {
    const { key } = this;
    this.plane.value = key;
    this.of.value = this.look.of;
    this.penalty.value = this.look.penalty ? "with" : "without";
    this.hint.textContent = HINTS[key] ?? "The two directions in which the path varies most.";
    const needsMarks = key === "states" || key === "line";
    this.marked.textContent = this.marks.length ? `Marked: ${this.marks.map((step) => step.toLocaleString("en")).join(", ")}` : "Nothing is marked yet.";
    this.marked.hidden = this.mark.hidden = !needsMarks;
    this.draw.hidden = key !== "random";
    this.seedLine.hidden = key !== "seeds";
  }
}

/** What is drawn and what it leaves out, in one line. @param {Frame} frame @param {Look} look */
function aboutSlice({ slice }, setup, key, look) {
  const loss = { train: "training", test: "test", batch: "mini-batch" }[look.of];
  const parts = [`${loss} loss${setup.penalty && look.penalty ? " + penalty" : ""}`];
  if (slice.samples) parts[0] += ` (${slice.samples.toLocaleString("en")} points)`;
  const holds = slice.share === null ? "" : ` holds ${Math.round(100 * slice.share)} %`;
  parts.push(PLANES[key].short + holds);
  if (slice.off !== null) parts.push(`${slice.anchored ? "now" : "start"} ${slice.off < 5e-4 ? "on it" : `${short(Number(slice.off.toPrecision(2)))} off`}`);
  return [...parts, slice.note].filter(Boolean).join(" · ");
}
