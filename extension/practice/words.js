// The words of the game in one language, and which languages are finished. Holds no text itself.
import "../platform/browser.js";
import { readSettings } from "../background/settings.js";
import { chosenLanguage, LANGUAGES } from "../language/language.js";

const { api } = nightlight.browser;

/** A language is named here only when all its stories and words are there. @type {readonly string[]} */
export const FINISHED = ["en", "nl", "fr", "de", "el", "it", "lt"];

/** The finished languages with their own names. */
export const choices = () => LANGUAGES.filter(([code]) => FINISHED.includes(code));

export class Words {
  /** @param {string} language @param {PracticeTexts} texts */
  constructor(language, texts) {
    this.language = language;
    this.texts = texts;
  }

  /** @param {string} key @param {Record<string, string | number>} values @throws when there is no such word */
  say(key, values = {}) {
    const text = this.texts.words[key];
    if (text === undefined) throw new Error(`no word named ${key}`);
    return text.replace(/\{([a-z]+)\}/g, (_, name) => String(values[name] ?? ""));
  }

  get replies() {
    return this.texts.replies;
  }
}

/** @param {string} language @returns {Promise<Words>} */
export async function loadWords(language) {
  const known = FINISHED.includes(language) ? language : "en";
  const response = await fetch(api.runtime.getURL(`practice/words/${known}.json`));
  return new Words(known, await response.json());
}

/** The page's language: the one in its address, as a teacher may want another, else the child's. */
export async function pageLanguage() {
  const asked = new URLSearchParams(location.search).get("language");
  const language = asked ?? chosenLanguage(await readSettings());
  return FINISHED.includes(language) ? language : "en";
}
