// Puts a catalogue's texts into one of our own pages: elements name the text they want in data-text. Text only, no markup.

/**
 * @param {import("./catalogue.js").Catalogue} catalogue @param {ParentNode} root
 */
export function translate(catalogue, root = document) {
  if (root === document) document.documentElement.lang = catalogue.language;
  for (const element of root.querySelectorAll("[data-text]")) {
    const key = element.getAttribute("data-text");
    if (key) element.textContent = catalogue.text(key);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Partial<Record<string, string>>} attributes @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @template {HTMLElement} T @param {string} id @returns {T} @throws when the page has no such element */
export function find(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return /** @type {T} */ (element);
}

/** Only what a person did counts. @template {Event} E @param {(event: E) => void} handler */
export const trusted = (handler) => (/** @type {E} */ event) => {
  if (event.isTrusted) handler(event);
};
