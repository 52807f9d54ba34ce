// What stands over the pictures: their headings, and which mark means what.

const HEADINGS = ["Prediction", "Decision boundary", "Decision regions"];

/** Which marker is which class, or how far the colours of a quantity reach. @returns {(Node | string)[]} */
function legend(setup, palette) {
  const signs = {
    circle: "●", square: "■", triangle: "▲", diamond: "◆", cross: "✚",
    wedge: "▼", hexagon: "⬢", bar: "▬", post: "▮", hourglass: "⧗",
  };
  const most = short(setup.reach), quantity = setup.kind === "regression";
  const names = quantity ? [`−${most} to 0`, `0 to ${most}`] : setup.classes;
  const entries = names.flatMap((name, label) => {
    const sign = piece("b", "", signs[SHAPES[label]]);
    sign.style.color = css(palette.classes[label]);
    return [sign, ` ${name} `];
  });
  return [...entries, quantity ? "· small, dark edge: test" : "· hollow: test"];
}
