// The post to Python of what is drawn: not too often, never before the message before is heard, again where one is lost.

const PAUSE_MS = 500; // from one message to the next
const LOST_MS = 2500; // a message not heard by then may be lost: it is sent again, then less and less often
const MOST_LOST_MS = 8000; // so that little time passes when a long silence ends

class Post {
  /** @param {(turn: number) => void} deliver sends what is drawn now, as that of a turn */
  constructor(deliver) {
    this.deliver = deliver;
    this.turn = this.sent = this.heard = -1; // count what is drawn: now, in the latest message, and what Python has heard
    this.sentAt = -Infinity;
    this.timer = this.again = 0;
  }

  /** Python has heard what was drawn up to a turn; a server that was started anew has heard nothing. */
  hear(turn) {
    const anew = this.turn < 0 || turn < this.heard;
    if (anew && !this.behind) this.turn = turn;
    if (anew) this.sent = turn;
    this.heard = turn;
    if (this.sent <= turn && turn < this.turn) this.later(); // what was drawn since has waited for that
  }

  /** Whether Python has yet to hear of something. */
  get behind() {
    return this.heard < this.turn;
  }

  /** Something has been drawn. */
  add() {
    this.turn += 1;
    if (this.sent <= this.heard) this.later();
  }

  /** Send what has not been sent yet, at once. */
  flush() {
    if (this.sent < this.turn) this.send();
  }

  later() {
    this.timer ||= setTimeout(() => this.send(), Math.max(0, this.sentAt + PAUSE_MS - performance.now()));
  }

  send(patience = LOST_MS) {
    const { turn } = this;
    this.stop();
    this.sentAt = performance.now();
    this.sent = turn;
    this.deliver(turn);
    this.again = setTimeout(() => {
      if (this.heard < turn) this.send(Math.min(2 * patience, MOST_LOST_MS));
    }, patience);
  }

  /** Send nothing any more, but for what is yet to come. */
  stop() {
    [this.timer, this.again].forEach(clearTimeout);
    this.timer = 0;
  }
}
