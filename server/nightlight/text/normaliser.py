"""The normaliser: one spelling for what is written in many ways, so that neither noise nor evasion hides a meaning.

It undoes what can be undone without knowing the language: invisible characters, look-alike letters, s p a c e d words,
digits for letters, stretched letters, case and accents. It also takes away what says where a text comes from rather than
what it means (links, addresses, numbers, masks of data sets), because a detector must not learn that. The rest is learnt.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters of other alphabets that look like Latin ones. Applied to a word only if most of its letters are Latin.
_LATIN_TWINS: Final = str.maketrans(
    "аеорсухіјѕԁһӏԛԝвкмнтαεικνορτυχγηωβς",
    "aeopcyxijsdhlqwbkmhtaeiknoptyxynwbs",
)
# Latin and Cyrillic letters that look like Greek ones, for words that are mostly Greek.
_GREEK_TWINS: Final = str.maketrans("aeiknoptuxvywаеорсухкт", "αεικνορτυχνγωαεορσυχκτ")
_LEET: Final = str.maketrans("013457@$!", "oieastasi")

_INVISIBLE: Final = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_LINK: Final = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,24}){1,4}"
    r"|<(?:url|email|phone|user|mask|name|number|media omitted)>"
)
_HANDLE: Final = re.compile(r"(?<!\w)@\w[\w.]*|<@!?\d+>")
_NUMBER: Final = re.compile(r"(?<!\w)\+?\d[\d ./-]{5,}\d(?!\w)")
_SPACED: Final = re.compile(r"(?<!\w)(?:[^\W_][ .\-_*]{1,2}){3,}[^\W_](?![^\W_])")
_STRETCH: Final = re.compile(r"(\w)\1{2,}")
_MARKS: Final = re.compile(r"([^\w\s])\1+")
_LEET_WORD: Final = re.compile(r"(?<![\w@$])[^\W\d_]+(?:[013457@$!]{1,3}[^\W\d_]+)+(?!\w)")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SPACE: Final = re.compile(r"\s+")

MAX_CHARACTERS: Final = 20_000


def normalise(text: str) -> str:
    """Return `text` in the model's spelling: lower case, without accents, evasion undone. Pure and idempotent.

    Only the first 20,000 characters are read; a chat message is never that long.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    text = _INVISIBLE.sub("", text).lower()
    text = _LINK.sub(" ", text)
    text = _HANDLE.sub(" ", text)
    text = _NUMBER.sub(" ", text)
    text = _without_accents(text)
    text = _SPACED.sub(_join_spaced, text)
    text = _WORD.sub(_one_alphabet, text)
    text = _LEET_WORD.sub(lambda match: match[0].translate(_LEET), text)
    text = _STRETCH.sub(r"\1\1", text)
    text = _MARKS.sub(r"\1", text)
    return _SPACE.sub(" ", text).strip()


def _without_accents(text: str) -> str:
    """Drop combining marks (é -> e, ą -> a, ή -> η) and the Greek final sigma; many type without them."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare).replace("ς", "σ").replace("ß", "ss").replace("’", "'").replace("`", "'")


def _join_spaced(match: re.Match[str]) -> str:
    """`s e c r e t` -> `secret`; a row of lone digits is left as it stands."""
    letters = [character for character in match[0] if character.isalnum()]
    if sum(character.isdigit() for character in letters) > len(letters) // 2:
        return match[0]
    return "".join(letters)


def _one_alphabet(match: re.Match[str]) -> str:
    """A word that mixes alphabets is written in the one that most of its letters belong to."""
    word = match[0]
    latin = sum(character < "\u0250" for character in word)
    if latin == len(word):
        return word
    greek = sum("\u0370" <= character < "\u0400" for character in word)
    if greek == len(word):
        return word
    if greek > latin:
        return word.translate(_GREEK_TWINS)
    cyrillic = len(word) - latin - greek
    # A wholly Cyrillic word that could be Latin letter by letter is evasion too; real Cyrillic is left alone.
    return word.translate(_LATIN_TWINS) if latin or cyrillic < len(word) else word
