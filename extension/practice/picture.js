// The game's drawings, made of simple shapes: the night sky with Lumi the lantern, and the small creatures that chat.
// Colours are classes, so that the style can change them for light and dark.

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} attributes @param {Element[]} children */
function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** @param {string} viewBox @param {string} className @param {Element[]} children decoration: a screen reader skips it */
const picture = (viewBox, className, ...children) => (
  drawn("svg", { viewBox, class: className, "aria-hidden": "true", focusable: "false" }, ...children)
);

/** @param {number} cx @param {number} cy @param {number} r @param {string} name */
const disc = (cx, cy, r, name) => drawn("circle", { cx, cy, r, class: name });
/** @param {string} d @param {string} name */
const path = (d, name) => drawn("path", { d, class: name });
/** @param {number} cx @param {number} cy @param {number} rx @param {number} ry @param {string} name */
const oval = (cx, cy, rx, ry, name) => drawn("ellipse", { cx, cy, rx, ry, class: name });

/** Lumi: a round lantern with a face. */
function lumiShapes() {
  return [
    disc(24, 27, 22, "glow"), path("M24 2v6", "wire"), path("M17 11q7-6 14 0z", "cap"),
    drawn("rect", { x: 12, y: 11, width: 24, height: 29, rx: 10, class: "lamp" }),
    path("M17 40h14l-2 4H19z", "cap"), oval(19.5, 25, 1.7, 2.4, "eye"), oval(28.5, 25, 1.7, 2.4, "eye"),
    path("M20 31q4 4 8 0", "smile"), disc(16.5, 29.5, 1.8, "cheek"), disc(31.5, 29.5, 1.8, "cheek"),
  ];
}

export const lumi = () => picture("0 0 48 48", "lumi", ...lumiShapes());

/** The wide night sky over hills with small houses; one window is lit. */
export function sky() {
  const stars = [
    [24, 22], [70, 40], [118, 18], [160, 52], [214, 24], [262, 60],
    [306, 20], [350, 44], [386, 16], [46, 70], [196, 84], [330, 86]
  ];
  return picture("0 0 400 140", "sky",
    drawn("rect", { width: 400, height: 140, class: "night" }),
    ...stars.map(([x, y], index) => disc(x ?? 0, y ?? 0, index % 3 === 0 ? 1.7 : 1.1, `star star-${index % 3}`)),
    path("M344 26a17 17 0 1 0 9 24 15 15 0 0 1-9-24z", "moon"),
    path("M0 116Q60 70 140 104T290 92T400 106V140H0z", "hill-far"),
    path("M0 128Q90 96 190 120T400 116V140H0z", "hill-near"),
    path("M78 110v-17l11-9 11 9v17z", "house"), drawn("rect", { x: 85, y: 97, width: 8, height: 8, class: "window" }),
    path("M252 116v-13l9-8 9 8v13z", "house"), drawn("rect", { x: 258, y: 106, width: 6, height: 6, class: "dark-window" }),
    drawn("g", { class: "swing" }, drawn("g", { transform: "translate(168 4) scale(1.9)" }, ...lumiShapes())),
  );
}

/** @typedef {{fur: string, back: Element[], front: Element[], eye?: string, eyes?: [number, number, number, number]}} Shape */

