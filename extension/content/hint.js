// The hint in the page: drawn in a closed shadow root from words it is given. Decides nothing and keeps no text.
(() => {
  const TAG = "nightlight-hint";
  const SVG = "http://www.w3.org/2000/svg";
  const RISE_MS = 450; // while it appears, a click was meant for what was there before

  /**
   * @param {string} tag @param {string} className @param {(Node | string)[]} children
   * @returns {HTMLElement}
   */
  function element(tag, className = "", ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  /** @param {string} tag @param {Record<string, string>} attributes @param {Element[]} children */
  function drawn(tag, attributes, ...children) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /** A small moon with its light; colours come from the style. */
  function moon() {
    const sky = drawn("circle", { cx: "16", cy: "16", r: "15" });
    sky.style.setProperty("fill", "var(--moon-2)");
    const crescent = drawn("path", { d: "M20.6 7.4a9.4 9.4 0 1 0 4.6 13.2A8.2 8.2 0 0 1 20.6 7.4Z" });
    crescent.style.setProperty("fill", "var(--moon)");
    const star = drawn("path", { d: "M23.6 9.8l.8 1.9 1.9.8-1.9.8-.8 1.9-.8-1.9-1.9-.8 1.9-.8Z" });
    star.style.setProperty("fill", "var(--moon)");
    return drawn("svg", { viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false" }, sky, crescent, star);
  }

  /** Only what a person did counts: a page can make events too. @param {(event: Event) => void} handler */
  const trusted = (handler) => (/** @type {Event} */ event) => {
    if (event.isTrusted) handler(event);
  };

  class Hint {
    /** @param {(message: object) => Promise<any>} ask carries a message to the background */
    constructor(ask) {
      this.ask = ask;
      /** @type {HintView | null} */ this.view = null;
      /** @type {HTMLElement | null} */ this.host = null;
      /** @type {HTMLElement | null} */ this.card = null;
      /** @type {Element | null} */ this.composer = null;
      /** @type {Element | null} */ this.cameFrom = null;
      /** @type {AbortController | null} */ this.life = null;
      /** Writes the rule that places the hint. @type {(rule: string) => void} */ this.put = () => {};
      this.rule = "";
      this.shownAt = 0;
    }

    /** @param {HintView} view @param {Element | null} composer */
    show(view, composer) {
      if (this.view?.id === view.id) return;
      this.hide();
      this.view = view;
      this.rule = "";
      this.composer = composer;
      this.life = new AbortController();
      const host = document.createElement(TAG);
      const root = host.attachShadow({ mode: "closed" });
      this.dress(root);
      const card = element("div", "card");
      card.setAttribute("role", "region");
      card.setAttribute("aria-label", view.label);
      card.setAttribute("aria-live", "polite");
      card.lang = view.language;
      card.tabIndex = -1;
      root.append(card);
      this.host = host;
      this.card = card;
      this.shield(card);
      this.attach();
      this.guard(host);
      // A live region speaks of what is put into it, so it must be there first.
      setTimeout(() => {
        if (this.view !== view) return;
        card.append(...this.draw(view));
        this.shownAt = performance.now();
        this.settle();
        void this.ask({ type: "hint_shown", id: view.id });
      }, 30);
    }

    /**
     * Puts the look on. The place is a rule in there too, for what is said inside a shadow root with importance no style
     * of the page can undo.
     * @param {ShadowRoot} root
     */
    dress(root) {
      try {
        // A page's content security policy may forbid style elements; a constructed sheet is not its business.
        const [look, spot] = [new CSSStyleSheet(), new CSSStyleSheet()];
        look.replaceSync(nightlight.look);
        root.adoptedStyleSheets = [look, spot];
        this.put = (rule) => void spot.replaceSync(rule);
      } catch {
        const [look, spot] = [document.createElement("style"), document.createElement("style")];
        look.textContent = nightlight.look;
        root.append(look, spot);
        this.put = (rule) => { spot.textContent = rule; };
      }
    }

    /** Typing and clicking inside the hint must not work the page's shortcuts. @param {HTMLElement} card */
    shield(card) {
      const signal = /** @type {AbortController} */ (this.life).signal;
      for (const type of ["keydown", "keyup", "keypress", "click", "mousedown", "mouseup", "pointerdown", "pointerup"]) {
        card.addEventListener(type, (event) => {
          event.stopPropagation();
          if (event.isTrusted && type === "keydown" && /** @type {KeyboardEvent} */ (event).key === "Escape") {
            event.preventDefault();
            this.dismiss();
          }
        }, { signal });
      }
      card.addEventListener("focusin", trusted((event) => {
        const from = /** @type {FocusEvent} */ (event).relatedTarget;
        if (from instanceof Element && !card.contains(from)) this.cameFrom = from;
      }), { signal });
    }

    attach() {
      // Outside the body: pages that redraw themselves replace what is in it.
      document.documentElement.append(/** @type {HTMLElement} */ (this.host));
    }

    /** Keeps the hint in its place, and puts it back once if the page takes it away. @param {HTMLElement} host */
    guard(host) {
      const life = /** @type {AbortController} */ (this.life);
      let putBack = false;
      const removal = new MutationObserver(() => {
        if (host.isConnected) return;
        if (putBack) {
          removal.disconnect();
          const id = this.view?.id;
          this.hide();
          if (id) void this.ask({ type: "hint_removed", id });
          return;
        }
        putBack = true;
        this.attach();
        this.settle();
      });
      removal.observe(document.documentElement, { childList: true });
      const moved = new ResizeObserver(() => this.settle());
      moved.observe(/** @type {HTMLElement} */ (this.card));
      if (this.composer) moved.observe(this.composer);
      const settle = () => this.settle();
      addEventListener("resize", settle, { signal: life.signal, passive: true });
      addEventListener("scroll", settle, { signal: life.signal, passive: true, capture: true });
      // A composer can move without any event, when something above it grows.
      const pulse = setInterval(settle, 500);
      life.signal.addEventListener("abort", () => {
        removal.disconnect();
        moved.disconnect();
        clearInterval(pulse);
      });
      this.moved = moved;
    }

    /** @param {Element | null} composer */
    setComposer(composer) {
      if (composer === this.composer) return;
      if (this.composer) this.moved?.unobserve(this.composer);
      this.composer = composer;
      if (composer) this.moved?.observe(composer);
      this.settle();
    }

    /** The whole box where the child writes, with its buttons: the form, or what stands in one row with the field. */
    composerBox() {
      const field = this.composer?.isConnected ? this.composer : null;
      if (!field) return null;
      const own = field.getBoundingClientRect();
      let box = { left: own.left, top: own.top, right: own.right, bottom: own.bottom };
      let around = field.parentElement;
      for (let step = 0; around && step < 5; step += 1, around = around.parentElement) {
        const rect = around.getBoundingClientRect();
        if (rect.height > own.height + 80 || rect.height > innerHeight / 3) break;
        box = {
          left: Math.min(box.left, rect.left), top: Math.min(box.top, rect.top),
          right: Math.max(box.right, rect.right), bottom: Math.max(box.bottom, rect.bottom),
        };
      }
      return box;
    }

    /** Measures, and moves the hint where it covers nothing that the child needs. */
    settle() {
      const { card } = this;
      if (!card) return;
      const view = { width: document.documentElement.clientWidth || innerWidth, height: innerHeight };
      const scroll = card.querySelector(".scroll");
      const hiddenPart = scroll ? scroll.scrollHeight - scroll.clientHeight : 0;
      const wanted = { width: card.offsetWidth, height: card.offsetHeight + hiddenPart };
      const at = nightlight.place.choose(view, wanted, this.composerBox());
      const rule = `:host { inset: ${at.top}px auto auto ${at.left}px !important; } .card { max-height: ${at.maxHeight}px; }`;
      if (rule === this.rule) return;
      this.rule = rule;
      this.put(rule);
    }

    /** @param {HintView} view @returns {Node[]} */
    draw(view) {
      const head = element("div", "head", moon(), element("h2", "name", view.label));
      const said = element("ul", "", ...view.said.map((line) => element("li", "", line)));
      const why = element("div", "more", element("p", "", view.whyLead));
      view.whys.forEach(({ name, text }, sign) => {
        const practise = this.button("", view.practise, () => void this.ask({ type: "practise", id: view.id, sign }));
        practise.setAttribute("aria-label", `${view.practise}: ${name}`);
        why.append(element("h3", "", name), element("p", "", text), practise);
      });
      why.append(element("p", "lead", view.whyClose));
      const act = element("div", "more", element("ul", "", ...view.actions.map((line) => element("li", "", line))));
      act.append(element("h3", "", view.helpTitle), element("p", "lead", view.helpLead));
      act.append(element("ul", "", ...view.help.map((line) => {
        const item = element("li", "line", element("b", "", line.number), element("span", "", line.about));
        return item;
      })));
      const scroll = element("div", "scroll", head, element("p", "first", view.first), element("p", "lead", view.saidLead), said);
      if (view.sent) scroll.append(element("p", "sent", view.sent));
      scroll.append(...this.fold(view.why, why), ...this.fold(view.act, act));
      const buttons = element("div", "buttons");
      buttons.append(this.button("main", view.dismiss, () => this.dismiss()));
      if (view.known !== null) buttons.append(this.button("", view.known, () => void this.known(view)));
      return [scroll, buttons];
    }

    /** @param {string} className @param {string} words @param {() => void} pressed */
    button(className, words, pressed) {
      const made = /** @type {HTMLButtonElement} */ (element("button", className, words));
      made.type = "button";
      made.addEventListener("click", trusted((event) => {
        const byMouse = /** @type {MouseEvent} */ (event).detail > 0;
        if (!byMouse || performance.now() - this.shownAt > RISE_MS) pressed();
      }));
      return made;
    }

    /** A button and what it opens. @param {string} words @param {HTMLElement} content @returns {HTMLElement[]} */
    fold(words, content) {
      content.hidden = true;
      const button = this.button("fold", words, () => {
        content.hidden = !content.hidden;
        button.setAttribute("aria-expanded", String(!content.hidden));
        this.settle();
        const scroll = button.closest(".scroll");
        if (scroll && !content.hidden) scroll.scrollTop = button.offsetTop - 8;
      });
      button.setAttribute("aria-expanded", "false");
      return [button, content];
    }

    /** @param {HintView} view */
    async known(view) {
      const answer = await this.ask({ type: "known", id: view.id, known: true });
      const { card } = this;
      if (this.view !== view || !card) return;
      const saved = answer?.known === true;
      const line = element("p", "first", saved ? view.knownDone : view.knownFailed);
      const head = element("div", "head", moon(), element("h2", "name", view.label));
      const buttons = element("div", "buttons");
      const close = this.button("main", view.close, () => (saved ? this.leave() : this.dismiss()));
      buttons.append(close);
      if (saved) {
        buttons.append(this.button("", view.knownUndo, () => {
          void this.ask({ type: "known", id: view.id, known: false });
          this.leave();
        }));
      }
      const focused = card.matches(":focus-within");
      card.replaceChildren(element("div", "scroll", head, line), buttons);
      if (focused) close.focus();
      this.settle();
    }

    /** The child closes the hint. */
    dismiss() {
      const id = this.view?.id;
      this.leave();
      if (id) void this.ask({ type: "hint_dismissed", id });
    }

    /** Goes, and gives the focus back where it was if it was in here. */
    leave() {
      const back = this.card?.matches(":focus-within") ? this.cameFrom : null;
      this.hide();
      if (back instanceof HTMLElement && back.isConnected) back.focus();
    }

    hide() {
      this.life?.abort();
      this.host?.remove();
      this.host = null;
      this.card = null;
      this.view = null;
      this.cameFrom = null;
    }

    /** Moves the keyboard into the hint, when the child asks for it. */
    focus() {
      if (!this.card) return;
      this.cameFrom = document.activeElement;
      this.card.focus();
    }
  }

  nightlight.Hint = /** @type {any} */ (Hint);
})();
