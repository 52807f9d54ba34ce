// The input plane: what the network answers everywhere, where it is undecided, and the data points.

const SHAPES = [
  "circle", "square", "triangle", "diamond", "cross", "wedge", "hexagon", "bar", "post", "hourglass",
];

const MANY = 700; // points that stand so close that pale outlines and centres would hide what colour they have

function layoutPlane(width, height) {
  const left = 36, bottom = 32, top = 6, right = 8;
  const side = Math.max(40, Math.min(width - left - right, height - top - bottom));
  const x = left + Math.max(0, (width - left - right - side) / 2);
  return { x, y: top, side, width, height };
}

/** The answer, or the picture of the neuron `unit` if one is looked at; the boundary; the points, some in a ring. */
function drawPlane(context, frame, setup, layout, colours, art, view, seen, unit, ringed) {
  const { x, y, side, width, height } = layout;
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  if (unit?.pixels) return drawPixels(context, unit, layout);
  if (unit) {
    const cells = unit.source.width;
    context.drawImage(unit.source, 0, unit.picture * cells, cells, cells, x, y, side, side);
  } else if (!setup.window.curve) {
    context.drawImage(art.plane, x, y, side, side);
    if (setup.outputs === 1 && setup.kind === "classification") drawBoundary(context, frame, layout, colours.palette);
  }
  if (view.points === "errors") drawPoints(context, setup, layout, colours, seen);
  else context.drawImage(art.points, 0, 0, width, height);
  if (setup.window.curve && !unit) drawAnswer(context, frame, setup, layout, colours.palette);
  for (const point of ringed) drawRing(context, setup, point, layout, colours.palette);
}

/** The weights of a neuron into the pixels of a picture, as large as the plane. */
function drawPixels(context, { source, picture }, { x, y, side }) {
  const cells = source.width;
  context.imageSmoothingEnabled = false;
  context.drawImage(source, 0, picture * cells, cells, cells, x, y, side, side);
}

/** The answer over a line, and the value without noise where it is known. */
function drawAnswer(context, frame, setup, layout, palette) {
  const { plane } = frame, { curve, box: [left, right] } = setup.window;
  const trace = (values) => {
    context.beginPath();
    values.forEach((value, i) => context.lineTo(...spotOf(setup.window, layout, left + ((right - left) * i) / (values.length - 1), value)));
  };
  context.save();
  context.beginPath();
  context.rect(layout.x, layout.y, layout.side, layout.side);
  context.clip();
  trace(curve);
  context.setLineDash([6, 4]);
  context.lineWidth = 1.5;
  context.strokeStyle = palette.muted;
  context.stroke();
  context.setLineDash([]);
  const shift = (right - left) / plane.length / 2; // an answer is that of the middle of its cell
  context.beginPath();
  plane.forEach((code, i) => context.lineTo(...spotOf(setup.window, layout, left + shift + ((right - left) * i) / plane.length, meaning(code, plane, setup.reach))));
  context.lineWidth = 3;
  context.strokeStyle = palette.ink;
  context.stroke();
  context.restore();
}

