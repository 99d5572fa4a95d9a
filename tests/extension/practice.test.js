// The practice game: every story can be played to its ends, every language has all of it, and the wording keeps its rules.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import Ajv from "ajv";
import { EXTENSION, json, load } from "./room.js";

const { STORIES, STORY_FOR, endingsOf, reachable } = await load("practice/story.js");
const { FINISHED, loadWords } = await load("practice/words.js");
const { askable, makeRound } = await load("practice/spot.js");
const { BADGES, earned } = await load("practice/badge.js");
const { TACTICS } = await load("background/hint.js");
const check = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
  .compile(await json("practice/story.schema.json"));

const stories = new Map(await Promise.all(FINISHED.map(async (language) => (
  [language, await Promise.all(STORIES.map((id) => json(`practice/stories/${language}/${id}.json`)))]
))));
const english = stories.get("en");

/** A story without its words: what must be the same in every language. */
const bones = (story) => ({
  id: story.id, start: story.start, benign: story.benign, tactics: story.tactics, creature: story.contact.creature,
  questions: story.guide.questions.length,
  nodes: Object.entries(story.nodes).map(([id, node]) => [id, "ending" in node ? node.ending.kind : {
    messages: node.messages.map(({ from, tactic }) => [from, tactic]),
    choices: node.choices.map(({ id: choice, kind, to }) => [choice, kind, to]),
  }]),
});

/** All texts of a story. */
function texts(story) {
  const found = [];
  JSON.stringify(story, (key, value) => {
    if (["title", "blurb", "text", "aim", "name"].includes(key)) found.push(value);
    if (key === "questions") found.push(...value);
    return value;
  });
  return found;
}

test("ten stories with signs cover all fourteen, and three are simply friendly", () => {
  const signs = english.filter(({ benign }) => !benign);
  assert.ok(signs.length >= 10);
  assert.ok(english.filter(({ benign, tactics }) => benign && tactics.length === 0).length >= 3);
  assert.deepEqual([...new Set(signs.flatMap(({ tactics }) => tactics))].sort(), [...TACTICS].sort());
});

test("a hint's sign leads to a story that has it", () => {
  assert.deepEqual(Object.keys(STORY_FOR).sort(), [...TACTICS].sort());
  for (const [tactic, id] of Object.entries(STORY_FOR)) {
    assert.ok(english.find((story) => story.id === id)?.tactics.includes(tactic), `${id} has no ${tactic}`);
  }
});

for (const story of english) {
  test(`${story.id} has no dead end, no lost scene, and at least three endings from every first choice on`, () => {
    assert.ok(endingsOf(story).length >= 3);
    assert.deepEqual([...reachable(story)].sort(), Object.keys(story.nodes).sort());
    for (const id of reachable(story)) {
      const ends = [...reachable(story, id)].filter((node) => "ending" in story.nodes[node]);
      assert.ok(ends.length > 0, `${id} never ends`);
    }
    // Wherever the child went, help or a calm way out can still be reached, unless the story is over.
    for (const [id, node] of Object.entries(story.nodes)) {
      if ("ending" in node) continue;
      const kinds = [...reachable(story, id)].map((end) => story.nodes[end].ending?.kind);
      assert.ok(kinds.some((kind) => kind && kind !== "later" && kind !== "mixed"), `${story.id}/${id}`);
    }
  });

  test(`${story.id} names exactly the signs of its messages, all of them the contact's`, () => {
    const said = Object.values(story.nodes).flatMap((node) => node.messages ?? []);
    assert.deepEqual([...new Set(said.flatMap(({ tactic }) => tactic ?? []))].sort(), [...story.tactics].sort());
    for (const { from, tactic } of said) if (tactic) assert.equal(from, "contact");
  });
}

