// One window made into a conversation for each contact of a chat.
import assert from "node:assert/strict";
import { test } from "node:test";
import { room } from "./room.js";

const { people, ConversationWindow } = await room("identity", "people", "window");
let serial = 0;
const said = (from, text, author = null) => ({ id: String(serial += 1), from, text, author, at: null, weak: false });
const words = ({ messages }) => messages.map((message) => message.text);

test("a chat with one contact is one conversation, named or not", () => {
  const chat = [said("contact", "a", "tom"), said("child", "b"), said("contact", "c"), said("unknown", "d")];
  const [one, ...more] = people.split("room", chat);
  assert.equal(more.length, 0);
  assert.deepEqual(words(one), ["a", "b", "c", "d"]);
  const [plain] = people.split("room", chat.map((message) => ({ ...message, author: null })));
  assert.equal(plain.name, "room");
  assert.notEqual(one.name, plain.name);
});

test("in a group each contact is judged apart, with the child's own messages", () => {
  const chat = [said("contact", "a", "tom"), said("child", "b"), said("contact", "c", "anna"), said("contact", "d"), said("contact", "e", "tom")];
  const found = new Map(people.split("room", chat).map((one) => [one.name, words(one)]));
  assert.deepEqual([...found.values()].sort(), [["a", "b", "e"], ["b", "c"], ["b", "d"]]);
  assert.deepEqual(words(people.split("room", chat).at(-1)), ["a", "b", "e"]);
});

test("a contact keeps the name when a second one comes in", () => {
  const chat = [said("contact", "a", "tom")];
  const before = people.split("room", chat)[0].name;
  assert.ok(people.split("room", [...chat, said("contact", "b", "anna")]).some(({ name }) => name === before));
});

test("what the child says is news in a talk of two, and none about each member of a group", () => {
  const prints = (chat) => people.split("room", chat).map(({ print }) => print);
  const two = [said("contact", "a", "tom")];
  const group = [...two, said("contact", "b", "anna")];
  const mine = said("child", "c");
  assert.notDeepEqual(prints([...two, mine]), prints(two));
  assert.deepEqual(prints([...group, mine]), prints(group));
});

test("fifty messages of one contact go, however many others speak between", () => {
  const window = new ConversationWindow(150);
  window.merge(Array.from({ length: 140 }, (_, index) => said("contact", `m${index}`, index % 2 ? "tom" : "anna")), true, null);
  for (const one of people.split("room", window.kept)) assert.equal(one.messages.length, 50);
});
