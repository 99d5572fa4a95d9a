// The texts of one language, from _locales, in a language chosen apart from the browser's. Holds no text itself.
import "../platform/browser.js";

const { api } = nightlight.browser;

/** @typedef {Record<string, {message: string, placeholders?: Record<string, {content: string}>}>} Messages */

export class Catalogue {
  /** @param {string} language @param {Messages} messages @param {Messages} english for what is not translated yet */
  constructor(language, messages, english) {
    this.language = language;
    this.messages = messages;
    this.english = english;
  }

  /**
   * @param {string} key @param {Record<string, string | number>} values what the placeholders stand for
   * @throws when no language has the key
   */
  text(key, values = {}) {
    const entry = this.messages[key] ?? this.english[key];
    if (!entry) throw new Error(`no text named ${key}`);
    return entry.message.replace(/\$([A-Za-z0-9_]+)\$/g, (_, name) => String(values[name.toLowerCase()] ?? ""));
  }

  /** @param {string} key */
  has(key) {
    return key in this.messages || key in this.english;
  }
}

/** @type {Map<string, Promise<Messages>>} */
const loaded = new Map();

/** @param {string} language @returns {Promise<Messages>} */
function load(language) {
  let messages = loaded.get(language);
  if (!messages) {
    messages = fetch(api.runtime.getURL(`_locales/${language}/messages.json`)).then((response) => response.json());
    loaded.set(language, messages);
    messages.catch(() => loaded.delete(language));
  }
  return messages;
}

/** @param {string} language */
export async function loadCatalogue(language) {
  const english = await load("en");
  try {
    return new Catalogue(language, await load(language), english);
  } catch {
    return new Catalogue("en", english, english); // a language whose texts are not there yet
  }
}
