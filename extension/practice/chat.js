// How a chat looks in the game: bubbles with the name of who wrote, and Lumi's remarks between them.
import { make } from "../language/translate.js";
import { creature, lumi } from "./picture.js";

/**
 * @param {import("./words.js").Words} words @param {PracticeStory} story @param {PracticeMessage} message
 * @returns {HTMLLIElement}
 */
export function bubble(words, story, { from, text }) {
  const name = from === "contact" ? story.contact.name : words.say(from === "child" ? "you" : "lumi");
  const face = from === "contact" ? [creature(story.contact.creature)] : from === "lantern" ? [lumi()] : [];
  return make("li", { class: `message ${from}` }, ...face,
    make("div", { class: "bubble" }, make("span", { class: "who" }, name), make("p", {}, text)));
}

/** What the child did instead of writing. @param {string} text */
export const deed = (text) => make("li", { class: "message deed" }, make("p", {}, text));
