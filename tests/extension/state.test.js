// The four states of a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { room } from "./room.js";

const { pageState } = await room("state");
const good = { composer: true, list: true, listHasText: true, messages: 4, withText: 4, unknown: 0, fallbacks: 0, generic: false };

test("a readable chat is ok", () => assert.equal(pageState.judge(good), "ok"));
test("an empty chat is ok", () => {
  assert.equal(pageState.judge({ ...good, listHasText: false, messages: 0, withText: 0 }), "ok");
});
test("text without messages is broken", () => {
  assert.equal(pageState.judge({ ...good, messages: 0, withText: 0 }), "broken");
});
test("messages without text are broken", () => assert.equal(pageState.judge({ ...good, withText: 0 }), "broken"));
test("speakers unknown for the most part are a degraded reading", () => {
  assert.equal(pageState.judge({ ...good, unknown: 3 }), "degraded");
  assert.equal(pageState.judge({ ...good, unknown: 2 }), "ok");
});
test("a last resort is a degraded reading", () => assert.equal(pageState.judge({ ...good, fallbacks: 1 }), "degraded"));
test("no list is no chat, but with a composer on a known site it is broken", () => {
  assert.equal(pageState.judge({ ...good, list: false, composer: false }), "no_chat");
  assert.equal(pageState.judge({ ...good, list: false }), "broken");
  assert.equal(pageState.judge({ ...good, list: false, generic: true }), "no_chat");
});
