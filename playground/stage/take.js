// Things to take along: the stage as a picture, and the latest pictures as a short film.

const FILM = 150; // frames that are kept for a film
const FILM_RATE = 30; // pictures a second in it

/** Let the browser save `blob` as a file. */
function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Record `count` pictures that `draw(i)` paints on `canvas`. @returns {Promise<Blob>} a WebM film */
function record(canvas, count, draw) {
  return new Promise((resolve, reject) => {
    if (!window.MediaRecorder) return reject(new Error("This browser cannot record."));
    const recorder = new MediaRecorder(canvas.captureStream(FILM_RATE), { mimeType: "video/webm", videoBitsPerSecond: 6e6 });
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onerror = () => reject(new Error("The recording failed."));
    recorder.onstop = () => resolve(new Blob(parts, { type: "video/webm" }));
    recorder.start();
    let i = 0;
    const timer = setInterval(() => {
      if (i < count) return draw(i++);
      clearInterval(timer);
      setTimeout(() => recorder.stop(), 200);
    }, 1000 / FILM_RATE);
  });
}

const SHARP = 2; // pixels of a saved picture for each of the page's

/** Pictures and films of a stage. */
class Take {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    /** @type {Frame[]} the latest frames */
    this.frames = [];
  }

  /** @param {Frame} frame */
  keep(frame) {
    this.frames.push(frame);
    if (this.frames.length > FILM) this.frames.shift();
  }

  /** The stage as one picture of `scale` pixels for each of the page's. */
  compose(canvas, frame, scale) {
    const home = this.stage.root.getBoundingClientRect(), { palette } = this.stage.easel.colours;
    const places = Object.entries(this.stage.easel.canvases).map(([name, part]) => [name, part.getBoundingClientRect()]);
    const head = 58;
    canvas.width = Math.round(home.width * scale);
    const top = Math.min(...places.map(([, box]) => box.top)) - head, bottom = Math.max(...places.map(([, box]) => box.bottom));
    canvas.height = Math.round((bottom - top + 8) * scale);
    const context = this.stage.easel.context(canvas, scale);
    context.fillStyle = palette.paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.stage.easel.paint(frame);
    this.stage.easel.paintPoints(scale);
    for (const [name, box] of places) {
      const piece = offscreen(Math.round(box.width * scale), Math.round(box.height * scale));
      this.stage.easel.drawPart(name, this.stage.easel.context(piece, scale), frame);
      context.drawImage(piece, box.left - home.left, box.top - top, box.width, box.height);
      context.font = this.stage.easel.font.replace("12px", "600 13px");
      context.fillStyle = palette.ink;
      context.textBaseline = "middle";
      context.textAlign = "left";
      context.fillText(this.stage.words.title(name), box.left - home.left, box.top - top - 12);
    }
    context.font = this.stage.easel.font.replace("12px", "15px");
    context.fillStyle = palette.ink;
    context.textBaseline = "middle";
    context.fillText(this.summary(frame).join("   "), 8, 18, home.width - 16);
    return canvas;
  }

  /** Show again what is on stage: some of it is painted in the same places. */
  restore() {
    this.stage.easel.paintPoints();
    this.stage.redraw();
  }

  /** The numbers of a frame in words. @returns {string[]} */
  summary({ step, loss, score }) {
    const quantity = this.stage.setup.kind === "regression", say = quantity ? precise : percent, name = quantity ? "R²" : "accuracy";
    return [
      `Step ${step.toLocaleString("en")}`, `training loss ${precise(loss[0])}`, `test loss ${precise(loss[1])}`,
      `training ${name} ${say(score[0])}`, `test ${name} ${say(score[1])}`,
    ];
  }

  picture() {
    const { shown } = this.stage.player;
    if (!shown) return;
    this.compose(offscreen(1, 1), shown, SHARP).toBlob((blob) => save(blob, `playground-step-${shown.step}.png`));
    this.restore();
  }

  async film() {
    const frames = [...this.frames], { shown } = this.stage.player;
    if (!shown) return;
    if (this.stage.player.playing) this.stage.player.pause();
    this.stage.words.speak(`Recording ${frames.length} pictures.`);
    const canvas = this.compose(offscreen(1, 1), frames[0], 1);
    try {
      const blob = await record(canvas, frames.length, (i) => this.compose(canvas, frames[i], 1));
      save(blob, `playground-to-step-${shown.step}.webm`);
      this.stage.words.speak("The film is saved.");
    } catch (error) {
      this.stage.words.warn(error.message, NOTICE_MS);
    }
    this.restore();
  }
}
