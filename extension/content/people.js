// Who is in a chat: makes of one window a conversation for each contact, with the child's own messages in each.
(() => {
  const LIMIT = 50; // messages of a conversation that are sent

  /** @param {ReadMessage[]} messages */
  const print = (messages) => nightlight.identity.hash(
    messages.map(({ id, from, text }) => `${id}\u0000${from}\u0000${text}`).join("\u0001"));

  /** @param {string} chat @param {string | null} author */
  const nameOf = (chat, author) => (author === null ? chat : `${chat}\u0001${author}`);

  /**
   * A chat with one contact is one conversation. In a group each contact is judged apart: the messages of the others are
   * not in it. What nobody is known to have written stands together under the chat's own name.
   * @param {string} chat the chat's key @param {ReadMessage[]} messages in their order
   * @returns {{name: string, messages: ReadMessage[], print: string}[]} whoever wrote last comes last; `print` changes
   *   when there is something new to judge
   */
  function split(chat, messages) {
    /** @type {Set<string | null>} */
    const authors = new Set();
    for (const { from, author } of messages) {
      if (from === "child") continue;
      authors.delete(author);
      authors.add(author);
    }
    const named = [...authors].filter((author) => author !== null);
    if (named.length < 2) {
      const kept = messages.slice(-LIMIT);
      return kept.length === 0 ? [] : [{ name: nameOf(chat, named[0] ?? null), messages: kept, print: print(kept) }];
    }
    return [...authors].map((author) => {
      const theirs = (/** @type {ReadMessage} */ message) => message.from !== "child" && message.author === author;
      return {
        name: nameOf(chat, author),
        messages: messages.filter((message) => message.from === "child" || theirs(message)).slice(-LIMIT),
        // The child's own word in a group is not news about each of its members.
        print: print(messages.filter(theirs)),
      };
    });
  }

  nightlight.people = { split };
})();
