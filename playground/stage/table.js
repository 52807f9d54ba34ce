// The network as tables: every weight and bias as a number, to read, to hear and to edit without a mouse.

class Table {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.home = /** @type {HTMLElement} */ (stage.root.querySelector(".table"));
  }

  toggle() {
    if (!this.stage.player.shown) return;
    this.home.hidden = !this.home.hidden;
    if (this.home.hidden) return;
    this.refresh();
    this.home.scrollIntoView({ block: "nearest" });
    this.home.focus();
  }

  /** Show the numbers of the picture on stage. */
  refresh() {
    const { player, setup, touch } = this.stage;
    if (!this.home.hidden) fillTable(this.home, player.shown, setup, (part, cell) => touch.edit(part, cell));
  }
}

/** @param {(part: Part, cell: HTMLElement) => void} edit */
function fillTable(home, frame, setup, edit) {
  const sizes = sizesOf(setup);
  home.replaceChildren(...layersOf(sizes, frame.theta).map(({ fanIn, fanOut, weights, bias }, layer) => {
    const table = piece("table");
    const to = layer === setup.hidden.length ? "output" : `layer ${layer + 1}`;
    table.append(piece("caption", "", `Weights into ${to} at step ${frame.step}: ${fanIn} rows from, ${fanOut} columns to, then the bias`));
    const head = table.createTHead().insertRow();
    head.append(scope(piece("th", "", "from \\ to"), "col"));
    for (let column = 0; column < fanOut; column++) head.append(scope(piece("th", "", shortName(setup, layer + 1, column)), "col"));
    const body = table.createTBody();
    for (let from = 0; from <= fanIn; from++) {
      const row = body.insertRow();
      row.append(scope(piece("th", "", from === fanIn ? "bias" : shortName(setup, layer, from)), "row"));
      for (let column = 0; column < fanOut; column++) {
        /** @type {Part} */
        const part = from === fanIn ? { kind: "bias", layer, to: column } : { kind: "link", layer, from, to: column };
        const value = from === fanIn ? bias[column] : weights[from * fanOut + column];
        const button = piece("button", "", precise(value));
        button.type = "button";
        button.setAttribute("aria-label", aboutPart(frame, setup, part)[0]);
        button.addEventListener("click", () => edit(part, button));
        row.insertCell().append(button);
      }
    }
    return table;
  }));
}

function scope(cell, value) {
  cell.scope = value;
  return cell;
}

function shortName(setup, column, row) {
  if (column === 0) return setup.features[row];
  return column <= setup.hidden.length ? `${row + 1}` : setup.classes[row] && setup.outputs > 1 ? setup.classes[row] : "output";
}
