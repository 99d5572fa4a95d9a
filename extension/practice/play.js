// Plays a story: its scenes as a chat that comes in bit by bit, the choices below it, and the ending.
import { make } from "../language/translate.js";
import { bubble, deed } from "./chat.js";
import { button, calm, title } from "./game.js";
import { creature, endingPicture } from "./picture.js";
import { foundEnding } from "./progress.js";
import { endingsOf, nodeOf } from "./story.js";

/** @typedef {import("./game.js").Game} Game */

const BASE_MS = 500;
const LETTER_MS = 14;

class Play {
  /** @param {Game} game @param {PracticeStory} story */
  constructor(game, story) {
    this.game = game;
    this.story = story;
    this.signal = game.view.signal;
    this.log = make("ol", { class: "chat" });
    this.turn = make("div", { class: "turn" });
    /** The choices that can be made now. @type {Map<HTMLButtonElement, PracticeChoice> | null} */
    this.offered = null;
    /** Set while messages come in: shows the rest of them at once. @type {(() => void) | null} */
    this.hurry = null;
  }

  start() {
    const { game, story } = this;
    const heading = make("header", {}, creature(story.contact.creature), title(story.title));
    game.show(game.backLink(), heading, make("section", { class: "stage" },
      make("div", { role: "log", "aria-label": story.contact.name }, this.log), this.turn));
    game.main.dataset["view"] = "story";
    // The digits choose, as they would in a quiz.
    addEventListener("keydown", (event) => {
      if (!event.isTrusted || event.ctrlKey || event.altKey || event.metaKey) return;
      const chosen = this.turn.querySelectorAll("button.choice")[Number(event.key) - 1];
      if (/^[1-4]$/.test(event.key) && chosen instanceof HTMLButtonElement) this.press(chosen);
    }, { signal: this.signal });
    void this.scene(story.start);
  }

  /** @param {HTMLButtonElement} chosen */
  press(chosen) {
    const choice = this.offered?.get(chosen);
    if (choice) void this.choose(choice);
  }

  /** @param {number} ms waits, unless the child wants it all at once or has left */
  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), ms);
      this.hurry = () => {
        clearTimeout(timer);
        resolve(null);
      };
    });
  }

  /** @param {PracticeMessage[]} messages */
  async tell(messages) {
    let hurried = calm();
    const skip = button(this.game.words.say("skip"), () => {
      hurried = true;
      this.hurry?.();
    }, "skip");
    const writing = make("p", { class: "writing", "aria-hidden": "true" },
      this.game.words.say("writing", { name: this.story.contact.name }));
    if (!hurried) this.turn.replaceChildren(writing, skip);
    for (const message of messages) {
      writing.classList.toggle("quiet", message.from !== "contact");
      if (!hurried) await this.pause(BASE_MS + message.text.length * LETTER_MS);
      if (this.signal.aborted) return;
      this.log.append(bubble(this.game.words, this.story, message));
      this.log.lastElementChild?.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    }
    this.hurry = null;
  }

  /** @param {string} id */
  async scene(id) {
    const node = nodeOf(this.story, id);
    if ("ending" in node) {
      await this.end(id, node);
      return;
    }
    await this.tell(node.messages);
    if (this.signal.aborted) return;
    const { words } = this.game;
    this.offered = new Map(node.choices.map((choice, index) => {
      const made = button(choice.text, () => void this.choose(choice), `choice ${choice.kind}`);
      made.dataset["choice"] = choice.id;
      made.setAttribute("aria-keyshortcuts", String(index + 1));
      return [made, choice];
    }));
    const buttons = [...this.offered.keys()];
    this.turn.replaceChildren(make("h2", { id: "turn-title" }, words.say("turn")),
      make("div", { class: "choices", role: "group", "aria-labelledby": "turn-title" }, ...buttons));
    this.turn.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    buttons[0]?.focus({ preventScroll: true });
  }

  /** @param {PracticeChoice} choice */
  async choose({ kind, text, to }) {
    this.offered = null;
    this.turn.replaceChildren();
    this.log.append(kind === "say" ? bubble(this.game.words, this.story, { from: "child", text }) : deed(text));
    await this.scene(to);
  }

  /** @param {string} id @param {PracticeEnd} end */
  async end(id, { ending }) {
    const { game, story } = this;
    const { words } = game;
    const progress = await foundEnding(story.id, id);
    const help = await game.help();
    if (this.signal.aborted) return;
    const heading = make("h2", { tabindex: "-1" }, make("span", { class: "note" }, words.say("ending")), ending.title);
    const signs = story.tactics.length === 0 ? [make("p", {}, words.say("signs_none"))] : [
      make("dl", {}, ...story.tactics.flatMap((tactic) => [
        make("dt", {}, game.signName(tactic)), make("dd", {}, game.signWhy(tactic)),
      ])),
      make("p", { class: "note" }, words.say("signs_note")),
    ];
    const found = progress.endings[story.id]?.length ?? 0;
    this.turn.replaceChildren(make("div", { class: "ending", "data-ending": id }, endingPicture(ending.kind), heading,
      make("p", {}, ending.text),
      make("p", { class: "note" }, words.say("found", { found, all: endingsOf(story).length })),
      make("p", { class: "row" }, button(words.say("again"), () => playStory(game, story), "main"),
        make("a", { class: "button", href: "#" }, words.say("back")),
        make("a", { class: "button", href: `guide.html?story=${story.id}&language=${words.language}` }, words.say("guide"))),
      make("details", {}, make("summary", {}, words.say("signs")), ...signs), ...(story.benign ? [] : [help])));
    heading.focus({ preventScroll: true });
    this.turn.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    game.gain(progress);
  }
}

/** @param {Game} game @param {PracticeStory} story */
export function playStory(game, story) {
  game.view.abort();
  game.view = new AbortController();
  new Play(game, story).start();
}
