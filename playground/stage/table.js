// The network as tables: every weight and bias as a number, to read, to hear and to edit without a mouse.

class Table {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.home = /** @type {HTMLElement} */ (stage.root.querySelector(".table"));
    this.built = "";
    this.tables = this.cells = [];
  }

  toggle() {
    if (!this.stage.player.shown) return;
    this.home.hidden = !this.home.hidden;
    if (this.home.hidden) return;
    this.refresh();
    this.home.scrollIntoView({ block: "nearest" });
    this.home.focus();
  }

  /** Show the numbers of the picture on stage; the cells stay while the network does, and so does the focus. */
  refresh() {
    const { player: { run, shown }, setup, touch } = this.stage;
    if (this.home.hidden) return;
    const plan = JSON.stringify([run, sizesOf(setup)]);
    if (plan !== this.built) {
      Object.assign(this, buildTables(setup, (part, cell) => touch.edit(part, cell)));
      this.home.replaceChildren(...this.tables);
    }
    this.built = plan;
    this.tables.forEach((table, layer) => (table.caption.textContent = titleOf(setup, layer, shown.step)));
    for (const { part, button } of this.cells) {
      button.textContent = precise(shown.theta[indexOf(sizesOf(setup), part)]);
      button.setAttribute("aria-label", aboutPart(shown, setup, part)[0]);
    }
  }
}

/** @returns {string} what a table is of */
function titleOf(setup, layer, step) {
  const sizes = sizesOf(setup), to = layer === setup.hidden.length ? "output" : `layer ${layer + 1}`;
  return `Weights into ${to} at step ${step}: ${sizes[layer]} rows from, ${sizes[layer + 1]} columns to, then the bias`;
}

/** A table for each layer, its numbers left out. @param {(part: Part, cell: HTMLElement) => void} edit
 *  @returns {{tables: HTMLTableElement[], cells: {part: Part, button: HTMLButtonElement}[]}} */
function buildTables(setup, edit) {
  const sizes = sizesOf(setup), cells = [];
  const tables = sizes.slice(1).map((fanOut, layer) => {
    const table = piece("table"), fanIn = sizes[layer];
    table.append(piece("caption"));
    const head = table.createTHead().insertRow();
    head.append(scope(piece("th", "", "from \\ to"), "col"));
    for (let to = 0; to < fanOut; to++) head.append(scope(piece("th", "", shortName(setup, layer + 1, to)), "col"));
    const body = table.createTBody();
    for (let from = 0; from <= fanIn; from++) {
      const row = body.insertRow();
      row.append(scope(piece("th", "", from === fanIn ? "bias" : shortName(setup, layer, from)), "row"));
      for (let to = 0; to < fanOut; to++) {
        /** @type {Part} */
        const part = from === fanIn ? { kind: "bias", layer, to } : { kind: "link", layer, from, to };
        const button = Object.assign(document.createElement("button"), { type: "button" });
        button.addEventListener("click", () => edit(part, button));
        row.insertCell().append(button);
        cells.push({ part, button });
      }
    }
    return table;
  });
  return { tables, cells };
}

function scope(cell, value) {
  cell.scope = value;
  return cell;
}

function shortName(setup, column, row) {
  if (column === 0) return setup.features[row];
  return column <= setup.hidden.length ? `${row + 1}` : setup.classes[row] && setup.outputs > 1 ? setup.classes[row] : "output";
}