for (const [language, told] of stories) {
  test(`${language}: the folder holds the stories, they fit the schema and have the same bones as the English ones`, async () => {
    const files = await readdir(new URL(`practice/stories/${language}/`, EXTENSION));
    assert.deepEqual(files.sort(), STORIES.map((id) => `${id}.json`).sort());
    told.forEach((story, index) => {
      assert.ok(check(story), `${story.id}: ${JSON.stringify(check.errors, null, 1)}`);
      assert.equal(story.language, language);
      assert.deepEqual(bones(story), bones(english[index]));
    });
  });

  test(`${language}: the words are all there, with the same placeholders`, async () => {
    const own = (await loadWords(language)).texts;
    const { texts: wanted } = await loadWords("en");
    assert.deepEqual(Object.keys(own.words).sort(), Object.keys(wanted.words).sort());
    const marks = (text) => [...text.matchAll(/\{[a-z]+\}/g)].map(String).sort();
    for (const [key, text] of Object.entries(own.words)) {
      assert.ok(text.trim() !== "", key);
      assert.deepEqual(marks(text), marks(wanted.words[key]), key);
    }
    assert.deepEqual(own.replies.map(({ tactic, ideas }) => [tactic, ideas.length]), wanted.replies.map(({ tactic, ideas }) => [tactic, ideas.length]));
    for (const { tactic } of own.replies) assert.ok(tactic === null || TACTICS.includes(tactic));
  });

  if (language !== "en") {
    test(`${language}: nothing was left in English`, () => {
      told.forEach((story, index) => {
        const theirs = texts(english[index]);
        const same = texts(story).filter((text, at) => text === theirs[at] && text.split(" ").length > 3);
        assert.deepEqual(same, [], story.id);
      });
    });
  }
}

test("every story file belongs to a finished language", async () => {
  assert.deepEqual((await readdir(new URL("practice/stories/", EXTENSION))).sort(), [...FINISHED].sort());
  assert.deepEqual((await readdir(new URL("practice/words/", EXTENSION))).sort(), FINISHED.map((code) => `${code}.json`).sort());
});

test("the wording calls nobody names, frightens nobody, and keeps its lines short", async () => {
  const barred = /predator|stranger|\badults?\b|groom|paedo|pedo|criminal|\bwarning|\balert|victim|abuse|stupid|should have/i;
  const { texts: { words, replies } } = await loadWords("en");
  const all = [...english.flatMap(texts), ...Object.values(words),
    ...replies.flatMap(({ prompt, ideas }) => [prompt, ...ideas.flatMap(({ text, note }) => [text, note])])];
  for (const text of all) {
    assert.doesNotMatch(text, barred);
    for (const sentence of text.split(/[.?!:] /)) assert.ok(sentence.split(/\s+/).length <= 24, sentence);
  }
});

/** Syllables of an English word, by its groups of vowels: near enough for an average. @param {string} word */
const syllables = (word) => Math.max(1, (word.toLowerCase().replace(/e\b/, "").match(/[aeiouy]+/g) ?? []).length);

test("the English texts can be read at eleven (Flesch-Kincaid grade and five years)", async (t) => {
  const { texts: { words, replies } } = await loadWords("en");
  const told = english.flatMap((story) => Object.values(story.nodes).flatMap((node) => ("ending" in node ? [node.ending.text]
    : node.messages.filter(({ from }) => from === "lantern").map(({ text }) => text))));
  const all = [...told, ...Object.values(words).filter((text) => /[.?!]$/.test(text)),
    ...replies.flatMap(({ ideas }) => ideas.map(({ note }) => note))].join(" ");
  const sentences = all.split(/[.?!:]+\s/).length;
  const said = all.match(/[A-Za-z']+/g) ?? [];
  const grade = 0.39 * (said.length / sentences) + 11.8 * (said.reduce((sum, word) => sum + syllables(word), 0) / said.length) - 15.59;
  t.diagnostic(`reading age of the practice game: ${(grade + 5).toFixed(1)}`);
  assert.ok(grade + 5 <= 11);
});

test("a round of spot it has five signs and three friendly messages, and its wrong answers are wrong", () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 50; round++) {
    const items = makeRound(english, random);
    assert.equal(items.filter(({ answer }) => answer).length, 5);
    assert.equal(new Set(items.map(({ answer }) => answer)).size, 6);
    assert.ok(items.filter(({ answer, story }) => answer === null && story.benign).length >= 2);
    for (const { story, answer, options, messages, lit } of items) {
      assert.equal(messages[lit].from, "contact");
      assert.equal(options.length, 4);
      assert.ok(options.includes(answer) && options.at(-1) === null);
      for (const option of options) assert.ok(option === answer || option === null || !story.tactics.includes(option));
    }
  }
  assert.deepEqual([...new Set(askable(english).flatMap(({ answer }) => answer ?? []))].sort(), [...TACTICS].sort());
});

test("badges: none at first, all of them when all is played", () => {
  assert.deepEqual(earned({ endings: {}, spot: null, replied: false, sound: false }, english), []);
  const endings = Object.fromEntries(english.map((story) => [story.id, endingsOf(story)]));
  const done = earned({ endings, spot: 0, replied: true, sound: false }, english);
  assert.deepEqual(done, BADGES.map(({ id }) => id));
});
