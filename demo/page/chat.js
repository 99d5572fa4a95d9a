// The chat page: plays a story message by message, and lets a person write too. It is an ordinary chat page
// and does nothing for Nightlight; the extension must read it as it reads any other.
// ?pace=0.5 halves the waiting between messages; ?autoplay plays the story of the address at once.

/** @typedef {{from: "contact"|"child", text: string}} Message */
/** @typedef {{id: string, title: string, contact: string, label: string, messages: Message[]}} Story */

const NAMES = { de: "Deutsch", el: "Ελληνικά", en: "English", fr: "Français", it: "Italiano", lt: "Lietuvių", nl: "Nederlands" };
const COLOURS = ["#2f6f73", "#8a5a83", "#b0683a", "#4b6a9b"];

/** @template {HTMLElement} T @param {string} id @returns {T} */
const element = (id) => /** @type {T} */ (document.getElementById(id));
/** @param {number} seconds */
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const query = new URLSearchParams(location.search);
const pace = Number(query.get("pace") ?? 1);
const [stories, words] = await Promise.all(["/stories.json", "/words.json"].map(async (path) => (await fetch(path)).json()));
const log = element("log");

/** How often a story was started: an older playing stops when a newer one begins. */
let run = 0;
/** Tells this visit's conversations from those of earlier ones. */
const visit = Date.now().toString(36);
/** @type {Story} */
let current;
let language = "en";

/** @param {string} name @param {number} place */
function avatar(name, place) {
  const circle = document.createElement("span");
  circle.className = "avatar";
  circle.setAttribute("aria-hidden", "true");
  circle.textContent = name[0].toUpperCase();
  circle.style.setProperty("background", COLOURS[place % COLOURS.length]);
  return circle;
}

/** @param {string} id @param {"contact"|"child"} from @param {string} text */
function show(id, from, text) {
  const own = from === "child";
  const message = document.createElement("div");
  message.className = own ? "message sent" : "message received";
  message.dataset.messageId = id;
  const by = document.createElement("span");
  by.className = "author";
  const time = document.createElement("time");
  const now = new Date();
  time.dateTime = now.toISOString();
  time.textContent = now.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  by.append(own ? words[language].you : current.contact, " · ", time);
  const body = document.createElement("p");
  body.textContent = text;
  body.lang = language;
  message.append(by, body);
  log.append(message);
  log.scrollTop = log.scrollHeight;
}

function draw() {
  const say = words[language];
  document.documentElement.lang = language;
  element("note").textContent = say.note;
  element("language-label").textContent = say.language;
  element("again").textContent = say.again;
  element("send").textContent = say.send;
  /** @type {HTMLInputElement} */ (element("text")).placeholder = say.write;
  element("text").setAttribute("aria-label", say.write);
  element("contact").textContent = current.contact;
  document.title = `${current.contact} · Pebble`;
  const place = stories[language].indexOf(current);
  const head = avatar(current.contact, place);
  head.id = "avatar";
  element("avatar").replaceWith(head);
  element("stories").replaceChildren(
    ...stories[language].map((/** @type {Story} */ story, /** @type {number} */ index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.story = story.id;
      button.setAttribute("aria-current", String(story === current));
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = story.contact;
      const title = document.createElement("span");
      title.className = "title";
      title.textContent = story.title;
      button.append(avatar(story.contact, index), name, title);
      button.addEventListener("click", () => play(story));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
}

/** @param {Story} story */
async function play(story) {
  const mine = ++run;
  current = story;
  log.replaceChildren();
  // A playing has a name and an address of its own, as a chat with another person has.
  log.dataset.conversationId = `${language}-${story.id}-${mine}-${visit}`;
  history.pushState(null, "", `/chat/${language}/${story.id}/${mine}${location.search}`);
  draw();
  for (const [index, message] of story.messages.entries()) {
    await pause(pace * 0.6);
    if (mine !== run) return;
    const typing = element("typing");
    typing.textContent = message.from === "contact" ? `${story.contact} …` : "";
    typing.hidden = message.from !== "contact";
    await pause(pace * Math.min(2, 0.4 + message.text.length / 45));
    typing.hidden = true;
    if (mine !== run) return;
    show(`${story.id}-${mine}-${index}`, message.from, message.text);
    const word = { language, story: story.id, run: mine, index, ended: index === story.messages.length - 1 };
    await fetch("/played", { method: "POST", body: JSON.stringify(word) });
  }
}

/** @param {string} next */
function speak(next) {
  language = next;
  /** @type {HTMLSelectElement} */ (element("language")).value = next;
}

for (const code of Object.keys(stories)) element("language").append(new Option(NAMES[/** @type {keyof typeof NAMES} */ (code)], code));
element("language").addEventListener("change", (event) => {
  const id = current.id;
  speak(/** @type {HTMLSelectElement} */ (event.target).value);
  play(stories[language].find((/** @type {Story} */ story) => story.id === id) ?? stories[language][0]);
});
element("again").addEventListener("click", () => play(current));
let written = 0;
element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (element("text"));
  if (input.value.trim()) show(`own-${run}-${++written}`, "child", input.value);
  input.value = "";
});

const [, , wantedLanguage, wantedStory] = location.pathname.split("/");
speak(wantedLanguage in stories ? wantedLanguage : "en");
current = stories[language].find((/** @type {Story} */ story) => story.id === wantedStory) ?? stories[language][0];
draw();
if (query.has("autoplay")) play(current);
