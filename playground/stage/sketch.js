// A sketch: the points that are drawn on the plane, in order, and the strokes that can be taken back.

const UNITS = 100; // places and values are whole hundredths, as in a link
const EDGE = 6 * UNITS; // points are drawn up to here
const STROKES = 100; // that can be undone
const FEWEST_CLASSES = 2;

/** @typedef {{classes: number, points: number[]}} Drawing `points` are x1, x2, y, x1, …; `classes` are 0 for values */

class Sketch {
  /** @param {Drawing} drawing @param {number} most points */
  constructor({ classes, points }, most) {
    this.classes = classes;
    this.points = points;
    this.most = most;
    /** @type {Drawing[]} as it was before each stroke */
    this.past = [];
  }

  get count() {
    return this.points.length / 3;
  }

  get full() {
    return this.count >= this.most;
  }

  /** Begin a stroke, which is undone as one. */
  begin() {
    this.past = [...this.past, { classes: this.classes, points: [...this.points] }].slice(-STROKES);
  }

  /** @returns {boolean} whether there was a stroke to take back */
  undo() {
    const before = this.past.pop();
    if (before) Object.assign(this, before);
    return Boolean(before);
  }

  /** @returns {boolean} whether there was room */
  add(x1, x2, label) {
    if (this.full) return false;
    this.points.push(inside(x1), inside(x2), Math.round(label));
    return true;
  }

  move(point, x1, x2) {
    this.points.splice(3 * point, 2, inside(x1), inside(x2));
  }

  /** Take away all points within a distance of a place. @returns {number} how many they were */
  erase(x1, x2, within) {
    const before = this.count;
    this.keep((i) => Math.hypot(this.points[i] - x1, this.points[i + 1] - x2) > within);
    return before - this.count;
  }

  remove(point) {
    this.points.splice(3 * point, 3);
  }

  clear() {
    this.points = [];
  }

  /** The point nearest to a place, or −1 where none is so near. */
  nearest(x1, x2, within = Infinity) {
    let best = -1;
    for (let i = 0; i < this.points.length; i += 3) {
      const distance = Math.hypot(this.points[i] - x1, this.points[i + 1] - x2);
      if (distance <= within) [best, within] = [i / 3, distance];
    }
    return best;
  }

  /** Have so many classes, or values where they are 0. The points of a class that goes, go with it. */
  sort(classes) {
    const before = this.classes;
    this.classes = classes;
    if (before && classes) this.keep((i) => this.points[i + 2] < classes);
    else if (before) this.relabel((label) => Math.round(UNITS * ((2 * label) / (before - 1) - 1)));
    else if (classes) this.relabel((value) => Number(value >= 0));
  }

  /** @param {(start: number) => boolean} kept */
  keep(kept) {
    this.points = this.points.filter((_, i) => kept(i - (i % 3)));
  }

  /** @param {(label: number) => number} change */
  relabel(change) {
    this.points = this.points.map((number, i) => (i % 3 === 2 ? change(number) : number));
  }

  /** The parts of the data as Python will have them: the samples of a class go there in turn, in fixed shares. */
  parts({ split, validation }) {
    const all = Array.from({ length: this.count }, (_, i) => i);
    let train = this.inTurn(all, split / 100);
    if (train.length === all.length) train = train.slice(0, -1);
    const learned = new Set(train), rest = all.filter((i) => !learned.has(i));
    const checked = new Set(validation ? this.inTurn(rest, Math.min(validation / (100 - split), 1)) : []);
    checked.delete(rest.at(-1));
    return {
      train: this.triples(train),
      validation: this.triples(rest.filter((i) => checked.has(i))),
      test: this.triples(rest.filter((i) => !checked.has(i))),
    };
  }

  /** Of some points, those that are chosen so that of the first m of each class as near to m·share are as can be. */
  inTurn(points, share) {
    const seen = new Map();
    const upTo = (m) => Math.ceil(m * share - 1e-9);
    return points.filter((i) => {
      const label = this.classes ? this.points[3 * i + 2] : 0, m = seen.get(label) ?? 0;
      seen.set(label, m + 1);
      return upTo(m + 1) > upTo(m);
    });
  }

  /** Points as they are drawn: x1, x2 and label, not in hundredths. @param {number[]} points */
  triples(points) {
    return points.flatMap((i) => {
      const [x1, x2, label] = this.points.slice(3 * i, 3 * i + 3);
      return [x1 / UNITS, x2 / UNITS, this.classes ? label : label / UNITS];
    });
  }
}

function inside(place) {
  return Math.round(Math.max(-EDGE, Math.min(EDGE, place))) + 0; // never −0
}

/** The points of a setup with which a drawing begins, or goes on. @returns {Drawing} */
function drawingOf({ drawn, kind, classes: names }) {
  const classes = kind === "regression" ? 0 : names.length;
  return { classes, points: drawn.map((number, i) => Math.round(i % 3 === 2 && classes ? number : number * UNITS) + 0) };
}
