// What stands over the pictures: their headings, and which mark means what.

const HEADINGS = ["Prediction", "Decision boundary", "Decision regions"];

/** Each marker as a letter. @type {Record<string, string>} */
const SIGNS = {
  circle: "●", square: "■", triangle: "▲", diamond: "◆", cross: "✚",
  wedge: "▼", hexagon: "⬢", bar: "▬", post: "▮", hourglass: "⧗",
};

/** Which marker is which class, or from where to where the values of a quantity go. @returns {(Node | string)[]} */
function legend(setup, palette) {
  const quantity = setup.kind === "regression", { range: [low, high], unit: { mean } } = setup;
  const below = low < mean ? `${short(low)} to ${short(Math.min(mean, high))}` : null;
  const above = high >= mean ? `${short(Math.max(mean, low))} to ${short(high)}` : null;
  const entries = (quantity ? [below, above] : setup.classes).flatMap((name, label) => {
    if (name === null) return [];
    const sign = piece("b", "", SIGNS[SHAPES[label]]);
    sign.style.color = css(palette.classes[label]);
    return [sign, ` ${name} `];
  });
  const others = setup.validation.length ? "test and validation" : "test";
  const hidden = setup.unlabelled.length ? " · grey: label hidden" : "";
  return [...entries, (quantity ? `· small, dark edge: ${others}` : `· hollow: ${others}`) + hidden];
}
