// The ways to help: complete, honest about their sources, and the right ones for a country.
import assert from "node:assert/strict";
import { test } from "node:test";
import { json, load } from "./room.js";

const routes = await json("help/routes.json");
const { countryFor, helpLines } = await load("help/routes.js");
const { loadCatalogue } = await load("language/catalogue.js");

test("the countries are those of the project", () => {
  assert.deepEqual(Object.keys(routes.countries).sort(), ["AT", "BE", "DE", "EU", "FR", "GB", "GR", "IE", "IT", "LT", "NL"]);
});

for (const [country, entries] of Object.entries(routes.countries)) {
  test(`${country} has someone for children, for missing children and for danger`, () => {
    for (const kind of ["child", "missing", "emergency"]) assert.ok(entries.some((entry) => entry.kind === kind), kind);
  });

  test(`${country} says when, how and against what each entry was checked`, () => {
    for (const entry of entries) {
      assert.match(entry.checked, /^\d{4}-\d\d-\d\d$/);
      assert.ok(entry.basis.length > 10 && entry.source.length > 10);
      assert.match(entry.number, /^[\d .-]+$/);
      assert.equal(entry.hours, undefined);
    }
  });
}

test("the chosen country comes first, then the helper's, then the browser's region, then the EU", () => {
  assert.equal(countryFor(routes, "LT", "BE", "nl-NL"), "LT");
  assert.equal(countryFor(routes, "auto", "BE", "nl-NL"), "BE");
  assert.equal(countryFor(routes, "auto", null, "nl-NL"), "NL");
  assert.equal(countryFor(routes, "auto", null, "el"), "GR");
  assert.equal(countryFor(routes, "auto", null, "en-US"), "EU");
  assert.equal(countryFor(routes, "auto", null, "nl"), "EU");
});

test("in Belgium a child is shown the line of its language, or both with their language", async () => {
  const english = helpLines(routes, "BE", await loadCatalogue("en"));
  assert.ok(english.some((line) => line.number.includes("102") && line.number.includes("Dutch")));
  assert.ok(english.some((line) => line.number.includes("103")));
  const catalogue = await loadCatalogue("en");
  catalogue.language = "nl";
  const dutch = helpLines(routes, "BE", catalogue);
  assert.ok(dutch.some((line) => line.number.includes("102")));
  assert.ok(!dutch.some((line) => line.number.includes("103")));
});
