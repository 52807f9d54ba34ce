// Small pictures made of bytes, the lines where they cross a level, and numbers as people write them.

/** A canvas off the page, with one pixel a cell. @param {number} width @param {number} height */
function offscreen(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** Square pictures below each other, `side` cells a side; picture i is coloured with `tables[i]`. */
function paintStack(canvas, bytes, side, tables) {
  canvas.width = side;
  canvas.height = side * tables.length;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, canvas.height);
  const words = new Uint32Array(image.data.buffer);
  tables.forEach((table, picture) => {
    for (let i = picture * side * side; i < (picture + 1) * side * side; i++) words[i] = table[bytes[i]];
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Trace where a grid of values crosses `level` (marching squares) into the context's current path.
 * `value(i, j)` is the value at column i, row j; `place(i, j)` its position on the canvas.
 */
function traceContour(context, columns, rows, value, level, place) {
  const cut = (i0, j0, v0, i1, j1, v1) => {
    const share = (level - v0) / (v1 - v0);
    return place(i0 + (i1 - i0) * share, j0 + (j1 - j0) * share);
  };
  for (let i = 0; i + 1 < columns; i++) {
    for (let j = 0; j + 1 < rows; j++) {
      const a = value(i, j), b = value(i + 1, j), c = value(i + 1, j + 1), d = value(i, j + 1);
      const points = [];
      if (a < level !== b < level) points.push(cut(i, j, a, i + 1, j, b));
      if (b < level !== c < level) points.push(cut(i + 1, j, b, i + 1, j + 1, c));
      if (c < level !== d < level) points.push(cut(i + 1, j + 1, c, i, j + 1, d));
      if (d < level !== a < level) points.push(cut(i, j + 1, d, i, j, a));
      for (let k = 0; k + 1 < points.length; k += 2) {
        context.moveTo(points[k][0], points[k][1]);
        context.lineTo(points[k + 1][0], points[k + 1][1]);
      }
    }
  }
}

/** Round steps for an axis from `low` to `high`, at most about `count` of them. */
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(count, 1);
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const marks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) marks.push(k * step + 0); // never −0
  return marks;
}

/** A number for an axis. @param {number} value */
function short(value) {
  if (Math.abs(value) < 1e-12) return "0";
  const rounded = Number(value.toPrecision(3)), size = Math.abs(rounded);
  const text = size >= 1e5 || size < 1e-3 ? rounded.toExponential().replace("e+", "e") : String(rounded);
  return text.replaceAll("-", "−");
}

/** A loss or a score, always equally long. @param {number | null} value */
function precise(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not finite";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e4)) return value.toExponential(2).replace("e+", "e").replace("-", "−");
  return value.toFixed(size < 10 ? 4 : size < 100 ? 3 : 2).replace("-", "−");
}

/** A share as a percentage. @param {number | null} share */
function percent(share) {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}
