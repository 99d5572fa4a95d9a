// Reads the chat that is open, as its adapter says how. Watches the page in batches; tells of changes; sends nothing.
(() => {
  const LOOK = 60; // messages at the newest end of the page that are looked at: a little more than a window
  const PAUSE_MS = 80; // at least so long between two looks
  const IDLE_MS = 150; // a look waits for an idle moment, but not longer than this
  const SETTLE_MS = 250; // before something surprising is believed, it is looked at again
  const PATIENCE_MS = 1500; // a page that loads is not yet a page that cannot be read
  const HISTORY_MS = 2000; // what is drawn so soon after a chat was opened is its history, not news
  const CHATS = 20; // conversations kept in memory

  /** @param {Element} element */
  const shown = (element) => element.getClientRects().length > 0;

  /** The box in which an element scrolls, or would scroll. @param {Element} element @returns {Element | null} */
  function scroller(element) {
    for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
    }
    return null;
  }

  /** Whether the newest messages are in view (a reversed list counts its scrolling downwards from zero). */
  /** @param {Element} list */
  function atEnd(list) {
    const box = scroller(list);
    if (!box) return true;
    const below = box.scrollHeight - box.clientHeight - box.scrollTop;
    const reversed = getComputedStyle(box).flexDirection === "column-reverse";
    return reversed ? Math.abs(box.scrollTop) < 150 : below < 150;
  }

  /** A scrolling list above the box where one writes: how chats without any label look. @param {Element} composer */
  function listNear(composer) {
    const top = composer.getBoundingClientRect().top;
    let around = composer.parentElement;
    for (let step = 0; around && step < 8; step += 1, around = around.parentElement) {
      let best = null;
      for (const candidate of around.querySelectorAll("ul, ol, div, section")) {
        if (candidate.contains(composer) || candidate.childElementCount < 2) continue;
        const box = scroller(candidate);
        if (!box || box.contains(composer) || !around.contains(box)) continue;
        if (box.getBoundingClientRect().bottom > top + 12) continue;
        const worded = [...candidate.children].filter((child) => (child.textContent ?? "").trim() !== "").length;
        if (worded * 2 < candidate.childElementCount) continue;
        if (!best || candidate.childElementCount > best.childElementCount) best = candidate;
      }
      if (best) return best;
    }
    return null;
  }

  /** The attributes that an adapter looks at, so that a change of one is noticed. @param {Adapter[]} adapters */
  function attributesOf(adapters) {
    const names = new Set(["id"]);
    JSON.stringify(adapters, (key, value) => {
      if (key === "attribute" || key === "refer") names.add(value);
      return value;
    });
    return [...names];
  }

  class Reader {
    /** @param {Adapter[]} adapters best first, the last one fits any page @param {(reading: PageReading) => void} heard */
    constructor(adapters, heard) {
      this.adapters = adapters;
      this.heard = heard;
      /** @type {Adapter | null} */ this.adapter = null;
      /** @type {AdapterState | null} */ this.state = null;
      /** @type {string | null} */ this.conversation = null;
      /** @type {Map<string, {window: import("../types/room").ConversationWindow, since: number}>} */ this.chats = new Map();
      /** What was read last, to tell a chat that is only half switched. @type {{conversation: string, ids: Set<string>}} */
      this.last = { conversation: "", ids: new Set() };
      this.doubted = "";
      this.doubts = 0;
      this.worseSince = 0;
      this.lookedAt = 0;
      this.due = 0;
      /** @type {Element | null} */ this.composer = null;
      /** @type {Element | null} */ this.near = null;
      this.observer = new MutationObserver((records) => this.noticed(records));
      /** @type {() => void} */ this.unwatch = () => {};
    }

    start() {
      this.observer.observe(document.documentElement, {
        childList: true, subtree: true, characterData: true, attributes: true,
        attributeFilter: attributesOf(this.adapters),
      });
      this.unwatch = nightlight.watchAddress(() => this.soon());
      this.soon();
    }

    stop() {
      this.observer.disconnect();
      this.unwatch();
      clearTimeout(this.due);
      this.due = -1;
      this.chats.clear();
    }

    /** @param {MutationRecord[]} records */
    noticed(records) {
      const composer = this.composer;
      // What the child types is nobody's business until it is sent.
      if (composer && records.every((record) => composer.contains(record.target))) return;
      this.soon();
    }

    /** Plans one look, however many changes come before it. @param {number} [wait] */
    soon(wait = 0) {
      if (this.due !== 0) return;
      const pause = Math.max(wait, this.lookedAt + PAUSE_MS - Date.now(), 0);
      this.due = setTimeout(() => {
        const look = () => {
          if (this.due < 0) return;
          this.due = 0;
          this.lookedAt = Date.now();
          this.look();
        };
        if (typeof requestIdleCallback === "function") requestIdleCallback(look, { timeout: IDLE_MS });
        else look();
      }, pause);
    }

    /** @param {string} conversation @returns {ChatMessage[]} */
    messagesOf(conversation) {
      return this.chats.get(conversation)?.window.messages() ?? [];
    }

    choose() {
      const fitting = this.adapters.find((adapter) => nightlight.ladder.one(document, adapter.recognise));
      const adapter = fitting ?? this.adapters.at(-1) ?? null;
      if (adapter === this.adapter) return adapter;
      this.adapter = adapter;
      this.chats.clear();
      if (adapter) {
        this.speakers = new nightlight.speaker.SpeakerSense(adapter);
      }
      return adapter;
    }

    /** @param {Adapter} adapter */
    findList(adapter) {
      for (const selector of adapter.list) {
        const lists = [...document.querySelectorAll(selector)];
        const list = lists.find(shown);
        if (list) return list;
      }
      if (!adapter.near_composer || !this.composer) return null;
      if (!this.near?.isConnected || !shown(this.near)) this.near = listNear(this.composer);
      return this.near;
    }

    /** @param {Adapter} adapter @param {Element} list */
    findConversation(adapter, list) {
      for (const rule of adapter.conversation.key) {
        // What goes up or follows a reference starts at the list; all else is looked for in the whole page.
        const value = nightlight.ladder.value(rule.closest || rule.refer ? list : null, rule);
        if (value === null) continue;
        return { key: adapter.conversation.and_path ? `${value} ${location.pathname}` : value, fallback: false };
      }
      if (adapter.conversation.fallback === "none") return null;
      return { key: location.pathname + location.search + location.hash, fallback: true };
    }

    /** The newest message elements in the order in which they were written. @param {Adapter} adapter @param {Element} list */
    findMessages(adapter, list) {
      const found = nightlight.ladder.all(list, adapter.message).elements;
      const first = found[0];
      const last = found.at(-1);
      const reversed = first && last && first !== last
        && first.getBoundingClientRect().top > last.getBoundingClientRect().top + 1;
      if (reversed) found.reverse();
      const newest = found.slice(-LOOK);
      return newest.filter((element) => !newest.some((other) => other !== element && other.contains(element)));
    }

  /** @param {Adapter} adapter @param {Element} list @param {string} conversation */
    readMessages(adapter, list, conversation) {
      const speakers = /** @type {NonNullable<typeof this.speakers>} */ (this.speakers);
      /** @type {ReadMessage[]} */
      const read = [];
      const elements = this.findMessages(adapter, list);
      const kept = new Map(this.chats.get(conversation)?.window.kept.map((message) => [message.id, message.from]));
      const used = new Set();
      /** @type {Speaker | null} */
      let speaker = null;
      let before = "";
      for (const element of elements) {
        speaker = speakers.of(element, list, speaker);
        const text = nightlight.text.of(element, adapter.text, adapter.skip);
        if (text === "") continue;
        let { id, weak } = nightlight.identity.of(element, adapter.id, text, before);
        // One id twice in a page is two messages all the same.
        for (let again = 2; used.has(id); again += 1) id = `${id.replace(/\+\d+$/, "")}+${again}`;
        used.add(id);
        // The row that named the speaker may have left the list; who it was is still known.
        if (speaker === "unknown" && !weak) speaker = kept.get(id) ?? speaker;
        const when = nightlight.ladder.values(element, adapter.time)?.value ?? "";
        const time = when === "" ? NaN : Date.parse(when);
        read.push({ id, from: speaker, text, at: Number.isNaN(time) ? null : new Date(time).toISOString(), weak });
        before = text;
      }
      return { read, elements: elements.length };
    }

    /**
     * Whether what was read may belong to another chat than the one whose name stands above it: pages do not always
     * change both in the same moment. Then it is looked at again before it is believed.
     * @param {string} conversation @param {ReadMessage[]} read
     */
    doubtful(conversation, read) {
      const chat = this.chats.get(conversation);
      let reason = "";
      if (this.last.conversation !== "" && this.last.conversation !== conversation) {
        // The name has changed but the messages have not, or only just.
        const stale = read.length > 0 && read.every((message) => this.last.ids.has(message.id));
        if (stale && read.some((message) => !message.weak)) return true;
        reason = `to ${conversation}`;
      } else if (chat && chat.window.kept.length > 0 && read.length > 0 && !chat.window.overlaps(read)) {
        reason = `new messages only ${read[0]?.id}`;
      }
      if (reason === "") {
        this.doubted = "";
        return false;
      }
      if (this.doubted !== reason) {
        this.doubted = reason;
        this.doubts = Date.now();
        return true;
      }
      if (Date.now() - this.doubts < SETTLE_MS - 50) return true;
      this.doubted = "";
      return false;
    }

    /** @param {string} conversation */
    chatOf(conversation) {
      const chat = this.chats.get(conversation) ?? { window: new nightlight.ConversationWindow(), since: Date.now() };
      this.chats.delete(conversation);
      this.chats.set(conversation, chat);
      for (const oldest of this.chats.keys()) {
        if (this.chats.size <= CHATS) break;
        this.chats.delete(oldest);
      }
      return chat;
    }

    /** One look at the page. */
    look() {
      const adapter = this.choose();
      if (!adapter) return;
      this.composer = nightlight.ladder.one(document, adapter.composer)?.element ?? null;
      const list = this.findList(adapter);
      const open = list ? this.findConversation(adapter, list) : null;
      if (!list || !open) {
        const state = nightlight.pageState.judge({
          composer: this.composer !== null, list: list !== null && open !== null, listHasText: false, messages: 0,
          withText: 0, unknown: 0, fallbacks: 0, generic: adapter.name === "generic",
        });
        this.conclude(state, null, false);
        return;
      }
      if (this.last.conversation !== open.key) this.speakers?.forget();
      const sides = this.speakers?.bothSides;
      let { read, elements } = this.readMessages(adapter, list, open.key);
      // The first message on the far side tells what the near side means, for the messages above it too.
      if (this.speakers?.bothSides !== sides) ({ read, elements } = this.readMessages(adapter, list, open.key));
      if (this.doubtful(open.key, read)) {
        this.soon(SETTLE_MS);
        return;
      }
      this.last = { conversation: open.key, ids: new Set(read.map((message) => message.id)) };
      const generic = adapter.name === "generic";
      const state = nightlight.pageState.judge({
        composer: this.composer !== null, list: true, listHasText: (list.textContent ?? "").trim().length > 40,
        messages: elements, withText: read.length,
        unknown: read.filter((message) => message.from === "unknown").length,
        fallbacks: generic ? 0 : Number(open.fallback) + Number(read.some((message) => message.weak)),
        generic,
      });
      const chat = this.chatOf(open.key);
      const live = Date.now() - chat.since > HISTORY_MS ? new Date().toISOString() : null;
      const changed = chat.window.merge(read, atEnd(list), live);
      this.conclude(state, open.key, changed && state !== "broken");
    }

    /** @param {AdapterState} state @param {string | null} conversation @param {boolean} changed */
    conclude(state, conversation, changed) {
      const bad = state === "broken" || state === "no_chat";
      if (bad && this.state !== state) {
        if (this.worseSince === 0) this.worseSince = Date.now();
        if (Date.now() - this.worseSince < PATIENCE_MS) {
          this.soon(PATIENCE_MS / 3);
          if (state === "no_chat" && this.conversation !== null) this.left();
          return;
        }
      }
      this.worseSince = 0;
      this.state = state;
      this.conversation = conversation;
      this.heard({ state, conversation, changed, composer: this.composer });
    }

    /** The chat was closed: says so at once, for a hint about it must not stay. */
    left() {
      this.conversation = null;
      this.heard({ state: this.state ?? "no_chat", conversation: null, changed: false, composer: this.composer });
    }
  }

  nightlight.Reader = /** @type {any} */ (Reader);
})();
