// A teacher's page for one story: its aim, its signs, questions for the class, and the whole of its text.
import { loadCatalogue } from "../language/catalogue.js";
import { find, make, trusted } from "../language/translate.js";
import { loadStory, STORIES } from "./story.js";
import { loadWords, pageLanguage } from "./words.js";

const words = await loadWords(await pageLanguage());
const catalogue = await loadCatalogue(words.language);
const asked = new URLSearchParams(location.search).get("story");
const id = STORIES.find((one) => one === asked) ?? STORIES[0];
const story = await loadStory(words.language, id);
const numbers = new Map(Object.keys(story.nodes).map((node, index) => [node, index + 1]));

/** @param {string} node */
const sceneName = (node) => words.say("scene", { number: numbers.get(node) ?? 0 });

/** @param {PracticeMessage} message */
function line({ from, text, tactic }) {
  const who = from === "contact" ? story.contact.name : words.say(from === "child" ? "you" : "lumi");
  const sign = tactic ? [make("span", { class: "tag" }, catalogue.text(`tactic_${tactic}_name`))] : [];
  return make("li", {}, make("b", {}, `${who}: `), text, ...sign);
}

/** @param {string} node */
function scene(node) {
  const what = /** @type {PracticeScene | PracticeEnd} */ (story.nodes[node]);
  if ("ending" in what) {
    const name = `${sceneName(node)} · ${words.say("ending")}: ${what.ending.title}`;
    return make("section", { class: "scene" }, make("h3", {}, name), make("p", {}, what.ending.text));
  }
  return make("section", { class: "scene" }, make("h3", {}, sceneName(node)),
    make("ul", { class: "script" }, ...what.messages.map(line)),
    make("ul", { class: "ways" }, ...what.choices.map(({ text, to }) => (
      make("li", {}, text, make("span", { class: "note" }, ` → ${words.say("guide_goes", { scene: sceneName(to) })}`))
    ))));
}

const print = make("button", { type: "button", class: "main" }, words.say("print"));
print.addEventListener("click", trusted(() => window.print()));
const picker = make("select", { "aria-label": words.say("stories") });
for (const one of STORIES) picker.append(new Option((await loadStory(words.language, one)).title, one, false, one === id));
picker.addEventListener("change", () => {
  location.search = `?story=${picker.value}&language=${words.language}`;
});

document.documentElement.lang = words.language;
document.title = `${words.say("guide")}: ${story.title}`;
find("paper").append(
  make("p", { class: "row screen" },
    make("a", { class: "button", href: `practice.html?language=${words.language}` }, words.say("back")), picker, print),
  make("h1", {}, `${words.say("guide")}: ${story.title}`), make("p", {}, story.blurb),
  make("h2", {}, words.say("guide_aim")), make("p", {}, story.guide.aim),
  make("h2", {}, words.say("signs")),
  story.benign ? make("p", {}, words.say("guide_benign")) : make("ul", {}, ...story.tactics.map((tactic) => (
    make("li", {}, make("b", {}, `${catalogue.text(`tactic_${tactic}_name`)}. `), catalogue.text(`tactic_${tactic}_why`))
  ))),
  make("h2", {}, words.say("guide_questions")),
  make("ol", {}, ...story.guide.questions.map((question) => make("li", {}, question))),
  make("h2", {}, words.say("guide_notes")),
  make("ul", {}, ...["play", "words", "blame", "own"].map((note) => make("li", {}, words.say(`guide_note_${note}`)))),
  make("h2", {}, words.say("guide_script")), ...Object.keys(story.nodes).map(scene),
);
document.documentElement.dataset["ready"] = "true";
