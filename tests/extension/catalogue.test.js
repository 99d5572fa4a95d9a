// The texts: every language has the same keys and placeholders, every key is used, and the wording keeps its rules.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { EXTENSION, json, load } from "./room.js";

const { Catalogue, loadCatalogue } = await load("language/catalogue.js");
const { LANGUAGES, ours } = await load("language/language.js");
const { TACTICS, URGENT } = await load("background/hint.js");
const english = await json("_locales/en/messages.json");
const locales = await readdir(new URL("_locales/", EXTENSION));

const marks = (message) => [...message.matchAll(/\$([A-Za-z0-9_]+)\$/g)].map(([, name]) => name.toLowerCase()).sort();

test("no folder is a language that we do not offer", () => {
  const offered = LANGUAGES.map(([code]) => code);
  for (const locale of locales) assert.ok(offered.includes(locale), locale);
});

for (const locale of locales) {
  test(`${locale} has every text and every placeholder`, async () => {
    const messages = await json(`_locales/${locale}/messages.json`);
    assert.deepEqual(Object.keys(messages).sort(), Object.keys(english).sort());
    for (const [key, { message, placeholders = {} }] of Object.entries(messages)) {
      assert.ok(message.trim() !== "", key);
      assert.deepEqual(marks(message), marks(english[key].message), key);
      assert.deepEqual(Object.keys(placeholders).sort(), [...new Set(marks(message))].sort(), key);
    }
    assert.ok(messages.extension_description.message.length <= 132);
    assert.ok(messages.extension_name.message === "Nightlight");
  });
}

test("the wording calls nobody names and frightens nobody", () => {
  const barred = /predator|stranger|\badults?\b|groom|paedo|pedo|criminal|danger(?!\s+right now)|warning|alert|victim|abuse/i;
  for (const [key, { message }] of Object.entries(english)) assert.doesNotMatch(message, barred, key);
});

test("first lines take away blame, and sentences are short", () => {
  const firsts = Object.entries(english).filter(([key]) => /^hint_(urgent_)?first_\d$/.test(key));
  assert.equal(firsts.length, 6);
  for (const [key, { message }] of firsts) assert.match(message, /nothing wrong|not in trouble|your fault/, key);
  for (const [key, { message }] of Object.entries(english)) {
    for (const sentence of message.split(/[.?!:] /)) assert.ok(sentence.split(/\s+/).length <= 24, `${key}: ${sentence}`);
  }
});

test("each of the fourteen signs has its three texts", () => {
  assert.equal(TACTICS.length, 14);
  for (const tactic of TACTICS) for (const part of ["name", "said", "why"]) assert.ok(`tactic_${tactic}_${part}` in english);
  for (const tactic of URGENT) assert.ok(`do_${tactic}` in english);
});

test("every text is used, and every text that is asked for is there", async () => {
  const files = (await readdir(EXTENSION, { recursive: true })).filter((file) => /\.(js|html|json)$/.test(file) && !file.startsWith("_locales"));
  const code = (await Promise.all(files.map((file) => readFile(new URL(file, EXTENSION), "utf8")))).join("\n");
  const built = /^(tactic_|do_(meeting|running_away|threat)$|hint_(urgent_)?first_|state_|help_(name_)?(child|missing|online|emergency)|welcome_state_|options_(un)?paired)/;
  for (const key of Object.keys(english)) {
    if (!built.test(key)) assert.match(code, new RegExp(`["\`]${key}["\`]|__MSG_${key}__`), `${key} is not used`);
  }
  for (const [, key] of code.matchAll(/(?:data-text="|(?:text|catalogue\.text)\(")([a-z0-9_]+)"/g)) assert.ok(key in english, key);
});

test("placeholders are filled, a missing language falls back to English, an unknown key is an error", async () => {
  const catalogue = new Catalogue("xx", { a: { message: "$SITE$ at $TIME$" } }, english);
  assert.equal(catalogue.text("a", { site: "x.org", time: "9:00" }), "x.org at 9:00");
  assert.equal(catalogue.text("hint_dismiss"), english.hint_dismiss.message);
  assert.throws(() => catalogue.text("nothing_here"));
  assert.equal((await loadCatalogue("xx")).language, "en");
});

test("the browser's language is one of ours or none", () => {
  assert.equal(ours("nl-BE"), "nl");
  assert.equal(ours("EL"), "el");
  assert.equal(ours("auto"), null);
  assert.equal(ours("ja"), null);
});
