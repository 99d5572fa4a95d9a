// What the manifest promises: few permissions, nothing for pages to find, no connection but loopback.
import assert from "node:assert/strict";
import { access, readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { EXTENSION, json } from "./room.js";

const manifest = await json("manifest.json");
const files = (await readdir(EXTENSION, { recursive: true })).filter((file) => /\.(js|html|css)$/.test(file));

test("the permissions are these and no more", () => {
  assert.deepEqual(manifest.permissions, ["storage", "scripting", "alarms", "activeTab"]);
  assert.equal(manifest.web_accessible_resources, undefined);
  assert.equal(manifest.externally_connectable, undefined);
});

test("our pages connect to loopback only, and run only our own scripts", () => {
  const policy = Object.fromEntries(manifest.content_security_policy.extension_pages.split(";").map((part) => {
    const [name, ...values] = part.trim().split(" ");
    return [name, values.join(" ")];
  }));
  assert.equal(policy["default-src"], "'self'");
  assert.equal(policy["script-src"], "'self'");
  assert.equal(policy["connect-src"], "'self' http://127.0.0.1:*");
});

test("both browsers find their background, and it is the same file", () => {
  assert.deepEqual(manifest.background.scripts, [manifest.background.service_worker]);
  assert.equal(manifest.background.type, "module");
  assert.deepEqual(manifest.browser_specific_settings.gecko.data_collection_permissions, { required: ["none"] });
});

test("every file that the manifest names is there", async () => {
  const named = [
    ...manifest.content_scripts.flatMap((script) => script.js), manifest.background.service_worker,
    manifest.action.default_popup, manifest.options_ui.page, ...Object.values(manifest.icons),
  ];
  for (const file of named) await access(new URL(file, EXTENSION));
});

test("no code makes markup from text, or names another address", async () => {
  for (const file of files) {
    const text = await readFile(new URL(file, EXTENSION), "utf8");
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, file);
    const addresses = [...text.matchAll(/\b(?:https?|wss?):\/\/[^\s"'`)>$]+/g)].map(([address]) => address);
    const own = ["http://www.w3.org/2000/svg", "http://127.0.0.1:"];
    for (const address of addresses) assert.ok(own.includes(address), `${file}: ${address}`);
  }
});

test("every file begins by saying what lives there", async () => {
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    assert.match(await readFile(new URL(file, EXTENSION), "utf8"), /^\/\/ [A-Z]/, file);
  }
});
