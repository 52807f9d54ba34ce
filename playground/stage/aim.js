// Looking at the network at another place of the loss landscape than the run's, and jumping there.

class Aim {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.form = /** @type {HTMLFormElement} */ (stage.root.querySelector(".place"));
    this.inputs = ["a", "b"].map((name) => /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name)));
    this.said = this.form.querySelector("p");
    /** @type {number[] | null} where on the slice */
    this.place = null;
    /** @type {number[] | null} what the server was last asked for */
    this.asked = null;
    this.step = 0; // of the run, while looking elsewhere
    /** @type {HTMLElement | null} what gets the focus back */
    this.giver = null;
    for (const input of this.inputs) input.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.jump();
    });
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.form.querySelector("[data-close]").addEventListener("click", () => this.close());
  }

  get pinned() {
    return !this.form.hidden;
  }

  /** Ask for the network at a place. @param {number[]} place */
  look(place) {
    const { player } = this.stage;
    if (String(place) !== String(this.place)) this.said.textContent = "Training loss there: …";
    this.place = place;
    this.step = player.shown.step;
    if (player.pending || String(place) === String(this.asked)) return;
    this.asked = place;
    player.peek(place[0], place[1]);
  }

  /** It has come; if the eye has moved on meanwhile, the next is asked for. @param {Chunk} chunk */
  seen(chunk) {
    if (!this.place) return;
    this.stage.lookElsewhere(chunk.frames[0]);
    const [loss] = chunk.frames[0].loss;
    this.said.textContent = `Training loss there: ${precise(loss)}`;
    if (String(this.place) !== String(this.asked)) this.look(this.place);
  }

  /** Another picture is on stage: look again if it is of the same step, else at the run's own network. @param {Frame} frame */
  renew(frame) {
    if (!this.place) return;
    if (frame.step !== this.step) return this.leave();
    this.asked = null;
    this.look(this.place);
  }

  /** Pin a place, with a form to change it by number and to jump there. @param {HTMLElement} giver gets the focus back */
  open(place, canvas, x, y, giver = canvas) {
    this.giver = giver;
    const { titles, sides } = this.stage.player.shown.slice;
    const home = this.stage.root.getBoundingClientRect(), box = canvas.getBoundingClientRect();
    this.inputs.forEach((input, axis) => {
      input.value = String(Number(place[axis].toPrecision(4)));
      input.previousElementSibling.textContent = titles[axis];
      input.parentElement.hidden = sides[axis] === 1;
      input.required = sides[axis] > 1;
    });
    this.form.hidden = false;
    putInside(this.form, home, box.left - home.left + x + 14, box.top - home.top + y + 14);
    this.inputs[0].focus();
    this.typed();
  }

  typed() {
    const place = this.inputs.map((input) => input.valueAsNumber), { largest } = this.stage.setup.limits;
    const far = `A number from −${largest.toLocaleString("en")} to ${largest.toLocaleString("en")}.`;
    this.inputs.forEach((input, axis) => input.setCustomValidity(Math.abs(place[axis]) > largest ? far : ""));
    if (place.every((number) => Math.abs(number) <= largest)) this.look(place);
  }

  jump() {
    const place = this.place;
    this.close();
    if (place) this.stage.player.act("jump", Math.floor(Math.random() * 2 ** 31), place[0], place[1]);
  }

  close() {
    this.form.hidden = true;
    this.giver?.focus();
    this.leave();
  }

  /** Back to the run's own network. */
  leave() {
    if (!this.place) return;
    this.place = this.asked = null;
    this.form.hidden = true;
    this.stage.lookElsewhere(null);
  }
}
