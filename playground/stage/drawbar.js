// The tools to draw with: what the pointer does, which class or value it draws, and what has been drawn so far.

const TOOLS_TO_DRAW = {
  add: ["Add", "Click for a point, drag for a trail of them"],
  spray: ["Spray", "Drag to scatter points around the pointer"],
  move: ["Move", "Drag a point to another place"],
  erase: ["Erase", "Drag over points to take them away"],
};

class Drawbar {
  /** @param {HTMLElement} root @param {Draw} draw */
  constructor(root, draw) {
    this.home = /** @type {HTMLElement} */ (root.querySelector(".drawbar"));
    this.draw = draw;
    this.sorts = piece("div", "sorts");
    this.tally = /** @type {HTMLElement} */ (root.querySelector(".tally"));
    this.leftOut = /** @type {HTMLElement} */ (root.querySelector(".left-out"));
    this.built = "";
    this.home.replaceChildren(this.actions(), this.sorts);
    this.home.addEventListener("click", (event) => {
      if (event.detail > 0) /** @type {HTMLElement} */ (event.target).closest("button")?.blur(); // the space bar is for Play again
    });
  }

  actions() {
    const { draw } = this, row = piece("div", "actions");
    this.tools = Object.entries(TOOLS_TO_DRAW).map(([name, [text, title]]) => {
      const button = press(text, title, false, () => draw.choose(name));
      button.setAttribute("aria-label", text);
      button.dataset.tool = name;
      return button;
    });
    this.undo = press("Undo", "Undo the last stroke", false, () => draw.undo());
    this.clear = press("Clear", "Clear all points", false, () => draw.clear());
    row.append(...this.tools, piece("span", "gap"), this.undo, this.clear);
    return row;
  }

  /** Show what is chosen and how much is drawn. */
  refresh() {
    const { draw } = this, { sketch } = draw;
    this.home.hidden = this.tally.hidden = !draw.on;
    this.leftOut.hidden = !draw.leftOut;
    this.leftOut.textContent = draw.leftOut;
    if (!draw.on) return;
    for (const button of this.tools) button.setAttribute("aria-pressed", String(button.dataset.tool === draw.tool));
    this.undo.disabled = !sketch.past.length;
    this.clear.disabled = !sketch.count;
    const plan = JSON.stringify([sketch.classes, draw.stage.easel.colours.palette.ink]);
    if (plan !== this.built) this.build();
    this.built = plan;
    for (const chip of this.sorts.querySelectorAll("[data-label]")) {
      chip.setAttribute("aria-pressed", String(Number(chip.getAttribute("data-label")) === draw.label));
    }
    for (const field of this.values ?? []) if (Number(field.value) !== draw.value) field.value = String(draw.value);
    this.tally.textContent = `${sketch.count.toLocaleString("en")} of ${sketch.most.toLocaleString("en")} points`;
    this.tally.classList.toggle("full", sketch.full);
  }

  /** The row for classes, or the one for values. */
  build() {
    const { draw } = this, { classes } = draw.sketch;
    const focused = /** @type {ShadowRoot} */ (this.home.getRootNode()).activeElement?.getAttribute("aria-label");
    this.values = classes ? [] : this.fields();
    const parts = classes ? this.chips(classes) : [this.sign(), ...this.values];
    this.sorts.replaceChildren(...parts, this.kind(classes));
    if (focused) /** @type {HTMLElement} */ (this.sorts.querySelector(`[aria-label="${focused}"]`))?.focus();
  }

  chips(classes) {
    const { draw } = this, { palette } = draw.stage.easel.colours;
    const chips = draw.names.slice(0, classes).map((name, label) => {
      const chip = press("", `Class ${name} (${(label + 1) % 10})`, false, () => draw.pick(label));
      chip.setAttribute("aria-label", name);
      chip.dataset.label = String(label);
      const sign = piece("b", "", SIGNS[SHAPES[label]]);
      sign.style.color = css(palette.classes[label]);
      chip.append(sign, ...(classes < 4 ? [` ${name}`] : []));
      return chip;
    });
    return [...chips, piece("span", "gap")];
  }

  fields() {
    const range = { min: "-1", max: "1", step: "0.05" };
    const slider = Object.assign(document.createElement("input"), { type: "range", ...range });
    const number = Object.assign(document.createElement("input"), { type: "number", inputMode: "decimal", ...range, step: "0.01" });
    slider.setAttribute("aria-label", "Value, by slider");
    number.setAttribute("aria-label", "Value of new points");
    for (const field of [slider, number]) field.addEventListener("input", () => this.draw.weigh(field.value));
    number.addEventListener("change", () => (number.value = String(this.draw.value)));
    return [slider, number];
  }

  sign() {
    const sign = piece("span", "", "Value");
    sign.setAttribute("aria-hidden", "true");
    return sign;
  }

  kind(classes) {
    const { names } = this.draw, select = document.createElement("select"), group = piece("span", "kind");
    select.setAttribute("aria-label", "Labels");
    for (let count = FEWEST_CLASSES; count <= names.length; count++) select.add(new Option(`${count} classes`, String(count)));
    select.add(new Option("values", "0"));
    select.value = String(classes);
    select.addEventListener("change", () => this.draw.sort(Number(select.value)));
    group.append(select);
    if (classes && classes < names.length) group.append(press("+", "Add a class", false, () => this.draw.sort(classes + 1)));
    return group;
  }
}
