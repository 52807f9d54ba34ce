// The loss curves: training and test loss against the steps taken, with axes and numbers.

const MOST_ROWS = 20000; // rows kept in the browser; when there are more, every second one is dropped

/** The losses at a step; validation is null where nothing is set aside for it.
 *  @typedef {{step: number, train: number | null, test: number | null, validation: number | null}} Row */

/** @param {number} step @param {(number | null)[]} losses @returns {Row} */
function rowOf(step, [train, test, validation = null]) {
  return { step, train, test, validation };
}

/**
 * Put a frame into the rows, which are in the order of their steps; rows beyond what the run has reached go.
 * @param {Row[]} rows @returns {Row[]} those
 */
function remember(rows, frame) {
  const row = rowOf(frame.step, frame.loss);
  const at = placeIn(rows, frame.step);
  rows.splice(at, rows[at]?.step === frame.step ? 1 : 0, row);
  const gone = rows.splice(placeIn(rows, frame.reached + 1));
  if (rows.length > MOST_ROWS) rows.splice(0, rows.length, ...rows.filter((_, i) => i % 2 === 0 || i === rows.length - 1));
  return gone;
}

/** Where a row of `step` is or would be. @param {{step: number}[]} rows */
function placeIn(rows, step) {
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].step < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** At most about `most` of the rows, evenly spread, the last one always among them. @param {Row[]} rows */
function thinned(rows, most) {
  const every = Math.ceil(rows.length / most);
  return every <= 1 ? rows : rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
}

const MARGIN = { left: 54, right: 100, top: 8, bottom: 34 };
const LINES = [
  { key: "validation", name: "validation", dash: [1.5, 3], colour: (palette) => css(palette.classes[2]) },
  { key: "test", name: "test", dash: [5, 3], colour: (palette) => palette.ink },
  { key: "train", name: "training", dash: [], colour: (palette) => css(palette.positive) },
];
const APART = 30; // pixels between the labels at the ends of the curves

/** The place of the curves and how steps and losses lie in it. */
function scaleCurves(rows, ghost, width, height, view) {
  const box = { x: MARGIN.left, y: MARGIN.top, w: width - MARGIN.left - MARGIN.right, h: height - MARGIN.top - MARGIN.bottom };
  const losses = [...thinned(rows, box.w), ...thinned(ghost, box.w)].flatMap(({ train, test, validation }) => [train, test, validation]).filter((value) => value !== null);
  const last = Math.max(50, rows.at(-1)?.step ?? 0);
  const largest = Math.min(Number.MAX_VALUE, Math.max(1e-12, ...losses));
  const px = (step) => box.x + (step / last) * box.w;
  if (view.axis === "log") {
    const low = Math.max(1e-12, Math.min(largest, ...losses.filter((value) => value > 0)));
    const from = Math.log10(low) - 0.05, to = Math.max(Math.log10(largest) + 0.05, from + 0.5);
    const py = (value) => box.y + box.h * (1 - (Math.log10(Math.max(value, low)) - from) / (to - from));
    return { box, last, px, py, marks: decades(from, to) };
  }
  const rough = ticks(0, largest, 4);
  const high = Math.max(rough.at(-1) + (rough.length > 1 ? rough[1] - rough[0] : 0), 1e-12);
  return { box, last, px, py: (value) => box.y + box.h - (Math.min(value, high) / high) * box.h, marks: ticks(0, high, box.h / 34) };
}

/** Marks of a logarithmic axis: powers of ten, and where these are few, 2 and 5 of each as well. */
function decades(from, to) {
  const factors = to - from > 3 ? [1] : [1, 2, 5];
  const marks = [];
  for (let power = Math.floor(from); power <= to; power++) marks.push(...factors.map((factor) => factor * 10 ** power));
  return marks.filter((mark) => Math.log10(mark) >= from && Math.log10(mark) <= to);
}

/** A running mean with the weight `memory` on what was before. @returns {(number | null)[]} */
function smoothed(values, memory) {
  let mean = null;
  return values.map((value) => (value === null ? null : (mean = mean === null ? value : memory * mean + (1 - memory) * value)));
}

