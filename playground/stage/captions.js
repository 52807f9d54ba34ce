// What stands over the pictures: their headings, and which mark means what.

const HEADINGS = ["Prediction", "Decision boundary", "Decision regions"];

/** Each marker as a letter. @type {Record<string, string>} */
const SIGNS = {
  circle: "●", square: "■", triangle: "▲", diamond: "◆", cross: "✚",
  wedge: "▼", hexagon: "⬢", bar: "▬", post: "▮", hourglass: "⧗",
};

/** Which marker is which class, or how far the colours of a quantity reach. @returns {(Node | string)[]} */
function legend(setup, palette) {
  const quantity = setup.kind === "regression", middle = short(told(0, setup));
  const names = quantity
    ? [`${short(told(-setup.reach, setup))} to ${middle}`, `${middle} to ${short(told(setup.reach, setup))}`]
    : setup.classes;
  const entries = names.flatMap((name, label) => {
    const sign = piece("b", "", SIGNS[SHAPES[label]]);
    sign.style.color = css(palette.classes[label]);
    return [sign, ` ${name} `];
  });
  const others = setup.validation.length ? "test and validation" : "test";
  const hidden = setup.unlabelled.length ? " · grey: label hidden" : "";
  return [...entries, (quantity ? `· small, dark edge: ${others}` : `· hollow: ${others}`) + hidden];
}
