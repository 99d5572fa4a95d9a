// How the hint looks: night blue and soft light, in both colour schemes. Style only.
(() => {
  nightlight.look = `
:host {
  all: initial !important;
  position: fixed !important;
  z-index: 2147483646 !important;
  display: block !important;
  visibility: visible !important;
  opacity: 1 !important;
  pointer-events: none !important;
  color-scheme: light dark;
}
* { box-sizing: border-box; }
.card {
  --sky: #f5f7ff; --sky-2: #e9edfd; --edge: #cdd5f3; --words: #1c2547; --soft: #4a5482;
  --light: #2f418f; --press: #dfe5fb; --moon: #f0b94a; --moon-2: #2b3a80; --glow: rgb(43 58 128 / 22%);
  pointer-events: auto; display: flex; flex-direction: column;
  width: min(368px, calc(100vw - 24px)); overflow: hidden;
  font: 15px/1.5 "Segoe UI", "Noto Sans", Roboto, Ubuntu, Cantarell, "Helvetica Neue", Arial, sans-serif;
  color: var(--words); background: linear-gradient(170deg, var(--sky), var(--sky-2));
  border: 1px solid var(--edge); border-radius: 18px; box-shadow: 0 10px 34px var(--glow);
  text-align: start; overflow-wrap: anywhere;
  animation: rise 420ms ease-out;
}
.card:focus { outline: none; }
.card:focus-visible { outline: 3px solid var(--moon); outline-offset: 2px; }
.scroll { overflow: auto; overscroll-behavior: contain; padding: 14px 16px 6px; }
.head { display: flex; align-items: center; gap: 10px; margin: 0 0 6px; }
.head svg { flex: none; width: 30px; height: 30px; }
.name { margin: 0; font-size: 13px; font-weight: 600; color: var(--soft); }
p { margin: 0 0 8px; }
.first { font-size: 16px; font-weight: 600; line-height: 1.4; }
.lead { color: var(--soft); margin-bottom: 2px; }
ul { margin: 0 0 8px; padding: 0; list-style: none; }
li { position: relative; padding-inline-start: 18px; margin: 0 0 6px; }
li::before {
  content: ""; position: absolute; inset-inline-start: 3px; top: .55em; width: 7px; height: 7px;
  border-radius: 50%; background: var(--moon);
}
.sent { padding: 8px 12px; border-radius: 12px; background: var(--press); }
h3 { margin: 8px 0 2px; font-size: 14px; font-weight: 600; }
.more { margin: 0 0 8px; padding: 8px 12px 2px; border-radius: 12px; background: var(--press); font-size: 14px; }
.more li { margin-bottom: 5px; }
.line b { white-space: nowrap; }
.line span { display: block; color: var(--soft); font-size: 13px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 16px 14px; flex: none; }
button {
  font: inherit; font-size: 14px; color: var(--light); background: none; cursor: pointer; text-align: start;
  border: 1px solid var(--edge); border-radius: 999px; padding: 5px 13px; min-height: 34px;
}
button:hover { background: var(--press); }
button:focus-visible { outline: 3px solid var(--moon); outline-offset: 2px; }
button.fold { display: flex; align-items: center; gap: 8px; width: 100%; margin: 0 0 8px; border-radius: 12px; }
button.fold::before {
  content: ""; flex: none; width: 7px; height: 7px; margin-inline: 1px 2px;
  border: solid currentColor; border-width: 0 2px 2px 0; transform: rotate(-45deg); transition: transform 160ms;
}
button.fold[aria-expanded="true"]::before { transform: rotate(45deg); }
button.main { color: var(--sky); background: var(--light); border-color: var(--light); }
button.main:hover { background: var(--words); }
[hidden] { display: none !important; }
@media (prefers-color-scheme: dark) {
  .card {
    --sky: #1a2450; --sky-2: #121a3c; --edge: #34427f; --words: #eef1ff; --soft: #b4bfec;
    --light: #ffdf9e; --press: #25316a; --moon: #ffd37a; --moon-2: #3d4fa6; --glow: rgb(0 0 0 / 55%);
  }
  button.main { color: #1a2450; }
  button.main:hover { background: #ffe9bd; }
}
@media (prefers-reduced-motion: reduce) {
  .card { animation: none; }
  button.fold::before { transition: none; }
}
@media (forced-colors: active) {
  .card, button { border: 1px solid; }
}
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
`;
})();
