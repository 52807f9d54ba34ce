// The window through which the inputs are seen: where data points stand in its picture, and what is at a spot of it.

/** @typedef {{box: [number, number, number, number], titles: [string, string], note: string, curve: number[] | null}} Sight
 *  what of the inputs is drawn: left, right, bottom and top; `curve` where an answer is drawn over one input */

/** Where a place of the window stands in its picture. @returns {[number, number]} */
function spotOf({ box: [left, right, bottom, top] }, { x, y, side }, a, b) {
  return [x + ((a - left) / (right - left)) * side, y + ((top - b) / (top - bottom)) * side];
}

/** The place of the window at a spot of its picture, or null outside. @returns {[number, number] | null} */
function placeAt({ box: [left, right, bottom, top] }, { x, y, side }, px, py) {
  const u = (px - x) / side, v = (py - y) / side;
  return u < 0 || u > 1 || v < 0 || v > 1 ? null : [left + u * (right - left), top - v * (top - bottom)];
}

/** The data point nearest to a spot of the plane, counted as in `everyPoint`, or −1. */
function pointAt(layout, setup, px, py, visible) {
  let best = -1, nearest = NEAR;
  const all = everyPoint(setup);
  for (let i = 0; 3 * i < all.length; i++) {
    if (!visible(i)) continue;
    const [x, y] = spotOf(setup.window, layout, all[3 * i], all[3 * i + 1]);
    if (Math.hypot(x - px, y - py) < nearest) [best, nearest] = [i, Math.hypot(x - px, y - py)];
  }
  return best;
}

/** All data points with a label, as x, y, label: those to train with, to test with, to validate with. */
function everyPoint({ train, test, validation }) {
  return [...train, ...test, ...validation];
}

/** Which part of the data a point belongs to. */
function partOf({ train, test }, point) {
  return point < train.length / 3 ? "train" : point < (train.length + test.length) / 3 ? "test" : "validation";
}
