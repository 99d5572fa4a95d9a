"""Training of the message encoder on the corpus: which lines it learns from, and what it is told of each."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nightlight.tactic import TACTICS, Tactic
from nightlight_export.corpus import LanguageCorpus, Utterance
from nightlight_export.everyday import BENIGN_SETS, read_rows, sentences
from nightlight_export.noise import add_noise
from nightlight_export.pretrain import Example, encode
from nightlight_export.recipe import Recipe
from nightlight_export.sentence import sentence_vectors
from nightlight_export.teacher import Teacher
from nightlight_export.transcripts import training_lines

#: How sure the labels of everyday text are: some sentence of a film may well flatter or threaten.
_EVERYDAY = np.full(len(TACTICS), 0.01, dtype=np.float32)


def held_out(text: str, share: int = 8) -> bool:
    """Whether a line is kept from training, for calibration: one in `share`, by its hash, so that it never changes."""
    return hashlib.sha256(text.encode()).digest()[0] % share == 0


def split(corpus: LanguageCorpus, held: bool) -> LanguageCorpus:
    """The part of a corpus that the encoder is trained on, or the part held out from it (small talk is in both)."""
    return LanguageCorpus(
        corpus.language,
        tuple(s for s in corpus.scenes if held_out(s.topic + s.lines[0][1]) is held) or corpus.scenes,
        corpus.talk,
        tuple(u for u in corpus.utterances if held_out(u.text) is held),
    )


def halve(corpus: LanguageCorpus, first: bool) -> LanguageCorpus:
    """Half of a held-out part: the first half for the scorer, which must see the encoder as unsure as it is on unseen lines;
    the second for calibration. Scenes are few and stand in both.
    """
    chosen = tuple(u for u in corpus.utterances if (hashlib.sha256(u.text.encode()).digest()[2] % 2 == 0) is first)
    return LanguageCorpus(corpus.language, corpus.scenes, corpus.talk, chosen)


def one_hot(tactic: Tactic | None) -> NDArray[np.float32]:
    """Row of 14 with a one at `tactic`, or none."""
    return np.array([float(tactic is each) for each in TACTICS], dtype=np.float32)


def carried_judgement(
    corpora: Iterable[LanguageCorpus], teacher: Teacher, cache: Path
) -> tuple[dict[tuple[Tactic, str, bool], NDArray[np.float32]], dict[tuple[Tactic, str, bool], NDArray[np.float16]]]:
    """The teacher's tactics and the English sentence vector of each numbered group, averaged over its English lines."""
    english = next((c for c in corpora if c.language == "en"), None)
    if english is None:
        return {}, {}
    groups: dict[tuple[Tactic, str, bool], list[int]] = defaultdict(list)
    for i, u in enumerate(english.utterances):
        groups[u.tactic, u.group, u.twin].append(i)
    judged = teacher.judge([(f"them: {u.text.lower()}", ".") for u in english.utterances])[:, : len(TACTICS)]
    vectors = sentence_vectors([u.text for u in english.utterances], cache)
    means = {key: vectors[rows].astype(np.float32).mean(axis=0) for key, rows in groups.items()}
    return (
        {key: judged[rows].mean(axis=0) for key, rows in groups.items()},
        {key: (mean / np.linalg.norm(mean)).astype(np.float16) for key, mean in means.items()},
    )


def corpus_examples(
    corpora: Sequence[LanguageCorpus], tokenizer: Tokenizer, teacher: Teacher, recipe: Recipe, cache: Path
) -> list[Example]:
    """Noisy copies of each line of the corpus with tactics (hard labels mixed with the teacher's) and line risk."""
    source = random.Random(recipe.seed + 3)
    judged, vectors = carried_judgement(corpora, teacher, cache)
    examples: list[Example] = []

    def add(
        text: str,
        language: str,
        copies: int,
        tactics: NDArray[np.float32],
        risk: float | None,
        vector: NDArray[np.float16] | None = None,
    ) -> None:
        for copy in range(copies):
            ids = encode(tokenizer, add_noise(text, language, source, 0.0 if copy == 0 else 1.2), recipe.max_tokens)
            examples.append(Example(ids, vector, tactics, risk))

    for corpus in corpora:
        for u in corpus.utterances:
            hard = one_hot(None if u.twin else u.tactic)
            soft = judged.get((u.tactic, u.group, u.twin), hard)
            weight = recipe.teacher_weight if corpus.language == "en" else recipe.teacher_weight / 2
            target = ((1 - weight) * hard + weight * soft).astype(np.float32)
            add(u.text, corpus.language, recipe.copies, target, _line_risk(u), vectors.get((u.tactic, u.group, u.twin)))
        for scene in corpus.scenes:
            for _, text in scene.lines:
                add(text, corpus.language, max(1, recipe.copies // 2), _EVERYDAY, 0.0)
        for lines in corpus.talk.values():
            for text in lines:
                add(text, corpus.language, max(1, recipe.copies // 2), _EVERYDAY, 0.0)
    return examples


def _line_risk(utterance: Utterance) -> float:
    """A single line's risk: low for what everybody says at times, high for what hardly anyone else says."""
    if utterance.twin:
        return 0.02
    mild = {Tactic.AGE_PROBING, Tactic.PERSONAL_PROBING, Tactic.FLATTERY, Tactic.PLATFORM_MOVE, Tactic.GIFTS}
    return 0.5 if utterance.tactic in mild else 0.9


def everyday_lines(data: Path, recipe: Recipe) -> list[str]:
    """Everyday sentences of each language and lines of benign chats, lightly noisy; none shows a tactic."""
    source = random.Random(recipe.seed + 4)
    lines: list[tuple[str, str]] = []
    for language in recipe.languages:
        rows = sentences(data, language)
        lines += [(row.text, language) for row in source.sample(rows, min(recipe.everyday, len(rows)))]
    for name in BENIGN_SETS:
        chats = [row for row in read_rows(data / "benign" / f"{name}.jsonl.gz") if trained_on(row["id"])]
        texts = [message["text"] for chat in chats for message in chat["messages"]]
        # Six English sets: together they give as many lines as a language, or English would be taught to be harmless.
        lines += [(text[:200], "en") for text in source.sample(texts, min(recipe.everyday // len(BENIGN_SETS), len(texts)))]
    return [add_noise(text, language, source, 0.3) for text, language in lines]


def everyday_examples(data: Path, tokenizer: Tokenizer, recipe: Recipe) -> list[Example]:
    """Examples of everyday lines: no tactic, no risk."""
    return [Example(encode(tokenizer, text, recipe.max_tokens), None, _EVERYDAY, 0.0) for text in everyday_lines(data, recipe)]


def trained_on(identity: str) -> bool:
    """Benign chats are split in two by their id: half may be trained on, half only measure."""
    return hashlib.sha256(identity.encode()).digest()[1] % 2 == 0


def transcript_examples(data: Path, tokenizer: Tokenizer, recipe: Recipe) -> list[Example]:
    """Lines of the research transcripts; where a code names a tactic only that one is told, the others stay unknown."""
    examples: list[Example] = []
    for line in training_lines(data):
        tactics = None
        if line.tactic is not None:
            tactics = np.full(len(TACTICS), np.nan, dtype=np.float32)
            tactics[TACTICS.index(line.tactic)] = 0.9
        examples.append(Example(encode(tokenizer, line.text[:200], recipe.max_tokens), None, tactics, 0.9 if line.risky else 0.4))
    return examples
