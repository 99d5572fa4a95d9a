// The window of the last messages: merging, duplicates, edits, scrolling, bounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { room } from "./room.js";

const { ConversationWindow, identity } = await room("identity", "window");

const strong = (id, text = `text ${id}`, from = "contact") => ({ id: String(id), text, from, at: null, weak: false });
const weak = (text, from = "contact") => ({ id: `~${identity.hash(text)}`, text, from, at: null, weak: true });
const texts = (window) => window.messages().map((message) => message.text);
const range = (start, end) => Array.from({ length: end - start }, (_, index) => start + index);

test("the same messages again change nothing", () => {
  const window = new ConversationWindow();
  assert.equal(window.merge([strong(1), strong(2)], true, null), true);
  assert.equal(window.merge([strong(1), strong(2)], true, null), false);
  assert.deepEqual(texts(window), ["text 1", "text 2"]);
});

test("a page that shows only its newest rows loses nothing of the window", () => {
  const window = new ConversationWindow();
  for (let end = 5; end <= 30; end += 1) window.merge(range(end - 5, end).map((id) => strong(id)), true, null);
  assert.deepEqual(texts(window), range(0, 30).map((id) => `text ${id}`));
});

test("the window keeps the last fifty", () => {
  const window = new ConversationWindow();
  window.merge(range(0, 80).map((id) => strong(id)), true, null);
  assert.deepEqual(texts(window), range(30, 80).map((id) => `text ${id}`));
});

test("older messages that scrolling brings go above", () => {
  const window = new ConversationWindow();
  window.merge([strong(5), strong(6)], true, null);
  window.merge([strong(3), strong(4), strong(5)], false, null);
  window.merge([strong(1), strong(2)], false, null);
  assert.deepEqual(texts(window), [1, 2, 3, 4, 5, 6].map((id) => `text ${id}`));
});

test("scrolling up in a full window changes nothing", () => {
  const window = new ConversationWindow(3);
  window.merge([strong(5), strong(6), strong(7)], true, null);
  assert.equal(window.merge([strong(1), strong(2)], false, null), false);
  assert.deepEqual(texts(window), ["text 5", "text 6", "text 7"]);
});

test("an edited message keeps its place, and a known speaker is not forgotten", () => {
  const window = new ConversationWindow();
  window.merge([strong(1), strong(2), strong(3)], true, null);
  assert.equal(window.merge([strong(1), strong(2, "other words", "unknown"), strong(3)], true, null), true);
  assert.deepEqual(texts(window), ["text 1", "other words", "text 3"]);
  assert.equal(window.messages()[1].from, "contact");
});

test("only what arrives at the end while we look gets the present time", () => {
  const window = new ConversationWindow();
  window.merge([strong(2)], true, "2026-11-24T10:00:00.000Z");
  window.merge([strong(1), strong(2), strong(3)], true, "2026-11-24T10:00:05.000Z");
  assert.deepEqual(window.messages().map((message) => message.at), [null, null, "2026-11-24T10:00:05.000Z"]);
});

test("without ids, equal words are told apart by their order", () => {
  const window = new ConversationWindow();
  window.merge(["hi", "ok", "ok"].map((text) => weak(text)), true, null);
  window.merge(["hi", "ok", "ok", "ok"].map((text) => weak(text)), true, null);
  window.merge(["ok", "ok", "ok", "what?"].map((text) => weak(text)), true, null);
  assert.deepEqual(texts(window), ["hi", "ok", "ok", "ok", "what?"]);
  assert.equal(new Set(window.messages().map((message) => message.id)).size, 5);
});

test("without ids, an edit is an edit and an older page goes above", () => {
  const window = new ConversationWindow();
  window.merge(["a", "b", "c", "d"].map((text) => weak(text)), true, null);
  const ids = window.messages().map((message) => message.id);
  window.merge(["a", "b", "changed", "d"].map((text) => weak(text)), true, null);
  assert.deepEqual(texts(window), ["a", "b", "changed", "d"]);
  assert.deepEqual(window.messages().map((message) => message.id), ids);
  window.merge(["y", "z", "a", "b"].map((text) => weak(text)), false, null);
  assert.deepEqual(texts(window), ["y", "z", "a", "b", "changed", "d"]);
});

test("overlap is seen by id and by order", () => {
  const window = new ConversationWindow();
  window.merge([strong(1), strong(2)], true, null);
  assert.equal(window.overlaps([strong(2), strong(3)]), true);
  assert.equal(window.overlaps([strong(8)]), false);
  const unnamed = new ConversationWindow();
  unnamed.merge([weak("a"), weak("b")], true, null);
  assert.equal(unnamed.overlaps([weak("b"), weak("c")]), true);
  assert.equal(unnamed.overlaps([weak("x"), weak("y")]), false);
});

test("whatever piece of a long chat is shown, the window is a stretch of it in order", () => {
  let seed = 7;
  const next = (limit) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % limit; };
  for (let round = 0; round < 50; round += 1) {
    const window = new ConversationWindow();
    let end = 10;
    for (let look = 0; look < 40; look += 1) {
      end += next(4);
      window.merge(range(Math.max(0, end - 10), end).map((id) => strong(id)), true, null);
      const ids = window.messages().map((message) => Number(message.id));
      assert.ok(ids.length <= 50);
      assert.equal(ids.at(-1), end - 1);
      assert.deepEqual(ids, range(ids[0], ids[0] + ids.length));
    }
  }
});
