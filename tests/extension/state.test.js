// The six states of a page, and those of a tab with several frames.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, room } from "./room.js";

const { pageState } = await room("state");
const { isState, overall } = await load("background/reading.js");
const good = {
  signedOut: false, ready: true, opened: true, list: true, listHasText: true, messages: 4, withText: 4, wordless: 0,
  unread: 0, unknown: 0, fallbacks: 0,
};
const late = pageState.BROKEN_MS;

test("a readable chat is ok, an empty one too", () => {
  assert.equal(pageState.judge(good, 0), "ok");
  assert.equal(pageState.judge({ ...good, listHasText: false, messages: 0, withText: 0 }, late), "ok");
});
test("twelve seconds of a chat of which nothing can be read are broken, and not one second earlier", () => {
  assert.equal(late, 12_000);
  for (const bad of [{ messages: 0, withText: 0 }, { withText: 0, unread: 4 }, { withText: 0 }, { list: false }]) {
    assert.equal(pageState.judge({ ...good, ...bad }, late - 1), "loading");
    assert.equal(pageState.judge({ ...good, ...bad }, late), "broken");
  }
});
test("pictures only, and deleted messages, are no fault of the page", () => {
  assert.equal(pageState.judge({ ...good, withText: 0, wordless: 4 }, late), "ok");
  assert.equal(pageState.judge({ ...good, withText: 1, wordless: 3 }, late), "ok");
});
test("speakers unknown, or words unread, for the most part are a degraded reading", () => {
  assert.equal(pageState.judge({ ...good, unknown: 3 }, 0), "degraded");
  assert.equal(pageState.judge({ ...good, unknown: 2 }, 0), "ok");
  assert.equal(pageState.judge({ ...good, withText: 1, unread: 3 }, 0), "degraded");
});
test("a last resort is a degraded reading", () => assert.equal(pageState.judge({ ...good, fallbacks: 1 }, 0), "degraded"));
test("without a chat: loading, signed out, or none open", () => {
  const none = { ...good, list: false, opened: false, messages: 0, withText: 0 };
  assert.equal(pageState.judge({ ...none, ready: false }, 0), "loading");
  assert.equal(pageState.judge(none, late), "no_chat");
  assert.equal(pageState.judge({ ...none, signedOut: true, opened: true }, late), "signed_out");
  assert.equal(pageState.judge({ ...good, signedOut: true }, 0), "ok");
});
test("of several chats, a broken one is not hidden by one that works", () => {
  for (const together of [pageState.together, overall]) {
    assert.equal(together(["ok", "broken"]), "degraded");
    assert.equal(together(["broken", "no_chat"]), "broken");
    assert.equal(together(["no_chat", "ok"]), "ok");
    assert.equal(together(["ok", "degraded"]), "degraded");
    assert.equal(together(["no_chat", "loading"]), "loading");
    assert.equal(together(["no_chat"]), "no_chat");
  }
  assert.equal(overall([]), null);
  assert.ok(isState("signed_out") && !isState("fine") && !isState(null));
});
