"""The student's sub-word tokenizer: byte-pair merges over normalised text of all seven languages."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

PAD, UNKNOWN, START, MASK, EXPLICIT = "[PAD]", "[UNK]", "[CLS]", "[MASK]", "<explicit>"
SPECIAL = (PAD, UNKNOWN, START, MASK, EXPLICIT)


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Learn merges from already normalised `texts`; each encoding starts with [CLS]. Deterministic for the same texts."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN, fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(individual_digits=True)]
    )
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=list(SPECIAL), min_frequency=3, limit_alphabet=400, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A", special_tokens=[(START, tokenizer.token_to_id(START))]
    )
    return tokenizer
