"""Chat noise: what typing does to a text, and what people do to slip past a filter. Seeded; never changes the meaning."""

from __future__ import annotations

import random
import unicodedata
from typing import Final

_GREEKLISH_PAIRS: Final = (
    ("ου", "ou"),
    ("αι", "ai"),
    ("ει", "ei"),
    ("οι", "oi"),
    ("ευ", "eu"),
    ("αυ", "au"),
    ("μπ", "mp"),
    ("ντ", "nt"),
)
_GREEKLISH: Final[dict[str, tuple[str, ...]]] = {
    "α": ("a",),
    "β": ("v", "b"),
    "γ": ("g",),
    "δ": ("d",),
    "ε": ("e",),
    "ζ": ("z",),
    "η": ("i", "h"),
    "θ": ("th", "8"),
    "ι": ("i",),
    "κ": ("k",),
    "λ": ("l",),
    "μ": ("m",),
    "ν": ("n",),
    "ξ": ("ks", "3", "x"),
    "ο": ("o",),
    "π": ("p",),
    "ρ": ("r",),
    "σ": ("s",),
    "ς": ("s",),
    "τ": ("t",),
    "υ": ("u", "y", "i"),
    "φ": ("f",),
    "χ": ("x", "h", "ch"),
    "ψ": ("ps",),
    "ω": ("o", "w"),
}
_ABBREVIATIONS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "you": "u",
        "your": "ur",
        "are": "r",
        "because": "cuz",
        "please": "pls",
        "tomorrow": "tmrw",
        "people": "ppl",
        "really": "rly",
        "before": "b4",
        "to be honest": "tbh",
        "i don't know": "idk",
        "right now": "rn",
        "okay": "ok",
        "with": "w",
        "and": "n",
        "about": "abt",
        "what": "wat",
        "though": "tho",
        "thanks": "thx",
        "message": "msg",
    },
    "nl": {
        "niet": "nie",
        "het": "t",
        "een": "n",
        "echt": "egt",
        "even": "ff",
        "wel": "wl",
        "mij": "me",
        "jij": "je",
        "in ieder geval": "iig",
        "alsjeblieft": "aub",
        "waarom": "wrm",
        "morgen": "mrgn",
    },
    "fr": {
        "tu es": "t",
        "je suis": "chui",
        "je ne sais pas": "jsp",
        "quoi": "koi",
        "que": "ke",
        "pourquoi": "pk",
        "s'il te plaît": "stp",
        "beaucoup": "bcp",
        "parce que": "pcq",
        "quand": "qd",
        "c'est": "c",
        "avec": "avc",
        "toujours": "tjrs",
        "demain": "dmn",
        "salut": "slt",
        "message": "msg",
        "tout": "tt",
        "t'inquiète": "tkt",
    },
    "de": {
        "nicht": "ned",
        "keine ahnung": "ka",
        "vielleicht": "vllt",
        "irgendwie": "iwie",
        "eigentlich": "eig",
        "gerade": "grad",
        "ich": "i",
        "einen": "nen",
        "eine": "ne",
        "heute": "heut",
        "bitte": "bidde",
        "auf": "af",
        "was machst du": "wmd",
        "auf jeden fall": "afj",
        "und": "u",
    },
    "el": {
        "τιποτα": "tpt",
        "και": "κ",
        "για": "γ",
        "δεν": "δν",
        "που": "π",
        "μου": "μ",
        "σου": "σ",
        "ναι": "νε",
        "τωρα": "τρ",
        "μηνυμα": "μνμ",
        "θα": "θ",
    },
    "it": {
        "che": "ke",
        "perché": "xke",
        "per": "x",
        "non": "nn",
        "sono": "so",
        "comunque": "cmq",
        "messaggio": "msg",
        "anche": "anke",
        "ti voglio bene": "tvb",
        "quando": "qnd",
        "qualcosa": "qlcs",
        "domani": "dom",
        "tutto": "tt",
    },
    "lt": {
        "labas": "lb",
        "ačiū": "aciu",
        "nežinau": "nzn",
        "kodėl": "kdl",
        "dabar": "dbr",
        "viskas": "wiskas",
        "šiandien": "siandien",
        "kažkas": "kazkas",
        "rytoj": "ryt",
        "vakar": "vkr",
    },
}
_EMOJI: Final = ("😂", "😅", "🙈", "❤️", "😊", "🔥", "👍", "😭", "🤔", "😉", "🥰", "💀", "😎", "🙄", "✨")
_NEIGHBOURS: Final[dict[str, str]] = {
    "a": "sq",
    "b": "vn",
    "c": "xv",
    "d": "sf",
    "e": "wr",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uo",
    "j": "hk",
    "k": "jl",
    "l": "k",
    "m": "n",
    "n": "bm",
    "o": "ip",
    "p": "o",
    "q": "wa",
    "r": "et",
    "s": "ad",
    "t": "ry",
    "u": "yi",
    "v": "cb",
    "w": "qe",
    "x": "zc",
    "y": "tu",
    "z": "xs",
}
_LEET: Final = {"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "t": "7"}
_TWINS: Final = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і"}


def greeklish(text: str, random_source: random.Random) -> str:
    """Greek in Latin letters, as one person types it: each letter's variant is drawn once for the whole text."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    for pair, latin in _GREEKLISH_PAIRS:
        bare = bare.replace(pair, latin)
    habit = {greek: random_source.choice(variants) for greek, variants in _GREEKLISH.items()}
    return "".join(habit.get(c, habit[c.lower()].capitalize() if c.lower() in habit else c) for c in bare)


def without_accents(text: str) -> str:
    """Accents left out, as on a keyboard without them."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def abbreviate(text: str, language: str, random_source: random.Random) -> str:
    """Some of the language's chat abbreviations put in place of the words they stand for."""
    words = text.split(" ")
    table = _ABBREVIATIONS.get(language, {})
    return " ".join(table[word.lower()] if word.lower() in table and random_source.random() < 0.6 else word for word in words)


def typo(text: str, random_source: random.Random) -> str:
    """One slip: two letters swapped, one left out, doubled, or hit beside its key."""
    places = [i for i, c in enumerate(text) if c.isalpha() and i > 0]
    if len(places) < 3:
        return text
    i = random_source.choice(places)
    kind = random_source.randrange(4)
    if kind == 0 and i + 1 < len(text) and text[i + 1].isalpha():
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    if kind == 1:
        return text[:i] + text[i + 1 :]
    if kind == 2:
        return text[:i] + text[i] + text[i:]
    neighbour = _NEIGHBOURS.get(text[i].lower())
    return text[:i] + random_source.choice(neighbour) + text[i + 1 :] if neighbour else text


def evade(text: str, random_source: random.Random) -> str:
    """What is done to slip past a filter: digits for letters, spaced letters, look-alikes, invisible characters."""
    words = text.split(" ")
    if not words:
        return text
    i = max(range(len(words)), key=lambda k: (len(words[k]), random_source.random()))
    word = words[i]
    kind = random_source.randrange(4)
    if kind == 0 and len(word) > 3:
        word = word[0] + "".join(_LEET.get(c, c) for c in word[1:-1]) + word[-1]
    elif kind == 1 and len(word) > 3:
        word = " ".join(word)
    elif kind == 2:
        word = "".join(_TWINS.get(c, c) for c in word)
    else:
        word = "\u200b".join(word)
    words[i] = word
    return " ".join(words)


def add_noise(text: str, language: str, random_source: random.Random, strength: float = 1.0) -> str:
    """`text` as it might really be typed. `strength` 0 leaves it alone; 1 is an ordinary chat; 3 a careless one."""
    if strength <= 0:
        return text
    if language == "el" and random_source.random() < 0.22:
        text = greeklish(text, random_source)
    if random_source.random() < 0.30 * strength:
        text = abbreviate(text, language, random_source)
    if random_source.random() < 0.35 * strength:
        text = without_accents(text)
    for _ in range(2):
        if random_source.random() < 0.10 * strength:
            text = typo(text, random_source)
    if random_source.random() < 0.03 * strength:
        text = evade(text, random_source)
    if random_source.random() < 0.08 * strength:
        text = f"{text} {random_source.choice(_EMOJI)}"
    if random_source.random() < 0.25 * strength:
        text = text.rstrip(".!?;")
    return text
