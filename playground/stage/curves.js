// The loss curves: training and test loss against the steps taken, with axes and numbers.

const MOST_ROWS = 20000; // rows kept in the browser; when there are more, every second one is dropped

/** @typedef {{step: number, train: number | null, test: number | null, a: number, b: number}} Row */

/** Add a frame to the rows; a step back first takes away what lies ahead of it. @param {Row[]} rows */
function remember(rows, frame) {
  while (rows.length && rows[rows.length - 1].step >= frame.step) rows.pop();
  rows.push({ step: frame.step, train: frame.loss[0], test: frame.loss[1], a: frame.at[0], b: frame.at[1] });
  if (rows.length > MOST_ROWS) rows.splice(0, rows.length, ...rows.filter((_, i) => i % 2 === 0 || i === rows.length - 1));
}

/** At most about `most` of the rows, evenly spread, the last one always among them. @param {Row[]} rows */
function thinned(rows, most) {
  const every = Math.ceil(rows.length / most);
  return every <= 1 ? rows : rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
}

function drawCurves(context, rows, width, height, palette) {
  context.clearRect(0, 0, width, height);
  const box = { x: 54, y: 8, w: width - 54 - 100, h: height - 8 - 34 };
  const shown = thinned(rows, Math.max(50, box.w));
  const losses = shown.flatMap(({ train, test }) => [train, test]).filter((value) => value !== null);
  const top = ticks(0, Math.max(1e-12, ...losses), 4);
  const high = Math.min(Number.MAX_VALUE, Math.max(top.at(-1) + (top.length > 1 ? top[1] - top[0] : 0), 1e-12));
  const last = Math.max(50, rows.at(-1).step);
  const px = (step) => box.x + (step / last) * box.w;
  const py = (value) => box.y + box.h - (Math.min(value, high) / high) * box.h;
  drawCurveAxes(context, box, last, high, px, py, palette);
  const lines = [{ key: "test", name: "test", dash: [5, 3] }, { key: "train", name: "training", dash: [] }];
  const ends = lines.map(({ key, name, dash }) => {
    context.beginPath();
    for (const row of shown) if (row[key] !== null) context.lineTo(px(row.step), py(row[key]));
    context.setLineDash(dash);
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.strokeStyle = key === "train" ? css(palette.positive) : palette.ink;
    context.stroke();
    const value = rows.at(-1)[key];
    return { name, value, y: value === null ? box.y : py(value), colour: context.strokeStyle };
  });
  context.setLineDash([]);
  drawEnds(context, ends, px(rows.at(-1).step), box, palette);
}

function drawCurveAxes(context, box, last, high, px, py, palette) {
  context.strokeStyle = palette.grid;
  context.fillStyle = palette.muted;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const mark of ticks(0, high, box.h / 34)) {
    context.beginPath();
    context.moveTo(box.x, py(mark));
    context.lineTo(box.x + box.w, py(mark));
    context.stroke();
    context.fillText(short(mark), box.x - 5, py(mark));
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const mark of ticks(0, last, box.w / 70)) {
    if (Number.isInteger(mark)) context.fillText(mark.toLocaleString("en"), px(mark), box.y + box.h + 5);
  }
  context.fillText("gradient step", box.x + box.w / 2, box.y + box.h + 19);
  context.save();
  context.translate(4, box.y + box.h / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("loss", 0, 0);
  context.restore();
}

/** A dot and the number at the end of each curve, kept apart when the curves meet. */
function drawEnds(context, ends, x, box, palette) {
  const [test, train] = ends;
  const labels = { test: test.y, training: train.y };
  if (Math.abs(test.y - train.y) < 30) {
    const middle = Math.min(box.y + box.h - 22, Math.max(box.y + 20, (test.y + train.y) / 2));
    const upper = test.y <= train.y ? "test" : "training";
    labels[upper] = middle - 15;
    labels[upper === "test" ? "training" : "test"] = middle + 15;
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { name, value, y, colour } of ends) {
    context.beginPath();
    context.arc(x, y, 3.5, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    const at = Math.min(Math.max(labels[name], box.y + 8), box.y + box.h - 8);
    context.fillText(name, box.x + box.w + 10, at - 7);
    context.fillStyle = palette.ink;
    context.fillText(precise(value), box.x + box.w + 10, at + 7);
  }
}

/** @returns {string} the curves in words */
function describeCurves(rows) {
  const first = rows[0], last = rows.at(-1);
  return `Loss curves from step ${first.step} to ${last.step}: training loss from ${precise(first.train)} to ` +
    `${precise(last.train)}, test loss from ${precise(first.test)} to ${precise(last.test)}.`;
}
