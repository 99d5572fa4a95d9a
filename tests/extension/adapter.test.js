// The adapters are data: each fits the schema, names itself, and the manifest asks for no more sites than they say.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import Ajv from "ajv";
import { EXTENSION, json, load } from "./room.js";

const schema = await json("adapters/adapter.schema.json");
const names = (await readdir(new URL("adapters/", EXTENSION))).filter((file) => file !== "adapter.schema.json");
const adapters = await Promise.all(names.map(async (file) => [file, await json(`adapters/${file}`)]));
const { ADAPTERS } = await load("background/adapter.js");

test("the list of adapters is the folder", () => {
  assert.deepEqual(names.map((file) => file.replace(".json", "")).sort(), [...ADAPTERS].sort());
  assert.equal(ADAPTERS.at(-1), "generic");
});

for (const [file, adapter] of adapters) {
  test(`${file} fits the schema`, () => {
    const check = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(schema);
    assert.ok(check(adapter), JSON.stringify(check.errors, null, 2));
    assert.equal(`${adapter.name}.json`, file);
  });

  test(`${file} has patterns that compile, with at most one group`, () => {
    JSON.stringify(adapter, (key, value) => {
      if (key === "pattern") assert.ok(new RegExp(`${value}|`, "u").exec("").length <= 2, value);
      return value;
    });
  });

  test(`${file} says honestly what it was checked against`, () => {
    const { on, against } = adapter.checked;
    assert.ok(on === null ? /not yet checked/.test(against) : /^\d{4}-\d\d-\d\d$/.test(on));
  });
}

test("the schema refuses what it does not know", () => {
  const check = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
  const [, adapter] = adapters[0];
  assert.ok(!check({ ...adapter, surprise: 1 }));
  assert.ok(!check({ ...adapter, speaker: [{ when: "guess", says: "child" }] }));
  assert.ok(!check({ ...adapter, id: [{ read: "attribute" }] }));
});

test("the manifest's sites are the adapters' sites and the helper", async () => {
  const manifest = await json("manifest.json");
  const sites = adapters.flatMap(([, adapter]) => adapter.match).sort();
  assert.deepEqual(manifest.content_scripts.flatMap((script) => script.matches).sort(), sites);
  assert.deepEqual([...manifest.host_permissions].sort(), [...sites, "http://127.0.0.1/*"].sort());
});
