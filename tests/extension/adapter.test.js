// The adapters are data: each fits the schema, names itself, and the manifest asks for no more sites than they say.
import assert from "node:assert/strict";
import { access, readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import Ajv from "ajv";
import { EXTENSION, json, load } from "./room.js";

const schema = await json("adapters/adapter.schema.json");
const names = (await readdir(new URL("adapters/", EXTENSION))).filter((file) => file !== "adapter.schema.json");
const adapters = await Promise.all(names.map(async (file) => [file, await json(`adapters/${file}`)]));
const { ADAPTERS, loadAdapters } = await load("background/adapter.js");

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

test("an adapter that extends another has all that a reader needs", async () => {
  const check = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
  for (const { extends: base, ...adapter } of await loadAdapters()) {
    assert.ok(check(adapter), `${adapter.name}: ${JSON.stringify(check.errors)}`);
    assert.ok(base === undefined || names.includes(`${base}.json`));
  }
});

for (const [file, { name }] of adapters) {
  test(`${file} has a fixture page`, async () => {
    const pages = new URL("../../e2e/fixtures/pages/", import.meta.url);
    const page = name === "generic" ? "generic_log" : name;
    for (const kind of ["html", "js"]) await access(new URL(`${page}.${kind}`, pages));
  });
}

test("every site of the manifest stands in the README's table, with how it is read", async () => {
  const manifest = await json("manifest.json");
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const table = /### Sites\n+((?:\|.*\n)+)/.exec(readme)?.[1] ?? "";
  const rows = table.split("\n").filter((row) => row.startsWith("|")).slice(2);
  for (const pattern of manifest.host_permissions.filter((site) => site.startsWith("https:"))) {
    const host = new URL(pattern.replace("/*", "/")).host;
    assert.ok(rows.some((row) => row.includes(`\`${host}\``)), `${host} is missing from the table of sites`);
  }
  for (const [file, adapter] of adapters.filter(([, { name }]) => name !== "generic")) {
    const row = rows.find((line) => line.startsWith(`| ${adapter.title} `));
    assert.ok(row, `${file} is missing from the table of sites`);
    assert.equal(/generic reader/.test(row), adapter.extends === "generic", row);
    assert.equal(/not yet the live site/.test(row), adapter.checked.on === null, row);
  }
});

test("the manifest's sites are the adapters' sites and the helper", async () => {
  const manifest = await json("manifest.json");
  const sites = [...new Set(adapters.flatMap(([, adapter]) => adapter.match))].sort();
  assert.deepEqual(manifest.content_scripts.flatMap((script) => script.matches).sort(), sites);
  for (const { matches, all_frames: frames, js } of manifest.content_scripts) {
    assert.deepEqual(js, manifest.content_scripts[0].js);
    for (const site of matches) {
      for (const [file, adapter] of adapters) if (adapter.match.includes(site)) assert.equal(adapter.frames, frames, file);
    }
  }
  assert.deepEqual([...manifest.host_permissions].sort(), [...sites, "http://127.0.0.1/*"].sort());
});
