"""Training from corpus to bundle, stage by stage; each stage is kept in the work folder and is not repeated."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from tokenizers import Tokenizer

from nightlight.conversation import Conversation
from nightlight.model import Bundle, ConversationScorer, MessageEncoder
from nightlight.model.manifest import TOKENIZER_FILE, Calibration, Thresholds
from nightlight.tactic import TACTICS, Tactic
from nightlight.text import normalise
from nightlight_export import encoding, linear, scoring
from nightlight_export.assembly import write_manifest
from nightlight_export.calibration import nudge_thresholds, platt, tactic_thresholds
from nightlight_export.corpus import LanguageCorpus, load_language
from nightlight_export.everyday import Sentence, read_rows
from nightlight_export.export import export_students
from nightlight_export.generator import Generator
from nightlight_export.pretrain import (
    encoder_config,
    everyday_sentences,
    fit_encoder,
    load_or_train_tokenizer,
    pretrain,
    pretrain_examples,
)
from nightlight_export.recipe import Recipe
from nightlight_export.scoring import Labelled, label
from nightlight_export.student import ConversationScorerModel, MessageEncoderModel, ScorerConfig
from nightlight_export.teacher import Teacher, window_text
from nightlight_export.transcripts import risk_lines, training_lines

console = Console()


class MissingData(FileNotFoundError):
    """The recipe asks for data that is not there; the message says what to do."""


class Training:
    """One run of a recipe. `work` keeps its stages; `data` is the folder of the everyday text and transcripts."""

    def __init__(self, recipe: Recipe, work: Path, data: Path | None, extra: Path | None = None) -> None:
        if recipe.kind != "tiny" and (data is None or not (data / "text").is_dir()):
            raise MissingData(f"recipe {recipe.name} needs the everyday text; give its folder with --data (looked in {data})")
        if recipe.kind == "full" and not (data and (data / "real_train").is_dir()):
            raise MissingData(f"recipe {recipe.name} needs real_train; give its folder with --data, or use the open recipe")
        self.recipe = recipe
        self.work = work / recipe.name
        self.shared = self.work if recipe.kind == "tiny" else work / f"pretrained-{recipe.seed}"
        self.data = data if recipe.kind != "tiny" else None
        self.extra = _read_extra(extra) if extra else []
        corpora = [load_language(language) for language in recipe.languages]
        self.corpora = [encoding.split(corpus, held=False) for corpus in corpora]
        self.held = [encoding.split(corpus, held=True) for corpus in corpora]
        self.work.mkdir(parents=True, exist_ok=True)

    def run(self, out: Path) -> Path:
        """All stages, ending with a bundle in `out`."""
        stages: tuple[tuple[str, Callable[[], None]], ...] = (
            ("pre-training", self._pretrain),
            ("teacher", self._teacher),
            ("message encoder", self._encoder),
            ("linear part", self._linear),
            ("conversation scorer", self._scorer),
        )
        for name, stage in stages:
            console.rule(f"{self.recipe.name}: {name}")
            stage()
        console.rule(f"{self.recipe.name}: export and calibration")
        self.export(out)
        return out

    # --- stages ------------------------------------------------------------------------------------------------------

    def _pretrain(self) -> None:
        if self.data is not None:
            pretrain(self.data, self.shared, self.recipe)
            return
        rows = [Sentence(u.text, c.language) for c in self.corpora for u in c.utterances]
        load_or_train_tokenizer(rows, self.shared, self.recipe)

    @property
    def tokenizer(self) -> Tokenizer:
        """The student's tokenizer."""
        return Tokenizer.from_file(str(self.shared / "tokenizer.json"))

    def _composed(self, corpora: list[LanguageCorpus], per_language: int, seed: int) -> list[Conversation]:
        return [chat for corpus in corpora for chat in Generator(corpus, seed).conversations(per_language)]

    def _teacher(self) -> None:
        chats = self._composed(self.corpora, max(self.recipe.chats_per_language // 2, 20), self.recipe.seed + 10)
        Teacher.train([*chats, *self.extra], self.shared if self.recipe.kind != "tiny" else self.work, self.recipe)

    @property
    def teacher(self) -> Teacher:
        """The trained teacher."""
        return Teacher((self.shared if self.recipe.kind != "tiny" else self.work) / "teacher")

    def _encoder(self) -> None:
        done = self.work / "encoder"
        if (done / "model.safetensors").exists():
            return
        tokenizer, recipe = self.tokenizer, self.recipe
        examples = encoding.corpus_examples(self.corpora, tokenizer, self.teacher, recipe, self.work / "cache")
        start = self.shared / "pretrained"
        if self.data is not None:
            examples += encoding.everyday_examples(self.data, tokenizer, recipe)
            # Only sentence vectors are rehearsed: masked tokens pull ten times as hard and drown the tactics.
            rehearsal = pretrain_examples(everyday_sentences(self.data, recipe), tokenizer, recipe, self.shared / "cache")
            rehearsal = [example for example in rehearsal if example.sentence is not None]
            order = np.random.default_rng(recipe.seed).permutation(len(rehearsal))[: recipe.rehearsal]
            examples += [rehearsal[i] for i in order]
        if recipe.kind == "full" and self.data is not None:
            examples += encoding.transcript_examples(self.data, tokenizer, recipe)
        torch.manual_seed(recipe.seed)
        if (start / "model.safetensors").exists():
            model = MessageEncoderModel.from_pretrained(start)
        else:
            model = MessageEncoderModel(encoder_config(tokenizer, recipe))
        console.print(f"message encoder: {len(examples):,} examples")
        fit_encoder(
            model,
            examples,
            tokenizer,
            self.work / "encoder-checkpoints",
            recipe,
            recipe.encoder_epochs,
            recipe.encoder_rate,
        )
        model.save_pretrained(done)

    def _linear(self) -> None:
        done = self.work / "mixed"
        if (done / "model.safetensors").exists():
            return
        recipe = self.recipe
        model = MessageEncoderModel.from_pretrained(self.work / "encoder")
        lines = linear.corpus_lines(self.corpora, recipe.seed + 5, recipe.linear_copies)
        everyday: list[str] = []
        if self.data is not None:
            everyday = encoding.everyday_lines(self.data, recipe)
        if recipe.kind == "full" and self.data is not None:
            # Of the codes only grooming talk is near enough to one tactic; "approach" is told of any step towards meeting.
            lines += [
                (line.text[:200], line.tactic) for line in training_lines(self.data) if line.tactic is Tactic.SEXUAL_APPROACH
            ]
        transcripts: list[tuple[str, bool]] = []
        if recipe.kind == "full" and self.data is not None:
            transcripts = risk_lines(self.data, 6_000, recipe.seed + 7)
        linear.fit_linear(model, lines, everyday, transcripts)
        held = linear.corpus_lines(self.held, recipe.seed + 6, 1)
        texts = [text for text, _ in held]
        encoder = scoring.Encoder(model, self.tokenizer, recipe.max_tokens)
        encoder.learn([normalise(text) for text in texts])
        deep = np.array([encoder.known[normalise(text)][1] for text in texts])
        linear.fit_mixture(model, deep, texts, np.array([encoding.one_hot(tactic) for _, tactic in held]))
        model.save_pretrained(done)

    def _scorer(self) -> None:
        done = self.work / "scorer"
        if (done / "model.safetensors").exists():
            return
        recipe = self.recipe
        encoder = scoring.Encoder(MessageEncoderModel.from_pretrained(self.work / "mixed"), self.tokenizer, recipe.max_tokens)
        unseen = [encoding.halve(corpus, first=True) for corpus in self.held]
        chats = [label(chat) for chat in self._composed(unseen, recipe.scorer_chats, recipe.seed + 20)]
        chats = self._with_teacher(chats)
        chats += [label(chat) for chat in self.extra]
        if self.data is not None:
            for index, chat in enumerate(scoring.benign_chats(self.data, True, recipe.benign_chats, recipe.seed)):
                shown = scoring.told_apart(chat, random.Random(index)) if index % 2 else chat
                chats.append(label(shown))
        if recipe.kind == "full" and self.data is not None:
            chats += scoring.transcript_chats(self.data, recipe.seed)
        tracks = encoder.tracks(chats)
        tracks = [_only_with_signs(track, chat) for track, chat in zip(tracks, chats, strict=True)]
        console.print(f"conversation scorer: {len(tracks):,} chats, {sum(len(t.labels) for t in tracks):,} segments")
        torch.manual_seed(recipe.seed)
        model = ConversationScorerModel(ScorerConfig(vector_width=recipe.vector_width + 1, vector_share=recipe.vector_share))
        scoring.fit_scorer(model, tracks, self.work / "scorer-checkpoints", recipe)
        model.save_pretrained(done)

    def _with_teacher(self, chats: list[Labelled]) -> list[Labelled]:
        """Mix the teacher's risk into the labels of the first chats of each language."""
        teacher, weight = self.teacher, self.recipe.teacher_weight
        taken: dict[str | None, int] = {}
        chosen: list[int] = []
        for index, chat in enumerate(chats):
            language = chat.conversation.language
            if taken.get(language, 0) < self.recipe.teacher_chats and len(chat.labels) <= 60:
                taken[language] = taken.get(language, 0) + 1
                chosen.append(index)
        pairs = [window_text(chats[i].conversation.messages, k) for i in chosen for k in range(len(chats[i].labels))]
        judged = teacher.judge(pairs)[:, -1]
        start = 0
        mixed = list(chats)
        for i in chosen:
            chat = chats[i]
            share = weight if chat.conversation.language == "en" else weight / 2
            soft = judged[start : start + len(chat.labels)]
            start += len(chat.labels)
            mixed[i] = Labelled(chat.conversation, ((1 - share) * chat.labels + share * soft).astype(np.float32), chat.weights)
        return mixed

    # --- bundle ------------------------------------------------------------------------------------------------------

    def export(self, out: Path, int8: bool = True) -> None:
        """Graphs, calibration and manifest of the trained stages into `out`. Raises MissingData if one is not trained."""
        for stage in ("mixed", "scorer"):
            if not (self.work / stage / "model.safetensors").exists():
                short = self.recipe.name.removeprefix("nightlight-")
                raise MissingData(f"{self.recipe.name} is not trained yet; run: nightlight-export train {short}")
        out.mkdir(parents=True, exist_ok=True)
        for path in out.iterdir():
            if path.is_file():
                path.unlink()
        encoder = MessageEncoderModel.from_pretrained(self.work / "mixed")
        scorer = ConversationScorerModel.from_pretrained(self.work / "scorer")
        export_students(encoder, scorer, out, int8)
        self.tokenizer.save(str(out / TOKENIZER_FILE))
        (out / TOKENIZER_FILE).write_text(
            json.dumps(json.loads((out / TOKENIZER_FILE).read_text()), ensure_ascii=False, separators=(",", ":"))
        )
        neutral = Thresholds(nudge={"low": 0.9, "medium": 0.8, "high": 0.7}, tactic=dict.fromkeys(TACTICS, 0.5))
        version = datetime.now(UTC).strftime("%Y.%m.%d")
        write_manifest(out, self.recipe, version, neutral, Calibration(slope=1.0, offset=0.0), {})
        thresholds, calibration, metrics = self._calibrate(Bundle.load(out))
        write_manifest(out, self.recipe, version, thresholds, calibration, metrics)
        console.print(
            f"bundle in {out}: {sum(p.stat().st_size for p in out.iterdir()) / 1e6:.1f} MB; {thresholds.nudge}; {calibration}"
        )

    def _calibrate(self, bundle: Bundle) -> tuple[Thresholds, Calibration, dict[str, object]]:
        """Thresholds and calibration of the int8 graphs themselves, on held-out lines and on chats composed of them."""
        encoder, scorer = MessageEncoder(bundle, 200_000), ConversationScorer(bundle)
        lines = [u for corpus in self.held for u in corpus.utterances]
        others = [text for corpus in self.held for scene in corpus.scenes for _, text in scene.lines]
        scores = [1 / (1 + np.exp(-item.tactics.max(axis=0))) for item in encoder.encode([*(u.text for u in lines), *others])]
        truth = [encoding.one_hot(None if u.twin else u.tactic) for u in lines] + [encoding.one_hot(None)] * len(others)
        tactic = tactic_thresholds(np.array(scores, np.float64), np.array(truth, np.float64))

        unseen = [encoding.halve(corpus, first=False) for corpus in self.held]
        chats = [label(c) for c in self._composed(unseen, self.recipe.calibration_chats, self.recipe.seed + 30)]
        risks = [_risks(c.conversation, encoder, scorer) for c in chats]
        flat = np.clip(np.concatenate(risks), 1e-9, 1 - 1e-9)
        calibration = platt(
            np.log(flat / (1 - flat)),
            np.concatenate([c.labels[: len(r)] for r, c in zip(risks, chats, strict=True)]),
            np.concatenate([c.weights[: len(r)] for r, c in zip(risks, chats, strict=True)]),
        )
        scaled = [_scale(r, calibration) for r in risks]
        composed = [r for r, c in zip(scaled, chats, strict=True) if c.conversation.label == "benign"]
        real = []
        if self.data is not None:
            sample = scoring.benign_chats(self.data, True, self.recipe.benign_chats // 2, self.recipe.seed + 40)
            real = [_scale(_risks(c, encoder, scorer), calibration) for c in sample]
        thresholds = Thresholds(nudge=nudge_thresholds(composed, real or composed), tactic=tactic)
        return thresholds, calibration, {"calibration_chats": len(chats), "calibration_lines": len(lines)}


def _only_with_signs(track: scoring.Track, chat: Labelled) -> scoring.Track:
    """In a transcript without known onset, ask for risk only from where some sign has been seen: its style is no sign."""
    if chat.conversation.label != "grooming" or chat.conversation.onset is not None:
        return track
    shown = (track.tactics > 0.0) & (track.speaker[:, 1:2] < 0.5)
    track.weights = np.where((np.cumsum(shown.any(axis=1)) >= 2) | (track.labels < 0.5), track.weights, 0.0).astype(np.float32)
    return track


def _risks(chat: Conversation, encoder: MessageEncoder, scorer: ConversationScorer, longest: int = 200) -> np.ndarray:
    """Risk after each of the first messages, over windows of 50 as the Assessor would see them, without a ledger."""
    messages = chat.messages[:longest]
    encoded = encoder.encode([m.text for m in messages])
    risks = list(scorer.risks(messages[:50], encoded[:50]))
    for last in range(50, len(messages)):
        risks.append(scorer.risks(messages[last - 49 : last + 1], encoded[last - 49 : last + 1])[-1])
    return np.array(risks)


def _scale(risks: np.ndarray, calibration: Calibration) -> list[float]:
    clipped = np.clip(risks, 1e-9, 1 - 1e-9)
    logits = calibration.slope * np.log(clipped / (1 - clipped)) + calibration.offset
    return list((1 / (1 + np.exp(-logits))).tolist())


def _read_extra(path: Path) -> list[Conversation]:
    """An organisation's own cleared cases, in the interchange format."""
    chats = [Conversation.model_validate(row) for row in read_rows(path)]
    unlabelled = [chat.id for chat in chats if chat.label is None or (chat.label == "grooming" and chat.onset is None)]
    if unlabelled:
        raise ValueError(f"{path}: {len(unlabelled)} conversations lack a label or an onset, the first is {unlabelled[0]!r}")
    return chats
