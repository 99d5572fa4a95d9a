// The last messages of one conversation, in order and in memory only. Knows nothing of pages: it merges what was read.
(() => {
  const LIMIT = 50;
  const ALIKE = 0.6; // of two stretches laid over each other: so much must be the same, the rest was edited

  /** @param {ReadMessage[]} messages */
  const print = (messages) => messages.map(({ id, from, text }) => `${id}\u0000${from}\u0000${text}`).join("\u0001");

  /** @param {ReadMessage} one @param {ReadMessage} other */
  const same = (one, other) => one.text === other.text
    && (one.from === other.from || one.from === "unknown" || other.from === "unknown");

  class ConversationWindow {
    /** @param {number} limit how many messages are kept */
    constructor(limit = LIMIT) {
      this.limit = limit;
      /** @type {ReadMessage[]} */
      this.kept = [];
      this.serial = 0;
    }

    /** Where a message is kept, or -1. @param {ReadMessage} message */
    place(message) {
      return this.kept.findIndex((kept) => kept.id === message.id);
    }

    /** Whether these messages and the kept ones have something in common. @param {ReadMessage[]} read */
    overlaps(read) {
      if (read.every((message) => message.weak)) return this.align(read, true) !== null;
      return read.some((message) => this.place(message) >= 0);
    }

    /**
     * Takes in the messages that the page shows just now, in their order. The page may show only a part (a virtualised
     * list), messages may have been edited, and the same message comes again and again.
     * @param {ReadMessage[]} read
     * @param {boolean} atEnd whether the page shows the newest end of the conversation
     * @param {string | null} live the time to give to messages that arrive now; null while history is being read
     * @returns {boolean} whether anything changed
     */
    merge(read, atEnd, live) {
      const before = print(this.kept);
      if (read.length > 0 && read.every((message) => message.weak)) this.mergeByOrder(read, atEnd, live);
      else this.mergeById(read, atEnd, live);
      this.kept = this.kept.slice(-this.limit);
      return before !== print(this.kept);
    }

    /** @param {ReadMessage[]} read @param {boolean} atEnd @param {string | null} live */
    mergeById(read, atEnd, live) {
      const first = read.findIndex((message) => this.place(message) >= 0);
      if (first < 0) {
        if (this.kept.length === 0) this.insert(0, read, null);
        else if (atEnd) this.insert(this.kept.length, read, live);
        else this.insert(0, read, null);
        return;
      }
      // What stands above the first known message is older than it.
      this.insert(this.place(/** @type {ReadMessage} */ (read[first])), read.slice(0, first), null);
      let cursor = 0;
      for (const message of read.slice(first)) {
        const index = this.place(message);
        if (index >= 0) {
          this.update(index, message);
          cursor = Math.max(cursor, index + 1);
        } else {
          this.insert(cursor, [message], atEnd && cursor >= this.kept.length ? live : null);
          cursor += 1;
        }
      }
    }

    /**
     * Messages without ids are recognised by their order: the read stretch is laid over the kept one where it fits best.
     * @param {ReadMessage[]} read @param {boolean} atEnd @param {string | null} live
     */
    mergeByOrder(read, atEnd, live) {
      const named = read.map((message) => ({ ...message, id: `${message.id}-${(this.serial += 1)}` }));
      const offset = this.align(read, atEnd);
      if (offset === null) {
        if (this.kept.length === 0) this.insert(0, named, null);
        else if (atEnd) this.insert(this.kept.length, named, live);
        else this.insert(0, named, null);
        return;
      }
      const length = this.kept.length;
      for (const [index, message] of read.entries()) {
        const kept = this.kept[offset + index];
        if (kept) this.update(offset + index, { ...message, id: kept.id });
      }
      this.insert(length, named.slice(Math.max(0, length - offset)), atEnd ? live : null);
      if (offset < 0) this.insert(0, named.slice(0, -offset), null);
    }

    /**
     * The place in the kept messages (negative: above them) at which the read ones begin, or null if they fit nowhere.
     * @param {ReadMessage[]} read @param {boolean} atEnd of two places that fit alike, the later one
     */
    align(read, atEnd) {
      let best = null;
      let bestScore = 0;
      for (let offset = 1 - read.length; offset < this.kept.length; offset += 1) {
        let overlap = 0;
        let matches = 0;
        for (const [index, message] of read.entries()) {
          const kept = this.kept[offset + index];
          if (!kept) continue;
          overlap += 1;
          if (same(kept, message)) matches += 1;
        }
        if (matches < overlap * ALIKE || matches === 0) continue;
        const score = matches - (overlap - matches);
        if (score > bestScore || (score === bestScore && atEnd)) {
          best = offset;
          bestScore = score;
        }
      }
      return best;
    }

    /** @param {number} at @param {ReadMessage[]} messages @param {string | null} live */
    insert(at, messages, live) {
      this.kept.splice(at, 0, ...messages.map((message) => ({ ...message, at: message.at ?? live })));
    }

    /** @param {number} index @param {ReadMessage} message */
    update(index, message) {
      const old = /** @type {ReadMessage} */ (this.kept[index]);
      // A speaker once known is not forgotten because the page is half drawn for a moment.
      const from = message.from === "unknown" ? old.from : message.from;
      const author = from === "child" ? null : message.author ?? old.author;
      this.kept[index] = { ...message, from, author, at: old.at ?? message.at };
    }

    /** @returns {ChatMessage[]} */
    messages() {
      return this.kept.map(({ id, from, text, at }) => ({ id, from, text, at }));
    }
  }

  nightlight.ConversationWindow = ConversationWindow;
})();
