// Plays "write back": a message, room for the child's own words (read by nobody, kept nowhere), and ideas to compare.
import { make } from "../language/translate.js";
import { bubble } from "./chat.js";
import { button, title } from "./game.js";
import { creatures, lumi } from "./picture.js";
import { didReply } from "./progress.js";

/** @typedef {import("./game.js").Game} Game */

/** @param {Game} game */
export function playReplies(game) {
  const { words } = game;
  const place = make("section", { class: "stage" });
  game.show(game.backLink(), title(words.say("reply")), make("p", {}, words.say("reply_lead")), place);
  game.main.dataset["view"] = "reply";

  /** @param {number} index */
  const ask = (index) => {
    const item = words.replies[index];
    if (!item) {
      void finish();
      return;
    }
    // Any story's way of drawing will do; the message comes from no one in particular.
    const writer = { name: "…", creature: creatures[index % creatures.length] ?? "cat" };
    const story = /** @type {PracticeStory} */ ({ ...game.stories[0], contact: writer });
    const chat = make("ol", { class: "chat" }, bubble(words, story, { from: "contact", text: item.prompt }));
    const own = make("textarea", {
      id: "own", rows: "2", maxlength: "300", autocomplete: "off", "aria-describedby": "own-note",
    });
    const turn = make("div", { class: "turn" }, make("label", { for: "own" }, words.say("reply_own")), own,
      make("p", { id: "own-note", class: "note" }, words.say("reply_own_note")),
      button(words.say("reply_show"), () => compare(), "main"));
    const count = words.say("count", { number: index + 1, all: words.replies.length });
    place.replaceChildren(make("p", { class: "note" }, count), chat, turn);
    if (index > 0) own.focus();

    const compare = () => {
      if (own.value.trim() !== "") chat.append(bubble(words, story, { from: "child", text: own.value.trim() }));
      const heading = make("h2", { tabindex: "-1" }, words.say("reply_ideas"));
      turn.replaceChildren(make("div", { class: "feedback" }, lumi(), make("div", {}, heading,
        make("dl", {}, ...item.ideas.flatMap(({ text, note }) => [make("dt", {}, text), make("dd", {}, note)])),
        button(words.say("next"), () => ask(index + 1), "main"))));
      heading.focus();
    };
  };

  const finish = async () => {
    const progress = await didReply();
    const heading = make("h2", { tabindex: "-1" }, words.say("reply_done"));
    place.replaceChildren(lumi(), heading, make("p", {}, words.say("reply_done_text")),
      make("p", { class: "row" }, button(words.say("again"), () => playReplies(game), "main"),
        make("a", { class: "button", href: "#" }, words.say("back"))));
    heading.focus();
    game.gain(progress);
  };
  ask(0);
}