/** Ears, head marks and colours of each creature; drawn behind (`back`) and on (`front`) the head. @type {Record<string, Shape>} */
const CREATURES = {
  panda: {
    fur: "fur-white",
    back: [disc(11, 12, 6, "fur-navy"), disc(37, 12, 6, "fur-navy")],
    front: [oval(17, 23, 4.6, 5.6, "ink"), oval(31, 23, 4.6, 5.6, "ink")],
    eye: "eye-light",
  },
  owl: {
    fur: "fur-plum",
    back: [path("M9 6l11 6-9 8z", "fur-plum"), path("M39 6l-11 6 9 8z", "fur-plum")],
    front: [disc(17, 23, 7, "pale"), disc(31, 23, 7, "pale"), path("M21 27h6l-3 5z", "beak")],
  },
  fox: {
    fur: "fur-rust",
    back: [path("M8 22L9 4l13 9z", "fur-rust"), path("M40 22L39 4l-13 9z", "fur-rust")],
    front: [path("M8 30q16-4 16 12q0-16 16-12-6 14-16 14T8 30z", "pale"), disc(24, 33, 2.4, "ink")],
  },
  frog: {
    fur: "fur-green",
    back: [disc(14, 12, 7, "fur-green"), disc(34, 12, 7, "fur-green")],
    front: [path("M14 32q10 7 20 0", "smile")],
    eyes: [14, 12, 34, 12],
  },
  cat: {
    fur: "fur-grey",
    back: [path("M8 22L10 4l12 9z", "fur-grey"), path("M40 22L38 4l-12 9z", "fur-grey")],
    front: [path("M22 29h4l-2 3z", "cheek"), path("M3 28l11 2M3 34l11-1M45 28l-11 2M45 34l-11-1", "whisker")],
  },
  peacock: {
    fur: "fur-teal",
    back: [
      path("M24 14L12 3M24 14V1M24 14L36 3", "whisker"),
      disc(12, 4, 3, "beak"),
      disc(24, 3, 3, "beak"),
      disc(36, 4, 3, "beak"),
    ],
    front: [path("M20 28h8l-4 7z", "beak")],
  },
  rabbit: {
    fur: "fur-sand",
    back: [
      oval(16, 9, 4.5, 11, "fur-sand"),
      oval(32, 9, 4.5, 11, "fur-sand"),
      oval(16, 9, 2, 8, "cheek"),
      oval(32, 9, 2, 8, "cheek"),
    ],
    front: [disc(24, 30, 2, "cheek"), path("M22 35v4h4v-4z", "pale")],
  },
  bear: {
    fur: "fur-brown",
    back: [
      disc(11, 13, 6, "fur-brown"),
      disc(37, 13, 6, "fur-brown"),
      disc(11, 13, 3, "pale"),
      disc(37, 13, 3, "pale"),
    ],
    front: [oval(24, 32, 8, 6, "pale"), disc(24, 30, 2.4, "ink")],
  },
  whale: {
    fur: "fur-blue",
    back: [path("M24 12q-8-2-8-9M24 12q8-2 8-9", "wire")],
    front: [path("M8.5 33q15.5 8 31 0a16.6 16.6 0 0 1-31 0z", "pale")],
  },
  hedgehog: {
    fur: "fur-sand",
    back: [path("M2 30l4-5-4-5 6-3-1-6 6 1 1-6 6 3 4-5 4 5 6-3 1 6 6-1-1 6 6 3-4 5 4 5z", "fur-brown")],
    front: [disc(24, 32, 2.6, "ink")],
  },
  mouse: {
    fur: "fur-grey",
    back: [
      disc(10, 13, 8, "fur-grey"),
      disc(38, 13, 8, "fur-grey"),
      disc(10, 13, 5, "cheek"),
      disc(38, 13, 5, "cheek"),
    ],
    front: [disc(24, 31, 2.2, "cheek"), path("M5 31l10 1M43 31l-10 1", "whisker")],
  },
  dog: {
    fur: "fur-sand",
    back: [],
    front: [
      path("M7 14q-6 10 0 20 6-4 6-18zM41 14q6 10 0 20-6-4-6-18z", "fur-brown"),
      oval(24, 30, 3.4, 2.4, "ink"),
      path("M22 35q2 7 4 0z", "cheek"),
    ],
  },
  penguin: {
    fur: "fur-navy",
    back: [],
    front: [path("M24 16q-14-4-14 12 2 14 14 14t14-14q0-16-14-12z", "fur-white"), path("M20 28h8l-4 6z", "beak")],
  },
};

/** @param {string} name @returns {Element} one of the small creatures, or Lumi for a name that is none of them */
export function creature(name) {
  const shape = Object.hasOwn(CREATURES, name) ? CREATURES[name] : undefined;
  if (!shape) return lumi();
  const [x1, y1, x2, y2] = shape.eyes ?? [17, 24, 31, 24];
  const eye = shape.eye ?? "eye";
  // The shapes are made once and copied, as an element can be in one place only.
  const copy = (/** @type {Element[]} */ list) => list.map((one) => /** @type {Element} */ (one.cloneNode(true)));
  return picture("0 0 48 48", "creature", ...copy(shape.back), disc(24, 27, 18, shape.fur), ...copy(shape.front),
    oval(x1, y1, 2, 2.6, `${eye} blink`), oval(x2, y2, 2, 2.6, `${eye} blink`));
}

/** What creatures there are. */
export const creatures = Object.keys(CREATURES);

/** @param {EndingKind} kind what an ending looks like */
export function endingPicture(kind) {
  if (kind === "helped") {
    return picture("0 0 96 48", "ending-picture",
      drawn("g", { transform: "translate(4 0)" }, ...lumiShapes()),
      drawn("g", { transform: "translate(44 0)" }, ...lumiShapes()),
    );
  }
  if (kind === "later") {
    return picture("0 0 96 48", "ending-picture",
      path("M20 44a28 28 0 0 1 56 0z", "sun"),
      path("M4 44h88M48 4v8M18 14l6 6M78 14l-6 6", "ray"),
    );
  }
  if (kind === "steady") {
    return picture("0 0 96 48", "ending-picture",
      path("M48 3l6 14 15 1-12 10 4 15-13-8-13 8 4-15-12-10 15-1z", "sun"),
      disc(43, 25, 1.6, "eye"),
      disc(53, 25, 1.6, "eye"),
      path("M43 30q5 4 10 0", "smile"),
    );
  }
  return picture("0 0 96 48", "ending-picture",
    path("M48 44C20 28 28 6 40 8q6 1 8 7 2-6 8-7c12-2 20 20-8 36z", "heart"),
    path("M43 25q5 4 10 0", "smile"),
    disc(42, 20, 1.6, "eye"),
    disc(54, 20, 1.6, "eye"),
  );
}

/** @param {boolean} earned a badge: a small moon, bright when it is earned */
export const badgePicture = (earned) => picture("0 0 48 48", earned ? "badge-picture earned" : "badge-picture",
  disc(24, 24, 21, "badge-back"),
  path("M29 10a15 15 0 1 0 9 21 13 13 0 0 1-9-21z", "badge-moon"),
  path("M36 14l1.4 3.4 3.4 1.4-3.4 1.4L36 23.6l-1.4-3.4-3.4-1.4 3.4-1.4z", "badge-moon"),
);
