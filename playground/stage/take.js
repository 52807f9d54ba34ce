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
