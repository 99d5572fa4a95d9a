// Packs a window of messages so that it fits through the helper's door. Pure.

const MESSAGES = 50;
const TEXT = 2000; // characters of one message
const BYTES = 60 * 1024; // the helper takes 64 KiB; the rest of the request needs a little too

const SPEAKERS = new Set(["contact", "child", "unknown"]);

/** @param {unknown} value @returns {ChatMessage | null} */
function asMessage(value) {
  const { id, from, text, at } = /** @type {Record<string, unknown>} */ (value ?? {});
  if (typeof id !== "string" || typeof text !== "string" || id === "" || text === "") return null;
  if (typeof from !== "string" || !SPEAKERS.has(from)) return null;
  return {
    id: id.slice(0, 128), from: /** @type {Speaker} */ (from), text: text.slice(0, TEXT).toWellFormed(),
    at: typeof at === "string" ? at : null,
  };
}

/**
 * The newest messages that fit, in their order. What is not a message is left out: a page's process is not trusted.
 * @param {unknown} messages @returns {ChatMessage[]}
 */
export function pack(messages) {
  if (!Array.isArray(messages)) return [];
  const encoder = new TextEncoder();
  /** @type {ChatMessage[]} */
  const packed = [];
  let bytes = 0;
  for (const value of messages.slice(-MESSAGES).reverse()) {
    const message = asMessage(value);
    if (!message) continue;
    bytes += encoder.encode(JSON.stringify(message)).length + 1;
    if (bytes > BYTES) break;
    packed.unshift(message);
  }
  return packed;
}
