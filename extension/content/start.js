// Ties the parts in a page together: reader -> courier -> background -> hint. The last of the content scripts.
(() => {
  const { Courier, Hint, Reader } = nightlight;
  const { alive, api } = nightlight.browser;
  if (nightlight.started) return;
  nightlight.started = true;

  /** Hints that wait for the child to come back to their chat. @type {Map<string, HintView>} */
  const waiting = new Map();
  /** Conversations of which this document has sent a window. @type {Set<string>} */
  const sent = new Set();
  /** @type {import("../types/room").Reader | null} */
  let reader = null;
  let stopped = false;
  /** @type {string | null} */
  let told = null;
  /** The conversations in view, and where in the page the child answers in each. @type {Map<string, Element | null>} */
  let open = new Map();
  /** The conversation that the hint on show belongs to. @type {string | null} */
  let hintChat = null;

  const courier = new Courier((conversation) => {
    const messages = reader?.messagesOf(conversation) ?? [];
    if (messages.length === 0) return null;
    const first = !sent.has(conversation);
    sent.add(conversation);
    return { type: "window", adapter: reader?.adapter?.name, conversation, first, messages };
  }, (conversation, answer) => {
    // A small hint does not push away an urgent one that the child has not closed yet.
    if (!answer.hint || (waiting.get(conversation)?.level === "urgent" && answer.hint.level === "nudge")) return;
    waiting.set(conversation, answer.hint);
    present();
  });

  const hint = new Hint(async (message) => {
    const { type, id } = /** @type {{type: string, id?: string}} */ (message);
    const closed = type === "hint_dismissed" || type === "hint_removed";
    // At once, not when the background has answered: until then the next look at the page would show it again.
    if (closed) forget(id);
    const answer = await courier.tell(message);
    if (type === "known" && answer) forget(id);
    return answer;
  });

  /** @param {string | undefined} id */
  function forget(id) {
    for (const [conversation, view] of waiting) if (view.id === id) waiting.delete(conversation);
  }

  /** Shows a hint of a chat that is in view, an urgent one first; a closing word stays until its chat is left. */
  function present() {
    const inView = [...waiting].filter(([conversation]) => open.has(conversation));
    const [conversation, view] = inView.find(([, { level }]) => level === "urgent") ?? inView.at(-1) ?? [];
    if (conversation !== undefined && view) {
      hintChat = conversation;
      hint.show(view, open.get(conversation) ?? null);
    } else if (hint.view && !open.has(hintChat ?? "")) {
      hint.hide();
    }
    hint.setComposer(open.get(hintChat ?? "") ?? [...open.values()][0] ?? null);
  }

  /** @param {PageReading} reading */
  function heard(reading) {
    if (!alive()) return stop();
    open = new Map(reading.chats.flatMap(({ conversations, composer }) => conversations.map((name) => [name, composer])));
    const state = `${reader?.adapter?.name} ${reading.state}`;
    if (state !== told) {
      told = state;
      void courier.tell({ type: "adapter_state", adapter: reader?.adapter?.name, state: reading.state });
    }
    for (const { changed } of reading.chats) for (const conversation of changed) courier.send(conversation);
    present();
  }

  function stop() {
    stopped = true;
    reader?.stop();
    reader = null;
    courier.stop();
    hint.hide();
    waiting.clear();
    nightlight.started = false;
    if (alive()) api.runtime.onMessage.removeListener(listen);
  }

  /** @param {{type: string}} message */
  function listen(message) {
    if (message.type === "again") {
      told = null;
      courier.sendPending();
      reader?.soon();
    } else if (message.type === "focus_hint") {
      hint.focus();
    } else if (message.type === "stop") {
      stop();
    } else if (message.type === "hint_gone") {
      const { id } = /** @type {{type: string, id: string}} */ (message);
      forget(id);
      if (hint.view?.id === id) hint.hide();
    }
  }

  async function start() {
    api.runtime.onMessage.addListener(listen);
    /** @type {{adapters: Adapter[]} | null} */
    let answer = null;
    for (let attempt = 0; answer === null && attempt < 4; attempt += 1) {
      // No answer at all means that the background was just waking up.
      if (attempt > 0) await new Promise((wake) => setTimeout(wake, 500 * attempt));
      answer = await courier.tell({ type: "hello" });
    }
    if (stopped) return;
    if (!answer || answer.adapters.length === 0) return stop();
    reader = new Reader(answer.adapters, heard);
    reader.start();
  }

  void start();
})();
