// The bar above the pictures: buttons, timeline, menus, and the keys that do the same.

class Bar {
  /** @param {Stage} stage @param {AbortSignal} signal ends it */
  constructor(stage, signal) {
    this.stage = stage;
    this.scrubbing = false;
    this.actions = this.build();
    this.onButtons(signal);
    this.onTimeline(signal);
    this.onMenus(signal);
    this.onKeys(signal);
  }

  /** What can be done, by the names that buttons and keys have for it. @returns {Record<string, () => void>} */
  build() {
    const { stage } = this, { player } = stage;
    return {
      play: () => player.toggle(),
      step: () => player.advance(1),
      ten: () => player.advance(10),
      hundred: () => player.advance(100),
      epoch: () => stage.setup && player.advance(stage.setup.stepsPerEpoch),
      back: () => player.back(),
      reset: () => player.restart(),
      end: () => stage.rows.length && (player.playing ? player.pause() : player.seek(stage.rows.at(-1).step)),
      branch: () => !this.button("branch").disabled && player.act("branch"),
      undo: () => player.shown?.deeds && player.act("undo", player.shown.deeds),
      draw: () => stage.drawing.toggle(),
      picture: () => stage.take.picture(),
      film: () => stage.take.film(),
      table: () => stage.table.toggle(),
      help: () => this.help(),
      mark: () => stage.slicer.markStep(),
      slice: () => this.openMenu(".slicer"),
      view: () => this.openMenu(".bar details"),
      save: () => this.openMenu(".bar details + details"),
    };
  }

  onButtons(signal) {
    const { root } = this.stage;
    root.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (!button?.dataset.do) return;
      this.actions[button.dataset.do]();
      const menu = button.closest("details"), { activeElement } = /** @type {ShadowRoot} */ (root.getRootNode());
      if (menu?.contains(activeElement)) menu.querySelector("summary").focus(); // the menu goes, and the focus stays near
      menu?.removeAttribute("open");
      if (event.detail > 0) button.blur(); // after a click of the mouse, the space bar is for Play again
    }, { signal });
    this.pace = /** @type {HTMLSelectElement} */ (root.querySelector("#pace"));
    this.pace.addEventListener("change", () => this.setPace(this.pace.value), { signal });
  }

  onTimeline(signal) {
    const { player, root } = this.stage;
    const slider = /** @type {HTMLInputElement} */ (root.querySelector("#timeline"));
    slider.addEventListener("input", () => {
      this.scrubbing = true;
      if (player.playing) player.pause();
      player.seek(Number(slider.value));
    }, { signal });
    slider.addEventListener("change", () => (this.scrubbing = false), { signal });
  }

  onMenus(signal) {
    const { root } = this.stage;
    window.addEventListener("pointerdown", (event) => {
      for (const menu of root.querySelectorAll("details[open]")) if (!event.composedPath().includes(menu)) menu.removeAttribute("open");
    }, { signal });
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const menu = /** @type {Element} */ (event.target).closest("details[open]");
      menu?.removeAttribute("open");
      menu?.querySelector("summary").focus();
    }, { signal });
  }

  onKeys(signal) {
    window.addEventListener("keydown", (event) => {
      if (this.stage.drawing.key(event)) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || this.stage.view.keys === "off") return;
      const action = key === "ArrowRight" && event.shiftKey ? "ten" : KEYS[key]?.[0];
      if (!action) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // Streamlit has other plans for R
      if (event.repeat && !key.startsWith("Arrow")) return;
      if (action in PACES) this.setPace(action);
      else this.actions[action]();
    }, { signal, capture: true });
  }

  timeline(frame) {
    const slider = /** @type {HTMLInputElement} */ (this.stage.root.querySelector("#timeline"));
    const last = Math.max(frame.step, this.stage.rows.at(-1).step);
    slider.min = String(frame.first);
    slider.max = String(last);
    if (!this.scrubbing) slider.value = String(frame.step);
    slider.setAttribute("aria-valuetext", `Step ${frame.step} of ${last}`);
    this.button("branch").disabled = frame.step === last;
    this.button("undo").disabled = frame.deeds === 0;
  }

  /** @returns {HTMLButtonElement} */
  button(name) {
    return this.stage.root.querySelector(`[data-do="${name}"]`);
  }

  setPace(name) {
    this.pace.value = name;
    this.stage.player.pace = PACES[name];
    if (this.stage.player.playing) this.stage.player.act(""); // what was prepared is for another pace
  }

  openMenu(which) {
    const menu = /** @type {HTMLDetailsElement} */ (this.stage.root.querySelector(which));
    menu.open = !menu.open;
    if (menu.open) /** @type {HTMLElement} */ (menu.querySelector("select, .list button")).focus();
  }

  help() {
    const dialog = /** @type {HTMLDialogElement} */ (this.stage.root.querySelector(".help"));
    dialog.querySelector("dl").replaceChildren(...listOfKeys());
    dialog.showModal();
  }
}
