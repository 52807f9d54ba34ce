// Building in the picture: features, layers, neurons and activations, above the column they belong to.

class Tools {
  /** @param {HTMLElement} root @param {(field: string, word: string) => void} design */
  constructor(root, design) {
    this.home = /** @type {HTMLElement} */ (root.querySelector(".tools"));
    this.design = design;
    this.built = "";
    this.narrow = false; // whether columns stand too close for buttons side by side
  }

  /** Put the tools above the columns of `layout`; they are built anew only where the network is another one. */
  place(setup, layout) {
    this.narrow = layout.gap < 72;
    const plan = JSON.stringify([this.narrow, setup.run, setup.ruled, setup.keys, setup.hidden, setup.activations, setup.output]);
    if (plan !== this.built) this.build(setup);
    this.built = plan;
    [...this.home.children].forEach((/** @type {HTMLElement} */ tool, column) => {
      tool.style.left = `${layout.columns[column][0].x}px`;
      tool.style.width = `${Math.min(layout.gap - 2, 130)}px`;
      tool.classList.toggle("narrow", this.narrow);
    });
  }

  build(setup) {
    const open = this.home.querySelector("details")?.open;
    const focused = /** @type {ShadowRoot} */ (this.home.getRootNode()).activeElement?.getAttribute("aria-label");
    this.home.replaceChildren(
      this.inputs(setup),
      ...setup.hidden.map((_, layer) => this.layer(setup, layer)),
      this.output(setup),
    );
    if (open) this.home.querySelector("details").open = true;
    /** @type {NodeListOf<HTMLElement>} */
    const parts = this.home.querySelectorAll("[aria-label]");
    if (focused) [...parts].find((part) => part.getAttribute("aria-label") === focused)?.focus();
  }

  inputs(setup) {
    if (!setup.keys.length) { // the columns of a table are chosen in the sidebar
      const name = piece("div", "tool");
      name.append(piece("span", "name", this.narrow ? "in" : "inputs"));
      return name;
    }
    const tool = piece("details", "tool menu");
    tool.append(piece("summary", "", this.narrow ? "in ▾" : "inputs ▾"));
    tool.firstElementChild.setAttribute("aria-label", "Inputs");
    const list = piece("div", "list"), boxes = {};
    for (const [key, label] of Object.entries(setup.choices.features)) {
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: setup.keys.includes(key) });
      box.disabled = box.checked && setup.keys.length === 1; // the last one stays
      box.addEventListener("change", () => {
        const keys = Object.keys(boxes).filter((other) => boxes[other].checked); // also what was ticked just before
        this.design("features", keys.join(","));
      });
      box.setAttribute("aria-label", label);
      boxes[key] = box;
      const line = piece("label");
      line.append(box, label);
      list.append(line);
    }
    tool.append(list);
    return tool;
  }

  layer(setup, layer) {
    const tool = piece("div", "tool");
    const select = document.createElement("select");
    select.setAttribute("aria-label", `Activation of layer ${layer + 1}`);
    for (const [key, name] of Object.entries(setup.choices.activations)) {
      select.add(new Option(name, key, false, key === setup.activations[layer]));
    }
    select.addEventListener("change", () => {
      const keys = setup.activations.with(layer, select.value);
      this.design("activation", new Set(keys).size === 1 ? keys[0] : keys.join(","));
    });
    const width = setup.hidden[layer], { mostNeurons } = setup.choices;
    const resize = (to) => this.design("hidden", setup.hidden.with(layer, to).join(","));
    const count = piece("div", "count");
    if (this.narrow) {
      const sizes = document.createElement("select");
      sizes.setAttribute("aria-label", `Neurons in layer ${layer + 1}`);
      for (let size = 1; size <= mostNeurons; size++) sizes.add(new Option(String(size), String(size), false, size === width));
      sizes.addEventListener("change", () => resize(Number(sizes.value)));
      tool.append(select, sizes);
      return tool;
    }
    count.append(
      press("−", `Remove a neuron from layer ${layer + 1}`, width === 1, () => resize(width - 1)),
      piece("span", "", String(width)),
      press("+", `Add a neuron to layer ${layer + 1}`, width >= mostNeurons, () => resize(width + 1)),
    );
    tool.append(select, count);
    return tool;
  }

  output(setup) {
    const { hidden, choices } = setup;
    const tool = piece("div", "tool");
    const count = piece("div", "count");
    count.append(
      press("−", "Remove the last hidden layer", hidden.length === 0, () => this.design("hidden", hidden.slice(0, -1).join(",") || "0")),
      piece("span", "", this.narrow ? "" : "layer"),
      press("+", "Add a hidden layer", hidden.length >= choices.mostLayers, () => this.design("hidden", [...hidden, choices.newLayer].join(","))),
    );
    tool.append(piece("span", "name", setup.output), count);
    return tool;
  }
}

function piece(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

function press(sign, label, disabled, action) {
  const button = Object.assign(document.createElement("button"), { type: "button", disabled, textContent: sign, title: label });
  button.setAttribute("aria-label", label);
  button.addEventListener("click", action);
  return button;
}
