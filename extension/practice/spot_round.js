// Plays "spot it": a scene with one message lit, and the question what is in it.
import { make } from "../language/translate.js";
import { bubble } from "./chat.js";
import { button, title } from "./game.js";
import { lumi } from "./picture.js";
import { didSpot } from "./progress.js";
import { makeRound } from "./spot.js";

/** @typedef {import("./game.js").Game} Game */

/** @param {Game} game */
export function playSpot(game) {
  const { words } = game;
  const round = makeRound(game.stories);
  let right = 0;
  const place = make("section", { class: "stage" });
  game.show(game.backLink(), title(words.say("spot")), make("p", {}, words.say("spot_lead")), place);
  game.main.dataset["view"] = "spot";

  /** @param {number} index */
  const ask = (index) => {
    const item = round[index];
    if (!item) {
      void finish();
      return;
    }
    const chat = make("ol", { class: "chat" }, ...item.messages.map((message, at) => {
      const made = bubble(words, item.story, message);
      if (at === item.lit) {
        made.classList.add("lit");
        made.querySelector(".who")?.append(make("span", { class: "lit-note" }, ` · ${words.say("spot_here")}`));
      }
      return made;
    }));
    const question = make("h2", { id: "turn-title", tabindex: "-1" }, words.say("spot_ask"));
    const answers = item.options.map((option) => (
      button(option ? game.signName(option) : words.say("spot_friendly"), () => answer(option), "choice")
    ));
    const turn = make("div", { class: "turn" }, question,
      make("div", { class: "choices", role: "group", "aria-labelledby": "turn-title" }, ...answers));
    const count = words.say("count", { number: index + 1, all: round.length });
    place.replaceChildren(make("p", { class: "note" }, count), chat, turn);
    if (index > 0) question.focus();

    /** @param {Tactic | null} chosen */
    const answer = (chosen) => {
      const good = chosen === item.answer;
      if (good) right += 1;
      const name = item.answer ? game.signName(item.answer) : words.say("spot_friendly");
      const why = item.answer ? game.signWhy(item.answer) : words.say("spot_why_friendly");
      const next = button(words.say("next"), () => ask(index + 1), "main");
      const heading = make("h2", { tabindex: "-1" }, words.say(good ? "spot_right" : "spot_other"));
      turn.replaceChildren(make("div", { class: "feedback", "data-right": String(good) }, lumi(),
        make("div", {}, heading, make("p", {}, make("b", {}, name)), make("p", {}, why), next)));
      heading.focus();
    };
  };

  const finish = async () => {
    const progress = await didSpot(right);
    const heading = make("h2", { tabindex: "-1" }, words.say("spot_done", { right, all: round.length }));
    place.replaceChildren(lumi(), heading, make("p", {}, words.say("spot_done_text")),
      make("p", { class: "row" }, button(words.say("again"), () => playSpot(game), "main"),
        make("a", { class: "button", href: "#" }, words.say("back"))));
    heading.focus();
    game.gain(progress);
  };
  ask(0);
}
