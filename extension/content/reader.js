// Reads the chat that is open, as its adapter says how. Watches the page in batches; tells of changes; sends nothing.
(() => {
  const LOOK = 60; // messages at the newest end of the page that are looked at: a little more than a window
  const PAUSE_MS = 80; // at least so long between two looks
  const IDLE_MS = 150; // a look waits for an idle moment, but not longer than this
  const SETTLE_MS = 250; // before something surprising is believed, it is looked at again
  const PATIENCE_MS = 1500; // a page that loads is not yet a page that cannot be read
  const HISTORY_MS = 2000; // what is drawn so soon after a chat was opened is its history, not news
  const CHATS = 20; // chats kept in memory
  const KEPT = 150; // messages kept of a chat: in a group fifty of one contact may lie far apart
  const AT_ONCE = 4; // chats open in one page that are read
  const RECHECK_MS = 1000; // a page that cannot be read is looked at again even if nothing moves
  const PICTURE = "img, picture, video, audio, canvas, [role='img']";

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

  /** @param {Element} element @param {string[] | undefined} ladder */
  const fits = (element, ladder) => ladder?.some((rung) => element.matches(rung) || element.querySelector(rung) !== null);

  /** The attributes that an adapter looks at, so that a change of one is noticed. @param {Adapter[]} adapters */
  function attributesOf(adapters) {
    const names = new Set(["id"]);
    JSON.stringify(adapters, (key, value) => {
      if (key === "attribute" || key === "refer") names.add(value);
      return value;
    });
    return [...names];
  }

  /** @typedef {{root: Element | null, list: Element | null, composer: Element | null}} View one chat as it stands in the page */

  /** What is remembered about one place in a page where a chat stands. */
  class Slot {
    /** @param {Adapter} adapter */
    constructor(adapter) {
      this.speakers = new nightlight.speaker.SpeakerSense(adapter);
      // What was read last, to tell a chat that is only half switched.
      this.conversation = "";
      /** @type {Set<string>} */ this.ids = new Set();
      this.doubted = "";
      this.doubts = 0;
      /** Since when nothing can be read here; 0 while something can. */
      this.troubled = 0;
    }
  }

  class Reader {
    /** @param {Adapter[]} adapters best first, the last one fits any page @param {(reading: PageReading) => void} heard */
    constructor(adapters, heard) {
      this.adapters = adapters;
      this.heard = heard;
      /** @type {Adapter | null} */ this.adapter = null;
      this.recognised = false;
      /** @type {AdapterState | null} */ this.state = null;
      /** Whether a chat was open when last told. */
      this.open = false;
      /** @type {Map<string, {window: import("../types/room").ConversationWindow, since: number, prints: Map<string, string>}>} */
      this.chats = new Map();
      /** By the name of a conversation, the chat that it is in. @type {Map<string, string>} */
      this.places = new Map();
      /** @type {Slot[]} */ this.slots = [];
      /** @type {string | null} */ this.account = null;
      this.began = 0;
      this.worseSince = 0;
      this.lookedAt = 0;
      this.due = 0;
      this.dueAt = 0;
      /** @type {Element[]} */ this.composers = [];
      /** @type {Element | null} */ this.near = null;
      this.observer = new MutationObserver((records) => this.noticed(records));
      /** @type {() => void} */ this.unwatch = () => {};
    }

    start() {
      this.began = Date.now();
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
      this.forget();
    }

    /** @param {MutationRecord[]} records */
    noticed(records) {
      // What the child types is nobody's business until it is sent.
      if (records.every((record) => this.composers.some((composer) => composer.contains(record.target)))) return;
      this.soon();
    }

    /** Plans one look, however many changes come before it. @param {number} [wait] */
    soon(wait = 0) {
      if (this.due < 0) return;
      const pause = Math.max(wait, this.lookedAt + PAUSE_MS - Date.now(), 0);
      const at = Date.now() + pause;
      // A look that is planned for later is brought forward; one that is about to come is enough.
      if (this.due !== 0 && this.dueAt <= at) return;
      clearTimeout(this.due);
      this.dueAt = at;
      this.due = setTimeout(() => {
        this.dueAt = 0;
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

    /** The messages with one contact, by the name under which `heard` told of them. @param {string} conversation */
    messagesOf(conversation) {
      const chat = this.places.get(conversation) ?? "";
      const kept = this.chats.get(chat)?.window.kept ?? [];
      const found = nightlight.people.split(chat, kept).find(({ name }) => name === conversation);
      return (found?.messages ?? []).map(({ id, from, text, at }) => ({ id, from, text, at }));
    }

    /** Nothing of before is kept: another account, or another site, is in the page. */
    forget() {
      this.chats.clear();
      this.places.clear();
      this.slots = [];
    }

    choose() {
      const knows = (/** @type {Adapter} */ adapter) => nightlight.ladder.one(document, adapter.recognise) !== null;
      // In a long history each search of the page costs: the adapter that fitted is asked first.
      const fitting = this.adapter && knows(this.adapter) ? this.adapter : this.adapters.find(knows);
      this.recognised = fitting !== undefined;
      const adapter = fitting ?? this.adapters.at(-1) ?? null;
      if (adapter !== this.adapter) {
        this.adapter = adapter;
        this.forget();
      }
      return adapter;
    }

    /** Who is signed in, where the page says so; a change of account is a new start. @param {Adapter} adapter */
    checkAccount(adapter) {
      const account = nightlight.ladder.values(null, adapter.account ?? [])?.value ?? this.account;
      if (account === this.account) return;
      this.account = account;
      this.forget();
    }

    /** The lists in view of the best rung that has one, none inside another. */
    /** @param {Adapter} adapter @param {ParentNode} root */
    findLists(adapter, root) {
      for (const selector of adapter.list) {
        const lists = [...root.querySelectorAll(selector)].filter(shown);
        const outer = lists.filter((list) => !lists.some((other) => other !== list && other.contains(list)));
        if (outer.length > 0) return outer.slice(0, AT_ONCE);
      }
      return [];
    }

    /** @param {Adapter} adapter @returns {View[]} at least one */
    findViews(adapter) {
      const composerIn = (/** @type {ParentNode} */ root) => nightlight.ladder.one(root, adapter.composer)?.element ?? null;
      const panels = (adapter.panel ?? []).length > 0
        ? nightlight.ladder.all(document, adapter.panel ?? []).elements.filter(shown).slice(0, AT_ONCE) : [];
      if (panels.length > 0) {
        return panels.map((root) => ({ root, list: this.findLists(adapter, root)[0] ?? null, composer: composerIn(root) }));
      }
      const composer = composerIn(document);
      const lists = this.findLists(adapter, document);
      if (lists.length > 1) {
        return lists.map((list) => {
          // The box that belongs to a list stands nearer to it than any other list.
          let own = null;
          let around = list.parentElement;
          while (around && !own) {
            const { parentElement } = around;
            if (lists.filter((other) => around?.contains(other)).length > 1) break;
            own = composerIn(around);
            around = parentElement;
          }
          return { root: null, list, composer: own ?? composer };
        });
      }
      /** @type {Element | null} */
      let list = lists[0] ?? null;
      if (!list && adapter.near_composer && composer) {
        if (!this.near?.isConnected || !shown(this.near)) this.near = listNear(composer);
        list = this.near;
      }
      return [{ root: null, list, composer }];
    }

    /** @param {Adapter} adapter @param {View} view */
    findConversation(adapter, { root, list }) {
      if (!list) return null;
      const account = this.account === null ? "" : `${this.account}\u0002`;
      for (const rule of adapter.conversation.key) {
        // What goes up or follows a reference starts at the list; all else is looked for in the panel or the whole page.
        const value = nightlight.ladder.value(rule.closest || rule.refer ? list : root, rule);
        if (value === null) continue;
        return { key: account + (adapter.conversation.and_path ? `${value} ${location.pathname}` : value), fallback: false };
      }
      if (adapter.conversation.fallback === "none") return null;
      return { key: account + location.pathname + location.search + location.hash, fallback: true };
    }

    /** Whether the page says that a chat is open, apart from its list of messages. */
    /** @param {Adapter} adapter @param {View} view */
    isOpened(adapter, { composer }) {
      // Any page may have a box to write in that is a search.
      if (adapter.name === "generic") return false;
      if (composer && shown(composer)) return true;
      const { key, opened } = adapter.conversation;
      return opened === true && key.some((rule) => rule.read === "url" && nightlight.ladder.value(null, rule) !== null);
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

    /** @param {Adapter} adapter @param {Slot} slot @param {Element} list @param {string} conversation */
    readMessages(adapter, slot, list, conversation) {
      /** @type {ReadMessage[]} */
      const read = [];
      const elements = this.findMessages(adapter, list);
      const kept = new Map(this.chats.get(conversation)?.window.kept.map((message) => [message.id, message]));
      const used = new Set();
      /** @type {Speaker | null} */
      let speaker = null;
      /** @type {string | null} */
      let author = null;
      let before = "";
      let wordless = 0;
      let unread = 0;
      for (const element of elements) {
        const last = speaker;
        speaker = slot.speakers.of(element, list, last);
        // Rows of one person that follow each other name that person only once.
        const named = nightlight.ladder.values(element, adapter.author ?? [])?.value.slice(0, 200) ?? null;
        author = named ?? (speaker === last ? author : null);
        const gone = fits(element, adapter.deleted) === true;
        if (gone) {
          // What was said and then deleted was said all the same; what was never seen stays unknown.
          const known = kept.get(nightlight.identity.of(element, adapter.id, "", before).id);
          wordless += 1;
          if (!known || known.weak || used.has(known.id)) continue;
          used.add(known.id);
          read.push(known);
          before = known.text;
          continue;
        }
        const text = nightlight.text.of(element, adapter.text, adapter.skip);
        if (text === "") {
          if (element.querySelector(PICTURE)) wordless += 1;
          else if ((element.textContent ?? "").trim() !== "") unread += 1;
          continue;
        }
        let { id, weak } = nightlight.identity.of(element, adapter.id, text, before);
        // One id twice in a page is two messages all the same.
        for (let again = 2; used.has(id); again += 1) id = `${id.replace(/\+\d+$/, "")}+${again}`;
        used.add(id);
        // The row that named the speaker may have left the list; who it was is still known.
        const known = weak ? undefined : kept.get(id);
        if (speaker === "unknown") speaker = known?.from ?? speaker;
        author ??= known?.author ?? null;
        const when = nightlight.ladder.values(element, adapter.time)?.value ?? "";
        // Some sites write the seconds or milliseconds since 1970.
        const time = /^\d{10}(\d{3})?$/.test(when) ? Number(when.padEnd(13, "0")) : Date.parse(when);
        const at = Number.isNaN(time) ? null : new Date(time).toISOString();
        read.push({ id, from: speaker, author: speaker === "child" ? null : author, text, at, weak });
        before = text;
      }
      return { read, messages: elements.length, wordless, unread };
    }

    /**
     * Whether what was read may belong to another chat than the one whose name stands above it: pages do not always
     * change both in the same moment. Then it is looked at again before it is believed.
     * @param {Slot} slot @param {string} conversation @param {ReadMessage[]} read
     */
    doubtful(slot, conversation, read) {
      const chat = this.chats.get(conversation);
      let reason = "";
      if (slot.conversation !== "" && slot.conversation !== conversation) {
        // The name has changed but the messages have not, or only just.
        const stale = read.length > 0 && read.every((message) => slot.ids.has(message.id));
        if (stale && read.some((message) => !message.weak)) return true;
        reason = `to ${conversation}`;
      } else if (chat && chat.window.kept.length > 0 && read.length > 0 && !chat.window.overlaps(read)) {
        reason = `new messages only ${read[0]?.id}`;
      }
      if (reason === "") {
        slot.doubted = "";
        return false;
      }
      if (slot.doubted !== reason) {
        slot.doubted = reason;
        slot.doubts = Date.now();
        return true;
      }
      if (Date.now() - slot.doubts < SETTLE_MS - 50) return true;
      slot.doubted = "";
      return false;
    }

    /** @param {string} conversation */
    chatOf(conversation) {
      const chat = this.chats.get(conversation)
        ?? { window: new nightlight.ConversationWindow(KEPT), since: Date.now(), prints: new Map() };
      this.chats.delete(conversation);
      this.chats.set(conversation, chat);
      for (const [oldest, { prints }] of this.chats) {
        if (this.chats.size <= CHATS) break;
        this.chats.delete(oldest);
        for (const name of prints.keys()) this.places.delete(name);
      }
      return chat;
    }

    /** One look at the page. */
    look() {
      const adapter = this.choose();
      if (!adapter) return;
      this.checkAccount(adapter);
      const ready = adapter.name === "generic" || this.recognised || Date.now() - this.began > nightlight.pageState.BROKEN_MS;
      const views = this.findViews(adapter);
      const signedOut = views.every(({ list }) => list === null)
        && nightlight.ladder.all(document, adapter.signed_out ?? []).elements.some(shown);
      this.composers = views.flatMap(({ composer }) => composer ?? []);
      /** @type {AdapterState[]} */
      const states = [];
      /** @type {OpenChat[]} */
      const chats = [];
      const keys = new Set();
      let doubts = false;
      for (const [index, view] of views.entries()) {
        const open = this.findConversation(adapter, view);
        // Two lists under one name are one chat twice, or one that we cannot tell from the other.
        if (open && keys.has(open.key)) continue;
        if (open) keys.add(open.key);
        const slot = this.slots[index] ??= new Slot(adapter);
        const seen = this.lookAt(adapter, slot, view, open, { signedOut, ready });
        if (seen === null) {
          doubts = true;
          continue;
        }
        states.push(seen.state);
        if (seen.chat) chats.push(seen.chat);
      }
      this.slots.length = Math.min(this.slots.length, views.length);
      if (doubts) this.soon(SETTLE_MS);
      if (states.length === 0) return;
      const state = nightlight.pageState.together(states);
      if (state === "signed_out" && this.state !== "signed_out") this.forget();
      if (state === "loading") this.soon(RECHECK_MS);
      this.conclude(state, chats);
    }

    /**
     * One look at one chat; null when it is not to be believed yet.
     * @param {Adapter} adapter @param {Slot} slot @param {View} view @param {{key: string, fallback: boolean} | null} open
     * @param {{signedOut: boolean, ready: boolean}} page
     * @returns {{state: AdapterState, chat: OpenChat | null} | null}
     */
    lookAt(adapter, slot, view, open, page) {
      const facts = {
        ...page, list: false, opened: this.isOpened(adapter, view), listHasText: false, messages: 0, withText: 0,
        wordless: 0, unread: 0, unknown: 0, fallbacks: 0,
      };
      const judge = () => {
        if (!nightlight.pageState.unreadable(facts)) slot.troubled = 0;
        else if (slot.troubled === 0) slot.troubled = Date.now();
        return nightlight.pageState.judge(facts, slot.troubled === 0 ? 0 : Date.now() - slot.troubled);
      };
      const { list } = view;
      if (!list || !open) return { state: judge(), chat: null };
      if (slot.conversation !== open.key) slot.speakers.forget();
      const sides = slot.speakers.bothSides;
      let found = this.readMessages(adapter, slot, list, open.key);
      // The first message on the far side tells what the near side means, for the messages above it too.
      if (slot.speakers.bothSides !== sides) found = this.readMessages(adapter, slot, list, open.key);
      const { read, messages, wordless, unread } = found;
      if (this.doubtful(slot, open.key, read)) return null;
      slot.conversation = open.key;
      slot.ids = new Set(read.map((message) => message.id));
      const generic = adapter.name === "generic" || adapter.extends === "generic";
      Object.assign(facts, {
        list: true, listHasText: messages === 0 && (list.textContent ?? "").trim().length > 40, messages, withText: read.length, wordless,
        unread, unknown: read.filter((message) => message.from === "unknown").length,
        fallbacks: generic ? 0 : Number(open.fallback) + Number(adapter.id.length > 0 && read.some((message) => message.weak)),
      });
      const state = judge();
      const chat = this.chatOf(open.key);
      const live = Date.now() - chat.since > HISTORY_MS ? new Date().toISOString() : null;
      chat.window.merge(read, atEnd(list), live);
      return { state, chat: this.told(open.key, chat, view.composer) };
    }

    /**
     * What there is to tell of a chat: its conversations, and those of them with something new.
     * @param {string} key @param {{window: import("../types/room").ConversationWindow, prints: Map<string, string>}} chat
     * @param {Element | null} composer @returns {OpenChat}
     */
    told(key, chat, composer) {
      const conversations = [];
      const changed = [];
      for (const { name, print } of nightlight.people.split(key, chat.window.kept)) {
        conversations.push(name);
        if (chat.prints.get(name) === print) continue;
        chat.prints.set(name, print);
        this.places.set(name, key);
        changed.push(name);
      }
      return { conversations, changed, composer };
    }

    /** @param {AdapterState} state @param {OpenChat[]} chats */
    conclude(state, chats) {
      const worse = state !== "ok" && state !== "degraded" && state !== "broken" && this.state !== state;
      if (worse && chats.every(({ changed }) => changed.length === 0)) {
        if (this.worseSince === 0) this.worseSince = Date.now();
        if (Date.now() - this.worseSince < PATIENCE_MS) {
          this.soon(PATIENCE_MS / 3);
          // The chat was closed: that is said at once, for a hint about it must not stay.
          if (chats.length === 0 && this.open) this.tell(this.state ?? "loading", []);
          return;
        }
      }
      this.worseSince = 0;
      this.state = state;
      this.tell(state, chats);
    }

    /** @param {AdapterState} state @param {OpenChat[]} chats */
    tell(state, chats) {
      this.open = chats.length > 0;
      this.heard({ state, chats });
    }
  }

  nightlight.Reader = /** @type {any} */ (Reader);
})();
