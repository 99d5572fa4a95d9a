// Where the hint goes: inside the view, and never over the composer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { room } from "./room.js";

const { place } = await room("place");

const covers = (at, card, box) => at.left < box.right && at.left + card.width > box.left
  && at.top < box.bottom && at.top + Math.min(card.height, at.maxHeight) > box.top;

test("without a composer it stands in the bottom corner", () => {
  const at = place.choose({ width: 1000, height: 700 }, { width: 300, height: 200 }, null);
  assert.deepEqual([at.left, at.top], [688, 488]);
});

test("a composer at the bottom lifts it", () => {
  const composer = { left: 0, top: 640, right: 1000, bottom: 700 };
  const at = place.choose({ width: 1000, height: 700 }, { width: 300, height: 200 }, composer);
  assert.equal(at.top + 200 + 12, 640);
});

test("a composer in one corner sends it to the other", () => {
  const composer = { left: 600, top: 600, right: 1000, bottom: 700 };
  const at = place.choose({ width: 1000, height: 700 }, { width: 300, height: 200 }, composer);
  assert.equal(at.left, 12);
});

test("a composer at the top leaves the bottom free, one in the middle the larger half", () => {
  const view = { width: 400, height: 800 };
  const card = { width: 376, height: 500 };
  assert.equal(place.choose(view, card, { left: 0, top: 0, right: 400, bottom: 100 }).top, 288);
  const middle = { left: 0, top: 100, right: 400, bottom: 200 };
  const at = place.choose(view, card, middle);
  assert.ok(!covers(at, card, middle));
});

test("it covers no composer of any size or place, in any window", () => {
  for (const width of [320, 700, 1400]) {
    for (const height of [260, 500, 900]) {
      for (const cardHeight of [120, 400, 1200]) {
        for (let top = 0; top < height; top += 37) {
          for (const tall of [40, 90]) {
            for (const [left, right] of [[0, width], [width / 2, width], [0, width / 3]]) {
              const composer = { left, right, top, bottom: Math.min(height, top + tall) };
              const card = { width: Math.min(368, width - 24), height: cardHeight };
              const at = place.choose({ width, height }, card, composer);
              assert.ok(!covers(at, card, composer), JSON.stringify({ width, height, card, composer, at }));
              assert.ok(at.left >= 0 && at.top >= 0);
            }
          }
        }
      }
    }
  }
});