/** A ring around a data point that a panel speaks of. */
function drawRing(context, setup, point, layout, palette) {
  const all = everyPoint(setup);
  const [px, py] = spotOf(setup.window, layout, all[3 * point], all[3 * point + 1]);
  for (const { width, colour } of [{ width: 5, colour: palette.paper }, { width: 2.5, colour: palette.ink }]) {
    context.beginPath();
    context.arc(px, py, 9, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** Fill `canvas` with the answer at every cell: as it is, decided, or how unsure it is. */
function paintPlane(canvas, frame, setup, colours, view) {
  if (setup.window.curve) return canvas;
  const cells = frame.plane.length / (setup.outputs === 1 ? 1 : 2);
  const side = Math.sqrt(cells);
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const words = new Uint32Array(image.data.buffer);
  const colour = setup.outputs === 1 ? colourOfOne(frame, setup, colours, view) : colourOfMany(frame, setup, colours, view, cells);
  for (let i = 0; i < cells; i++) words[i] = colour(i);
  context.putImageData(image, 0, 0);
  return canvas;
}

function colourOfOne(frame, setup, colours, view) {
  const { diverging, doubt } = colours;
  const most = codes(frame.plane) - 1, middle = (most + 1) / 2;
  if (setup.kind === "classification" && view.answer === "unsure") {
    return (i) => doubt[Math.round(255 * (1 - Math.min(1, Math.abs(frame.plane[i] - middle) / (middle - 1))))];
  }
  if (view.answer === "decided") return (i) => diverging[frame.plane[i] >= middle ? 255 : 1];
  return (i) => diverging[Math.floor((frame.plane[i] / (most + 1)) * 256)];
}

function colourOfMany(frame, setup, colours, view, cells) {
  const { classes, doubt } = colours, most = codes(frame.plane) - 1, chance = 1 / setup.outputs;
  const sure = (i) => frame.plane[cells + i] / most;
  if (view.answer === "unsure") return (i) => doubt[Math.round(255 * Math.max(0, 1 - (sure(i) - chance) / (1 - chance)))];
  if (view.answer === "decided") return (i) => classes[frame.plane[i]][255];
  return (i) => classes[frame.plane[i]][Math.round(255 * sure(i))];
}

/** How many values a quantised number can have: 256 in a byte. @param {Uint8Array | Uint16Array} array */
function codes(array) {
  return 256 ** array.BYTES_PER_ELEMENT;
}

/** The line on which the network is undecided between the two classes. */
function drawBoundary(context, frame, { x, y, side }, palette) {
  const cells = Math.sqrt(frame.plane.length);
  context.beginPath();
  traceContour(
    context, cells, cells, (i, j) => frame.plane[j * cells + i], codes(frame.plane) / 2,
    (i, j) => [x + ((i + 0.5) / cells) * side, y + ((j + 0.5) / cells) * side],
  );
  context.lineWidth = 1.75;
  context.strokeStyle = palette.ink;
  context.stroke();
}

/** Axes and data points, those for which `chosen(i)` holds, counted as in `everyPoint`. */
function drawPoints(context, setup, layout, colours, chosen) {
  const { palette } = colours;
  drawPlaneAxes(context, setup, layout, palette);
  const count = everyPoint(setup).length / 3, many = count > MANY;
  const radius = (count > 2000 ? 1.6 : many ? 2.3 : 3.1) * Math.min(1.5, Math.max(0.75, layout.side / 300));
  context.save();
  context.beginPath();
  context.rect(layout.x, layout.y, layout.side, layout.side);
  context.clip();
  const trained = setup.train.length / 3, tested = trained + setup.test.length / 3;
  const small = setup.kind === "regression" ? 0.7 : 0.85;
  drawUnlabelled(context, setup, layout, radius * 0.6, palette);
  drawMarkers(context, setup, setup.validation, layout, radius * small, palette, true, (i) => chosen(tested + i), many);
  drawMarkers(context, setup, setup.test, layout, radius * small, palette, true, (i) => chosen(trained + i), many);
  drawMarkers(context, setup, setup.train, layout, radius, palette, false, chosen, many);
  context.restore();
}

/** Those whose label the network does not know: small grey dots. */
function drawUnlabelled(context, { window, unlabelled }, layout, radius, palette) {
  context.fillStyle = palette.muted;
  for (let i = 0; i < unlabelled.length; i += 3) {
    context.beginPath();
    context.arc(...spotOf(window, layout, unlabelled[i], unlabelled[i + 1]), radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Training points are filled, test points hollow; the marker's shape tells the class, as its colour does.
 *  Of many points, outlines are thin or missing, and the hollow ones have a little of their colour. */
function drawMarkers(context, setup, points, layout, radius, palette, hollow, chosen, many = false) {
  const { window, kind, reach } = setup;
  for (let i = 0; i < points.length; i += 3) {
    if (!chosen(i / 3)) continue;
    const label = points[i + 2];
    const shape = kind === "regression" ? SHAPES[label < 0 ? 0 : 1] : SHAPES[label % SHAPES.length];
    const hue = kind === "regression"
      ? mix(palette.neutral, label < 0 ? palette.negative : palette.positive, Math.min(1, Math.abs(label) / reach))
      : palette.classes[label % palette.classes.length];
    const [x, y] = spotOf(window, layout, points[i], points[i + 1]);
    traceMarker(context, shape, x, y, radius);
    const quantity = kind === "regression"; // its colour is its value, so every point is filled
    const centre = many ? css(mix(palette.neutral, hue, 0.3)) : palette.paper;
    context.fillStyle = hollow && !quantity ? centre : css(hue);
    context.fill();
    if (many && !hollow && !quantity) continue;
    context.lineWidth = (hollow ? 1.4 : 0.9) * (many ? 0.6 : 1);
    context.strokeStyle = quantity ? (hollow ? palette.ink : palette.muted) : hollow ? css(hue) : palette.halo;
    context.stroke();
  }
}

function traceMarker(context, shape, x, y, radius) {
  context.beginPath();
  if (shape === "circle") return context.arc(x, y, radius, 0, 2 * Math.PI);
  const corners = {
    square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
    triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
    diamond: [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
    cross: [[-1.3, -0.45], [-0.45, -0.45], [-0.45, -1.3], [0.45, -1.3], [0.45, -0.45], [1.3, -0.45],
            [1.3, 0.45], [0.45, 0.45], [0.45, 1.3], [-0.45, 1.3], [-0.45, 0.45], [-1.3, 0.45]],
    wedge: [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
    hexagon: [[-1.1, 0], [-0.55, -0.95], [0.55, -0.95], [1.1, 0], [0.55, 0.95], [-0.55, 0.95]],
    bar: [[-1.3, -0.5], [1.3, -0.5], [1.3, 0.5], [-1.3, 0.5]],
    post: [[-0.5, -1.3], [0.5, -1.3], [0.5, 1.3], [-0.5, 1.3]],
    hourglass: [[-1, -1.1], [1, -1.1], [-1, 1.1], [1, 1.1]],
  }[shape];
  corners.forEach(([dx, dy]) => context.lineTo(x + dx * radius, y + dy * radius));
  context.closePath();
}

function drawPlaneAxes(context, setup, layout, palette) {
  const { window } = setup, { box: [left, right, bottom, top], titles, curve } = window, { x, y, side } = layout;
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  context.strokeRect(x, y, side, side);
  context.fillStyle = palette.muted;
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const mark of ticks(left, right, side / 60)) context.fillText(short(mark), spotOf(window, layout, mark, top)[0], y + side + 4);
  context.fillText(fitted(context, titles[0], side), x + side / 2, y + side + 17);
  context.textBaseline = "middle";
  context.textAlign = "right";
  const { mean, deviation } = curve ? setup.unit : { mean: 0, deviation: 1 }; // a curve's height is told in its own unit
  for (const mark of ticks(bottom * deviation + mean, top * deviation + mean, side / 60)) {
    context.fillText(short(mark), x - 4, spotOf(window, layout, left, (mark - mean) / deviation)[1]);
  }
  const upright = titles[1].length > 2; // a name is written along its axis
  context.save();
  context.translate(x - (upright ? 30 : 29), y + (upright ? side / 2 : side / 4));
  if (upright) context.rotate(-Math.PI / 2);
  context.textAlign = upright ? "center" : "left";
  context.fillText(fitted(context, titles[1], side), 0, 0);
  context.restore();
}

/** As much of a text as there is room for. */
function fitted(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length -= 1;
  return `${text.slice(0, length)}…`;
}

/** What a quantised answer of a single output means: −reach to reach. */
function meaning(code, array, reach) {
  const middle = codes(array) / 2;
  return ((code - middle) / (middle - 1)) * reach;
}

/** A value as it was before the target was scaled. @param {number} value */
function told(value, { unit }) {
  return value * unit.deviation + unit.mean;
}

/** @returns {string} the plane in words */
function describePlane(frame, setup) {
  const { plane } = frame, { note, titles } = setup.window;
  const points = `With ${setup.train.length / 3} training and ${setup.test.length / 3} test points.` +
    (note ? ` The plane is that of ${titles.join(" and ")}: ${note}.` : "");
  if (setup.kind === "regression") {
    const value = (code) => precise(told(meaning(code, plane, setup.reach), setup));
    const low = plane.reduce((a, b) => Math.min(a, b)), high = plane.reduce((a, b) => Math.max(a, b));
    return `Predicted value over the input plane at step ${frame.step}: from ${value(low)} to ${value(high)}. ${points}`;
  }
  const cells = setup.outputs === 1 ? plane.length : plane.length / 2;
  const answer = (cell) => (setup.outputs === 1 ? Number(plane[cell] >= codes(plane) / 2) : plane[cell]);
  const counts = setup.classes.map(() => 0);
  for (let cell = 0; cell < cells; cell++) counts[answer(cell)] += 1;
  const shares = setup.classes.map((name, label) => `${name} on ${((100 * counts[label]) / cells).toFixed(0)} %`);
  return `Decision regions over the input plane at step ${frame.step}: ${shares.join(", ")}. ${points}`;
}
