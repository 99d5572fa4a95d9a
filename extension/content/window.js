// The last messages of one conversation, in order and in memory only. Knows nothing of pages: it merges what was read.
(() => {
  const LIMIT = 50;

  /** @param {ReadMessage[]} messages */
  const print = (messages) => messages.map(({ id, from, text }) => `${id}\u0000${from}\u0000${text}`).join("\u0001");

  class ConversationWindow {
    /** @param {number} limit how many messages are kept */
    constructor(limit = LIMIT) {
      this.limit = limit;
      /** @type {ReadMessage[]} */
      this.kept = [];
    }

    /** Where a message is kept, or -1. @param {ReadMessage} message */
    place(message) {
      return this.kept.findIndex((kept) => kept.id === message.id);
    }

    /** Whether any of these messages is kept already. @param {ReadMessage[]} read */
    overlaps(read) {
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
      const first = read.findIndex((message) => this.place(message) >= 0);
      if (first < 0) {
        if (atEnd || this.kept.length === 0) this.insert(this.kept.length, read, this.kept.length > 0 ? live : null);
        else this.insert(0, read, null);
      } else {
        this.insertAbove(read.slice(0, first), this.place(/** @type {ReadMessage} */ (read[first])));
        this.follow(read.slice(first), atEnd ? live : null);
      }
      this.kept = this.kept.slice(-this.limit);
      return before !== print(this.kept);
    }

    /** @param {number} at @param {ReadMessage[]} messages @param {string | null} live */
    insert(at, messages, live) {
      this.kept.splice(at, 0, ...messages.map((message) => ({ ...message, at: message.at ?? live })));
    }

    /**
     * What stands above the first known message is older than it, unless it is the message before it under another weak
     * name: the top row of a virtualised list has lost the neighbour that was part of its name.
     * @param {ReadMessage[]} above @param {number} at
     */
    insertAbove(above, at) {
      const older = [...above];
      let place = at;
      while (older.length > 0) {
        const read = /** @type {ReadMessage} */ (older.at(-1));
        const kept = this.kept[place - 1];
        if (!kept || !read.weak || !kept.weak || read.text !== kept.text || read.from !== kept.from) break;
        older.pop();
        place -= 1;
      }
      this.insert(place, older, null);
    }

    /** From the first known message on: updates what is kept, adds what is new. */
    /** @param {ReadMessage[]} read @param {string | null} live */
    follow(read, live) {
      let cursor = 0;
      for (const message of read) {
        const index = this.place(message);
        const old = this.kept[index];
        if (old) {
          // A speaker once known is not forgotten because the page is half drawn for a moment.
          const from = message.from === "unknown" ? old.from : message.from;
          this.kept[index] = { ...message, from, at: old.at ?? message.at };
          cursor = Math.max(cursor, index + 1);
        } else {
          this.insert(cursor, [message], cursor >= this.kept.length ? live : null);
          cursor += 1;
        }
      }
    }

    /** @returns {ChatMessage[]} */
    messages() {
      return this.kept.map(({ id, from, text, at }) => ({ id, from, text, at }));
    }
  }

  nightlight.ConversationWindow = ConversationWindow;
})();
