// The keeper: holds the present run in this tab's own storage, and hands it back to a session that has just begun.
// So a reload and a new server cost nothing; a link in another tab, or another link in this one, opens as it says.

const KEPT = "playground: run", TEXT = "playground: run as text"; // in the storage of the tab
const PAUSE_MS = 1000, PAUSE_PLAYING_MS = 10_000; // between two texts of a run that its link does not give
const TRIES = 5, TRY_MS = 3000; // a message is lost where the page runs anew at that moment, so it is said again
const PAGE = Symbol.for("playground: this page"); // every part has a copy of this code, and a page has one number

/** @typedef {{session: string, run: string, mark: string, asked: string, plain: boolean, deeds: number, version: number,
 *             step: number, text: string, stored: number, heard: number, taken: boolean}} Told what Python says of its run */
/** @typedef {{session: string, page: number, mark: string, plain: boolean, deeds: number, version: number, from: number,
 *             step: number, playing: boolean, pace: string}} Kept what is in the storage */
/** @type {WeakMap<object, Keeper>} */
const keepers = new WeakMap();

export default function mount({ parentElement, data, setTriggerValue }) {
  let keeper = keepers.get(parentElement);
  if (!keeper) keepers.set(parentElement, (keeper = new Keeper()));
  keeper.send = setTriggerValue;
  keeper.hear(data);
  const turn = ++keeper.turn;
  return () => {
    if (turn !== keeper.turn) return; // Streamlit also ends a call that another one has overtaken
    keeper.close();
    keepers.delete(parentElement);
  };
}

class Keeper {
  constructor() {
    this.turn = 0;
    this.send = (/** @type {string} */ word, /** @type {object} */ message) => {};
    /** @type {Told | null} */
    this.told = null;
    /** @type {{number: number, kept: Kept} | null} a run that Python is to take over */
    this.offer = null;
    this.insisting = {}; // timers, by what is said
    this.wish = null; // where the stage is to go on, and whether it has heard of it
    this.storing = 0; // the number of that
    this.asked = -Infinity; // when the latest text was asked for
    this.news = null; // the latest of the stage
    this.timer = 0;
    this.abort = new AbortController();
    this.page = /** @type {any} */ (window)[PAGE] ??= Math.random();
    const { signal } = this.abort;
    window.addEventListener("playground:news", (/** @type {CustomEvent} */ { detail }) => this.see(detail), { signal });
    window.addEventListener("playground:hello", () => this.tell(), { signal }); // a stage that came later than this
  }

  close() {
    this.abort.abort();
    clearTimeout(this.timer);
    for (const timer of Object.values(this.insisting)) clearInterval(timer);
  }

  /** @param {Told} told */
  hear(told) {
    const first = told.session !== this.told?.session;
    this.told = told;
    if (first) return this.goOn();
    if (this.offer?.number === told.heard) {
      const { kept } = this.offer;
      this.offer = null;
      clearInterval(this.insisting.offer);
      if (told.taken) return this.lead(kept);
      this.lost();
    }
    if (told.stored === this.storing) {
      clearInterval(this.insisting.store);
      this.hold();
    }
  }

  /** In a session that has just begun: go on with the run that was on this page, where there is one. */
  goOn() {
    const kept = read(KEPT), { told } = this;
    if (!kept || kept.session === told.session || !this.isOurs(kept)) return;
    if (kept.plain && kept.mark === told.mark) return this.lead(kept);
    if (kept.plain || (kept.mark !== told.mark && kept.mark !== told.asked)) return;
    const text = sessionStorage.getItem(TEXT);
    if (!text) return this.lost();
    this.offer = { number: aNumber(), kept };
    this.insist("offer", { run: told.run, number: this.offer.number, text }, () => (this.offer = null));
  }

  /** Say it until it is heard, or in vain. @param {"store" | "offer"} word */
  insist(word, message, vain = () => {}) {
    let left = TRIES;
    const say = () => {
      if (left-- > 0) return inTurn(() => this.send(word, message));
      clearInterval(this.insisting[word]);
      vain();
    };
    clearInterval(this.insisting[word]);
    this.insisting[word] = setInterval(say, TRY_MS);
    say();
  }

  /** Whether a run was on this very page, or on the one that was loaded again. @param {Kept} kept */
  isOurs(kept) {
    const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    return kept.page === this.page || visit?.type === "reload" || visit?.type === "back_forward";
  }

  /** Let the stage take the run to where it was. @param {Kept} kept */
  lead(kept) {
    const { run } = this.told, { step, playing, pace } = kept;
    if (!step && !playing) return; // as it opens
    const why = kept.page === this.page ? "The connection was lost" : "The page was loaded again";
    this.wish = { run, step, playing, pace, why, heard: false };
    this.tell();
  }

  tell() {
    if (this.wish && !this.wish.heard) window.dispatchEvent(new CustomEvent("playground:continue", { detail: this.wish }));
  }

  lost() {
    const { run } = this.told, why = "The connection was lost, and the run could not be kept";
    this.wish = { run, step: 0, playing: false, pace: "", why, heard: false };
    this.tell();
  }

  /** The stage shows a step: keep it, or ask for what it takes to keep it. */
  see(news) {
    const { told } = this;
    if (news.run !== told?.run || this.offer || this.wish?.heard === false) return;
    this.news = news;
    const held = news.deeds === told.deeds && news.version === told.version;
    if (held && told.plain) return this.write({ plain: true, from: 0 });
    const before = read(KEPT), current = held && before?.mark === told.mark && before.session === told.session && !before.plain;
    if (current && news.playing) this.write({ plain: false, from: before.from });
    const due = this.asked + (current && news.playing ? PAUSE_PLAYING_MS : PAUSE_MS) - performance.now();
    clearTimeout(this.timer);
    if (due <= 0) this.ask();
    else if (!news.playing || !current) this.timer = setTimeout(() => this.ask(), due);
  }

  ask() {
    this.asked = performance.now();
    this.storing = aNumber();
    const { run, step } = this.news;
    this.insist("store", { run, step, number: this.storing });
  }

  /** The text of the run is here. */
  hold() {
    const { told, news } = this;
    if (news?.run !== told.run) return;
    if (told.plain) return this.see(news);
    try {
      if (!told.text) throw new RangeError("too long to be kept");
      sessionStorage.setItem(TEXT, told.text);
      this.write({ plain: false, from: told.step });
    } catch {
      sessionStorage.removeItem(TEXT); // there is no room for it
      this.write({ plain: false, from: told.step });
    }
  }

  /** @param {{plain: boolean, from: number}} how the run can be had again */
  write({ plain, from }) {
    const { told, page, news } = this, { session, mark, deeds, version } = told;
    const step = Math.max(from, news.step);
    const kept = { session, page, mark, plain, deeds, version, from, step, playing: news.playing, pace: news.pace };
    try {
      if (plain) sessionStorage.removeItem(TEXT);
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    } catch {
      // a browser that keeps nothing loses the run with the page, as it must
    }
  }
}

/** @returns {number} one that no message before has had */
function aNumber() {
  return Math.floor(Math.random() * 2 ** 31) + 1;
}

/** @returns {Kept | null} */
function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}
