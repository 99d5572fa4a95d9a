// The door of the game: loads it and shows the view that the address names after its #.
import { Game } from "./game.js";
import { showHome } from "./home.js";
import { playStory } from "./play.js";
import { playReplies } from "./reply_round.js";
import { playSpot } from "./spot_round.js";

const game = await Game.load();
document.documentElement.lang = game.words.language;

async function route() {
  game.view.abort();
  game.view = new AbortController();
  const [view = "", id = ""] = location.hash.slice(1).split("/");
  const story = game.stories.find((one) => one.id === id);
  if (view === "story" && story) playStory(game, story);
  else if (view === "spot") playSpot(game);
  else if (view === "reply") playReplies(game);
  else await showHome(game);
}

addEventListener("hashchange", () => void route());
await route();
document.documentElement.dataset["ready"] = "true";
