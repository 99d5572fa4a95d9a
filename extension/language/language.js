// Which language Nightlight speaks: the chosen one, or the browser's if it is one of ours.
import "../platform/browser.js";

const { api } = nightlight.browser;

/** Code and own name; a language's name is written in itself. */
export const LANGUAGES = /** @type {const} */ ([
  ["en", "English"], ["nl", "Nederlands"], ["fr", "Français"], ["de", "Deutsch"], ["el", "Ελληνικά"],
  ["it", "Italiano"], ["lt", "Lietuvių"],
]);

/** @param {string | null | undefined} tag a language tag such as "nl-BE" @returns {string | null} */
export function ours(tag) {
  const base = (tag ?? "").toLowerCase().split(/[-_]/)[0] ?? "";
  return LANGUAGES.some(([code]) => code === base) ? base : null;
}

/** @param {{language: string}} settings */
export function chosenLanguage(settings) {
  return ours(settings.language) ?? ours(api.i18n.getUILanguage()) ?? "en";
}
