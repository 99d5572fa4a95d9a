// The background's small tools: what goes through the door, the proof, the hint's record.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { load } from "./room.js";

const { pack } = await load("background/envelope.js");
const { isProof, newNonce } = await load("background/proof.js");
const { fromBase64Url, toBase64Url, toHex } = await load("background/bytes.js");
const { actionsFor, recordOf, viewOf } = await load("background/hint.js");

const message = (index, text = "hi") => ({ id: `m${index}`, from: "contact", text, at: null });

test("at most fifty messages go, the newest", () => {
  const packed = pack(Array.from({ length: 70 }, (_, index) => message(index)));
  assert.equal(packed.length, 50);
  assert.equal(packed.at(-1).id, "m69");
});

test("a window of long messages is cut to what the helper takes", () => {
  const packed = pack(Array.from({ length: 50 }, (_, index) => message(index, "α".repeat(5000))));
  assert.ok(Buffer.byteLength(JSON.stringify(packed)) < 62 * 1024);
  assert.ok(packed.length > 5);
  assert.equal(packed.at(-1).id, "m49");
});

test("what is no message does not go", () => {
  const odd = [null, 3, {}, { id: "", from: "contact", text: "x" }, { ...message(1), from: "boss" }, { ...message(2), text: 4 }];
  assert.deepEqual(pack([...odd, message(3)]).map((kept) => kept.id), ["m3"]);
  assert.deepEqual(pack("hello"), []);
});

test("half an emoji is mended, an overlong id is cut", () => {
  const [packed] = pack([{ ...message(1, "a\ud83d"), id: "x".repeat(300) }]);
  assert.equal(packed.text, "a\ufffd");
  assert.equal(packed.id.length, 128);
});

test("only the holder of the key proves itself", async () => {
  const key = randomBytes(32);
  const nonce = newNonce();
  const proof = createHmac("sha256", key).update(`nightlight-proof-v1:${nonce}`).digest("base64url");
  const spelled = key.toString("base64url");
  assert.equal(await isProof(spelled, nonce, proof), true);
  assert.equal(await isProof(spelled, newNonce(), proof), false);
  assert.equal(await isProof(randomBytes(32).toString("base64url"), nonce, proof), false);
  for (const bad of [undefined, null, "", "!!", proof.slice(1), 7]) assert.equal(await isProof(spelled, nonce, bad), false);
});

test("bytes keep their value in both spellings", () => {
  for (let length = 0; length < 40; length += 1) {
    const bytes = new Uint8Array(randomBytes(length));
    assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes);
    assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString("base64url"));
    assert.equal(toHex(bytes), Buffer.from(bytes).toString("hex"));
  }
});

const about = { tab: 1, site: "x.org", conversation: "c", language: "en", line: 0 };
const evidence = (tactic, score) => ({ tactic, score, messages: ["m1"] });
const choice = { language: "en", country: "BE", helpersCountry: null };

test("the clearest sign comes first, in an urgent hint the urgent one, and no text is in the record", () => {
  const tactics = [evidence("gifts", 0.9), evidence("meeting", 0.6), evidence("secrecy", 0.95), evidence("no_such", 1)];
  assert.deepEqual(recordOf({ level: "nudge", tactics }, about).tactics, ["secrecy", "gifts", "meeting"]);
  assert.deepEqual(recordOf({ level: "urgent", tactics }, about).tactics, ["meeting", "secrecy", "gifts"]);
});

test("a small hint offers 'I know this person', an urgent one does not and says that it can be helped", async () => {
  const nudge = await viewOf(recordOf({ level: "nudge", tactics: [evidence("secrecy", 1)] }, about), choice);
  assert.ok(nudge.known !== null && nudge.sent === null);
  const urgent = await viewOf(recordOf({ level: "urgent", tactics: [evidence("threat", 1)] }, about), choice);
  assert.ok(urgent.known === null && urgent.sent !== null);
  assert.ok(urgent.help.some((line) => line.number.includes("116 000")));
});

test("the first line varies, and what fits the sign comes first among the actions", async () => {
  const lines = new Set();
  for (let line = 0; line < 3; line += 1) {
    lines.add((await viewOf(recordOf({ level: "nudge", tactics: [] }, { ...about, line }), choice)).first);
  }
  assert.equal(lines.size, 3);
  assert.equal(actionsFor(recordOf({ level: "urgent", tactics: [evidence("meeting", 1)] }, about))[0], "do_meeting");
});