/**
 * The curves as far as the run has come, pale beyond the step that is shown; under them the curve of the run before.
 * @param {Row[]} rows @param {Row[]} ghost @param {number} now the step shown @param {number[]} changes steps where the rule changed
 */
function drawCurves(context, rows, ghost, now, changes, width, height, palette, view) {
  context.clearRect(0, 0, width, height);
  const scale = scaleCurves(rows, ghost, width, height, view);
  const { box, px, py } = scale;
  drawCurveAxes(context, scale, palette);
  for (const step of changes) drawMark(context, px(step), box, palette.muted, [2, 3]);
  drawGhost(context, ghost, scale, palette);
  const shown = thinned(rows, Math.max(50, box.w)), current = placeIn(shown, now + 1) - 1;
  const drawn = LINES.filter(({ key }) => key !== "validation" || rows.at(-1).validation !== null);
  const ends = drawn.map(({ key, name, dash, colour: hue }) => {
    const colour = hue(palette);
    const values = shown.map((row) => row[key]), memory = Number(view.smooth);
    const trace = (from, to, line) => {
      context.beginPath();
      for (let i = from; i <= to; i++) if (line[i] !== null) context.lineTo(px(shown[i].step), py(line[i]));
      context.stroke();
    };
    Object.assign(context, { lineWidth: 2, lineJoin: "round", strokeStyle: colour });
    context.setLineDash(dash);
    context.globalAlpha = 0.3;
    trace(Math.max(0, current), shown.length - 1, values);
    if (memory) trace(0, current, values);
    context.globalAlpha = 1;
    trace(0, current, memory ? smoothed(values, memory) : values);
    const value = rows[Math.max(0, placeIn(rows, now + 1) - 1)][key];
    return { name, value, y: value === null ? box.y : py(value), colour };
  });
  context.setLineDash([]);
  if (now < rows.at(-1).step) drawMark(context, px(now), box, palette.ink, []);
  drawEnds(context, ends, px(now), box, palette);
}

function drawMark(context, x, { y, h }, colour, dash) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x, y + h);
  context.lineWidth = 1;
  context.strokeStyle = colour;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

function drawGhost(context, ghost, { box, last, px, py }, palette) {
  context.save();
  context.globalAlpha = 0.45;
  context.lineWidth = 1.25;
  context.strokeStyle = palette.muted;
  for (const { key, dash } of LINES) {
    context.setLineDash(dash);
    context.beginPath();
    for (const row of thinned(ghost, box.w)) if (row[key] !== null && row.step <= last) context.lineTo(px(row.step), py(row[key]));
    context.stroke();
  }
  context.restore();
}

function drawCurveAxes(context, { box, last, px, py, marks }, palette) {
  context.strokeStyle = palette.grid;
  context.fillStyle = palette.muted;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const mark of marks) {
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
  const labels = keptApart(ends.map(({ y }) => y), box);
  context.textAlign = "left";
  context.textBaseline = "middle";
  ends.forEach(({ name, value, y, colour }, i) => {
    context.beginPath();
    context.arc(x, y, 3.5, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.fillText(name, box.x + box.w + 10, labels[i] - 7);
    context.fillStyle = palette.ink;
    context.fillText(precise(value), box.x + box.w + 10, labels[i] + 7);
  });
}

/** Heights for labels that would like to stand at `heights`, in the same order from above and inside the box. */
function keptApart(heights, { y, h }) {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]), at = [];
  order.forEach((i, rank) => { at[i] = Math.max(heights[i], rank ? at[order[rank - 1]] + APART : y + 8); });
  let floor = y + h - 8;
  for (const i of order.reverse()) {
    at[i] = Math.min(at[i], floor);
    floor = at[i] - APART;
  }
  return at;
}

/** @returns {string} the curves in words */
function describeCurves(rows) {
  const first = rows[0], last = rows.at(-1);
  return `Loss curves from step ${first.step} to ${last.step}: training loss from ${precise(first.train)} to ` +
    `${precise(last.train)}, test loss from ${precise(first.test)} to ${precise(last.test)}` +
    (last.validation === null ? "." : `, validation loss from ${precise(first.validation)} to ${precise(last.validation)}.`);
}
