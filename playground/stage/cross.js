// Drawing by keyboard: a cross on the plane, where points are put, picked up and erased.

const NIGH = 50; // hundredths from the cross to a point that a key moves or erases
const STRIDE = 20, LONG_STRIDE = 100; // hundredths that an arrow key moves the cross

/** What keys do while the plane has the focus, in words. */
const KEYS_TO_DRAW = {
  "Arrows": "move the cross; with Shift further",
  "Enter": "add a point at the cross, as Space does",
  "Delete": "erase the point nearest to it",
  "M": "pick that point up, and put it down again",
  "1 – 9, 0": "choose the class",
  "Ctrl Z": "undo the last stroke",
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class Cross {
  /** @param {Draw} draw */
  constructor(draw) {
    this.draw = draw;
    this.place = [0, 0]; // in hundredths
    this.carried = -1; // the point that it carries
  }

  /** @returns {(() => void) | null} what a key does */
  actionOf(key, far) {
    const { draw, carried } = this;
    if (key in ARROWS) return () => this.walk(ARROWS[key], far ? LONG_STRIDE : STRIDE);
    if (key === "Enter" || key === " ") return () => (carried < 0 ? draw.put(...this.place, this.where) : this.drop());
    if (key === "Delete" || key === "Backspace") return () => this.erase();
    if (key.toLowerCase() === "m") return () => (carried < 0 ? this.carry() : this.drop());
    if (key === "Escape" && carried >= 0) return () => this.drop();
    if (/^[0-9]$/.test(key)) return () => draw.pick((Number(key) + 9) % 10);
    return null;
  }

  walk([right, up], stride) {
    const { draw, carried, place } = this;
    this.place = [inside(place[0] + right * stride), inside(place[1] + up * stride)];
    if (carried >= 0) {
      draw.sketch.move(carried, ...this.place);
      draw.changed(this.where);
    } else {
      draw.refresh();
      draw.speak(this.where);
    }
  }

  erase() {
    const { sketch } = this.draw, point = this.carried < 0 ? this.near() : this.carried;
    if (point < 0) return;
    sketch.begin();
    sketch.remove(point);
    this.carried = -1;
    this.draw.changed(`Erased. ${sketch.count} points.`);
  }

  carry() {
    const { draw, draw: { sketch } } = this, point = this.near();
    if (point < 0) return;
    sketch.begin();
    this.carried = point;
    this.place = sketch.points.slice(3 * point, 3 * point + 2);
    draw.refresh();
    draw.speak(`Picked up the point at ${this.where} The arrow keys move it, M puts it down.`);
  }

  /** Put down the point that is carried. */
  drop() {
    if (this.carried < 0) return;
    this.carried = -1;
    this.draw.refresh();
    this.draw.speak(`Put down at ${this.where}`);
  }

  near() {
    const point = this.draw.sketch.nearest(...this.place, NIGH);
    if (point < 0) this.draw.speak("There is no point near the cross.");
    return point;
  }

  /** Its place in words. */
  get where() {
    return `${this.place.map((place) => (place / UNITS).toFixed(2).replace("-", "−")).join(", ")}.`;
  }

  /** @param {CanvasRenderingContext2D} context @param {[number, number]} spot of the picture */
  paint(context, palette, [x, y]) {
    outlined(context, palette, () => {
      for (const [right, up] of Object.values(ARROWS)) {
        context.moveTo(x + 3 * right, y + 3 * up);
        context.lineTo(x + 12 * right, y + 12 * up);
      }
    });
  }
}
