// Ink on the pad: strokes of a round pen on a fine raster, counted cell by cell as the digits of the data were.

const CELLS = 8; // a side
const FINE = 4; // squares a side of a cell; its value is how many of them are inked
const FULL = FINE * FINE;
const SIDE = CELLS * FINE;
const NIB = 0.65; // the pen's radius in cells
const RUBBER = 0.9;
const WIDTH = 7; // of the widest digit that Fit makes, in cells
const NIBS = Array.from({ length: 33 }, (_, i) => 0.4 + i * 0.05); // that Fit tries
const INSIDE_OUT = [5, 10, 6, 9, 1, 14, 4, 11, 2, 13, 7, 8, 0, 15, 3, 12]; // how a cell fills that is not drawn on

/** @typedef {{erase: boolean, radius: number, points: [number, number][]}} Stroke across and down, in cells */
/** @typedef {{squares: Uint8Array, strokes: Stroke[] | null}} Ink strokes are null where there are others than the pen's */

/** @returns {Ink} */
function blank() {
  return { squares: new Uint8Array(SIDE * SIDE), strokes: [] };
}

/** @param {number[]} values one for each cell, row by row @returns {Ink} */
function inkOf(values) {
  const ink = blank();
  values.forEach((value, cell) => fill(ink, cell, value));
  if (!values.some(Boolean)) ink.strokes = [];
  return ink;
}

/** Give a cell so much ink. @param {Ink} ink */
function fill(ink, cell, value) {
  const left = (cell % CELLS) * FINE, top = Math.floor(cell / CELLS) * FINE;
  INSIDE_OUT.forEach((at, rank) => {
    ink.squares[(top + Math.floor(at / FINE)) * SIDE + left + (at % FINE)] = Number(rank < value);
  });
  ink.strokes = null;
}

/** How much ink each cell has, row by row, from 0 to 16. @param {Ink} ink */
function count({ squares }) {
  const values = new Array(CELLS * CELLS).fill(0);
  squares.forEach((on, i) => {
    values[Math.floor(i / SIDE / FINE) * CELLS + Math.floor((i % SIDE) / FINE)] += on;
  });
  return values;
}

/** Draw a straight line with a round nib. @param {Uint8Array} squares @param {[number, number]} from @param {[number, number]} to */
function mark(squares, [x1, y1], [x2, y2], radius, on) {
  const dx = x2 - x1, dy = y2 - y1, length = dx * dx + dy * dy || 1;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const x = (column + 0.5) / FINE - x1, y = (row + 0.5) / FINE - y1;
      const along = Math.max(0, Math.min(1, (x * dx + y * dy) / length));
      if ((x - along * dx) ** 2 + (y - along * dy) ** 2 <= radius * radius) squares[row * SIDE + column] = on;
    }
  }
}

/** @param {Stroke[]} strokes */
function redrawn(strokes) {
  const squares = new Uint8Array(SIDE * SIDE);
  for (const { erase, radius, points } of strokes) {
    points.forEach((point, i) => mark(squares, points[Math.max(0, i - 1)], point, radius, erase ? 0 : 1));
  }
  return squares;
}

/**
 * The same strokes from edge to edge of the pad in height, in the middle of its width, and with a pen so wide that
 * there is as much ink as `goal`: so the digits of the data were brought to one size. @param {Stroke[]} strokes
 */
function fitted(strokes, goal) {
  const drawn = strokes.filter(({ erase }) => !erase).flatMap(({ points }) => points);
  const [xs, ys] = [drawn.map(([x]) => x), drawn.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.max(right - left, bottom - top, 1e-3);
  let best = strokes, nearest = Infinity;
  for (const nib of NIBS) {
    const scale = Math.min((CELLS - 2 * nib) / Math.max(bottom - top, size / 9), (WIDTH - 2 * nib) / Math.max(right - left, size / 9));
    const moved = ([x, y]) => /** @type {[number, number]} */ ([
      CELLS / 2 + (x - (left + right) / 2) * scale, CELLS / 2 + (y - (top + bottom) / 2) * scale,
    ]);
    const tried = strokes.map(({ erase, points }) => ({ erase, radius: erase ? (nib * RUBBER) / NIB : nib, points: points.map(moved) }));
    const distance = Math.abs(redrawn(tried).reduce((sum, on) => sum + on, 0) - goal);
    if (distance < nearest) [best, nearest] = [tried, distance];
  }
  return best;
}
