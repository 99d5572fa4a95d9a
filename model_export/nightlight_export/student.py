"""The student: the two small networks that ship, a message encoder and a conversation scorer, as transformers models.

They are ordinary `PreTrainedModel`s so that the Trainer trains them, checkpoints hold them and optimum exports them.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import ModelOutput

from nightlight.tactic import TACTICS
from nightlight.text.ngram import ROWS

#: Width of the sentence vectors of the English encoder that the student learns from (all-MiniLM-L6-v2).
SENTENCE_WIDTH = 384


class EncoderConfig(BertConfig):  # type: ignore[misc]
    """A BERT configuration with the width of the message vector that leaves the encoder."""

    model_type = "nightlight-encoder"

    def __init__(self, vector_width: int = 64, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vector_width = vector_width


class MessageEncoderModel(PreTrainedModel):  # type: ignore[misc]
    """Text of one message -> its vector and its tactics.

    Inputs: `input_ids`, `attention_mask` (batch, tokens), `ngrams` (batch, n-grams), rows of the linear part's table, 0 for
    padding; without them, as in training, the outputs are those of the transformer alone. Outputs: `vector` (batch,
    vector_width + 1), which the scorer reads and whose last number is the linear part's risk of the line, and `tactics`
    (batch, 14), logits. The training heads (masked tokens, sentence vectors, line risk) are not exported. Losses are added up
    over the targets that a batch carries; a missing target is a row of -100 or NaN.
    """

    config_class = EncoderConfig
    _tied_weights_keys = ("token_bias",)

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.pool = nn.Linear(2 * width, width)
        self.to_vector = nn.Linear(width, config.vector_width)
        self.to_tactics = nn.Linear(width, len(TACTICS))
        self.wide = Wide(config.vocab_size, len(TACTICS))
        self.linear = Linear()
        self.to_sentence = nn.Linear(width, SENTENCE_WIDTH)
        self.to_line_risk = nn.Linear(config.vector_width, 1)
        self.token_transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.token_bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, Linear):
            for name, buffer in module.named_buffers():
                buffer.data.fill_(1.0 if name == "deep_share" else 0.0)
        elif isinstance(module, Wide):
            nn.init.zeros_(module.single.weight)
            nn.init.zeros_(module.pair.weight)
        elif isinstance(module, nn.Linear | nn.Embedding):
            module.weight.data.normal_(mean=0.0, std=self.config.initializer_range)
        if isinstance(module, nn.Linear) and module.bias is not None:
            module.bias.data.zero_()
        if isinstance(module, nn.LayerNorm):
            module.bias.data.zero_()
            module.weight.data.fill_(1.0)

    def pooled(self, states: Tensor, attention_mask: Tensor) -> Tensor:
        """Mean and maximum over the tokens, mixed: the mean tells the topic, the maximum keeps a single telling word."""
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        peak = (states - (1.0 - mask) * 1e4).amax(1)
        mixed: Tensor = functional.gelu(self.pool(torch.cat([mean, peak], dim=-1)))
        return mixed

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        ngrams: Tensor | None = None,
        masked_labels: Tensor | None = None,
        sentence: Tensor | None = None,
        tactic_labels: Tensor | None = None,
        line_risk: Tensor | None = None,
    ) -> ModelOutput:
        """See the class. `masked_labels` (batch, tokens) -100 where not asked; `sentence` (batch, 384), `tactic_labels`
        (batch, 14) and `line_risk` (batch,) NaN where unknown.
        """
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = self.pooled(states, attention_mask)
        vector = torch.tanh(self.to_vector(pooled))
        tactics = self.to_tactics(pooled) + self.wide(input_ids, attention_mask)
        if ngrams is not None:
            tactics, line = self.linear(tactics, ngrams)
            vector = torch.cat([vector, line], dim=-1)
        losses: list[Tensor] = []
        if masked_labels is not None and bool((masked_labels >= 0).any()):
            asked = masked_labels >= 0
            logits = functional.linear(
                self.token_transform(states[asked]), self.bert.embeddings.word_embeddings.weight, self.token_bias
            )
            losses.append(functional.cross_entropy(logits.float(), masked_labels[asked]))
        if sentence is not None:
            known = ~torch.isnan(sentence[:, 0])
            if bool(known.any()):
                guess = functional.normalize(self.to_sentence(pooled[known]).float(), dim=-1)
                losses.append(4.0 * (1.0 - (guess * sentence[known]).sum(-1)).mean())
        if tactic_labels is not None:
            known = ~torch.isnan(tactic_labels)
            if bool(known.any()):
                # Added up over the tactics, not averaged: most are absent from most lines, and the mean would whisper.
                each = functional.binary_cross_entropy_with_logits(
                    tactics.float(), tactic_labels.nan_to_num(0.0), reduction="none", pos_weight=tactics.new_tensor(2.0).float()
                )
                losses.append((each * known).sum() / known.any(dim=-1).sum())
        if line_risk is not None:
            known = ~torch.isnan(line_risk)
            if bool(known.any()):
                guess = self.to_line_risk(vector[known]).squeeze(-1).float()
                losses.append(functional.binary_cross_entropy_with_logits(guess, line_risk[known]))
        loss = torch.stack(losses).sum() if losses else None
        if loss is None and self.training:
            loss = vector.sum() * 0.0
        return (
            ModelOutput(loss=loss, vector=vector, tactics=tactics)
            if loss is not None
            else ModelOutput(vector=vector, tactics=tactics)
        )


class Linear(nn.Module):
    """The linear part: logistic regressions over hashed letter and word n-grams, and how much weight each half gets.

    `table` (rows, 15) holds weights times inverse document frequency, `square` (rows, 1) the squared frequency for the
    length of the vector. It is fitted apart (see `linear`), not by gradient steps, and its buffers are saved with the model.
    """

    table: Tensor
    square: Tensor
    offset: Tensor
    deep_share: Tensor
    linear_share: Tensor
    mixed_offset: Tensor

    def __init__(self) -> None:
        super().__init__()
        for name, shape, value in (
            ("table", (ROWS, len(TACTICS) + 1), 0.0),
            ("square", (ROWS, 1), 0.0),
            ("offset", (len(TACTICS) + 1,), 0.0),
            ("deep_share", (len(TACTICS),), 1.0),
            ("linear_share", (len(TACTICS),), 0.0),
            ("mixed_offset", (len(TACTICS),), 0.0),
        ):
            self.register_buffer(name, torch.full(shape, value))

    def alone(self, ngrams: Tensor) -> Tensor:
        """The regressions' logits, (batch, n-grams) -> (batch, 15): the tactics, and the risk of the line as such."""
        length = torch.sqrt(functional.embedding(ngrams, self.square).sum(1).clamp(min=1e-6))
        return functional.embedding(ngrams, self.table).sum(1) / length + self.offset

    def forward(self, deep: Tensor, ngrams: Tensor) -> tuple[Tensor, Tensor]:
        """The transformer's logits and the regressions', mixed per tactic, (batch, 14); and line risk, (batch, 1), -1 to 1."""
        alone = self.alone(ngrams)
        mixed = self.deep_share * deep + self.linear_share * alone[:, :-1] + self.mixed_offset
        return mixed, torch.tanh(alone[:, -1:] / 4.0)


class Wide(nn.Module):
    """Each sub-word and each pair of neighbours speaks for itself, added up (the wide half of Cheng et al., 2016).

    A transformer needs far more lines than the corpus has before it knows that two words alone tell a tactic; a linear
    layer over them knows it after a few. Pairs share 32,768 rows by a hash. Input (batch, tokens), output (batch, outputs).
    """

    PAIRS = 32_768
    #: Rare rows see few steps: with it they learn at a rate that fits a linear layer while the optimiser stays one.
    SCALE = 20.0

    def __init__(self, vocabulary: int, outputs: int) -> None:
        super().__init__()
        self.single = nn.Embedding(vocabulary, outputs)
        self.pair = nn.Embedding(self.PAIRS, outputs)
        self.drop = nn.Dropout(0.15)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Sum over sub-words and pairs, divided by the root of their number."""
        mask = attention_mask.unsqueeze(-1).to(self.single.weight.dtype)
        pairs = torch.remainder(input_ids[:, :-1] * 31_337 + input_ids[:, 1:], self.PAIRS)
        single = (self.single(input_ids) * self.drop(mask)).sum(1)
        pair = (self.pair(pairs) * self.drop(mask[:, 1:])).sum(1)
        spoken: Tensor = self.SCALE * (single + pair) / torch.sqrt(mask.sum(1).clamp(min=1.0))
        return spoken


class ScorerConfig(PretrainedConfig):  # type: ignore[misc]
    """Shape of the conversation scorer."""

    model_type = "nightlight-scorer"

    def __init__(
        self, vector_width: int = 65, hidden_size: int = 24, dropout: float = 0.3, vector_share: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.vector_width = vector_width
        self.hidden_size = hidden_size
        self.dropout = dropout
        self.vector_share = vector_share


class ConversationScorerModel(PreTrainedModel):  # type: ignore[misc]
    """Message vectors, tactics, who spoke, time gaps and the ledger -> risk after each message.

    Inputs: `vectors` (batch, messages, vector_width), `tactics` (batch, messages, 14) logits, `speaker` (batch,
    messages, 3) one-hot contact, child, unknown, `gap` (batch, messages) log(1 + hours) since the message before,
    `ledger` (batch, 14) log(1 + count) of tactics seen before the window. Output: `risk` (batch, messages) logits. The
    network is causal: risk after message i depends on messages 0..i only.
    """

    config_class = ScorerConfig

    def __init__(self, config: ScorerConfig) -> None:
        super().__init__(config)
        width = config.hidden_size
        self.share = nn.Linear(config.vector_width - 1, config.vector_share) if config.vector_share else None
        self.ledger_in = nn.Linear(len(TACTICS), width)
        self.evidence = nn.Sequential(
            nn.Linear(len(TACTICS) + config.vector_share + 5, width), nn.GELU(), nn.Dropout(config.dropout)
        )
        self.recurrent = nn.GRU(width, width, batch_first=True)
        self.out = nn.Linear(width + 2 * len(TACTICS) + 2, 1)
        self.drop = nn.Dropout(config.dropout)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)

    def forward(
        self,
        vectors: Tensor,
        tactics: Tensor,
        speaker: Tensor,
        gap: Tensor,
        ledger: Tensor,
        labels: Tensor | None = None,
        weights: Tensor | None = None,
    ) -> ModelOutput:
        """See the class. `labels` (batch, messages) in 0..1, soft ones allowed; `weights` likewise, 0 for padding."""
        shown = torch.sigmoid(tactics)
        # What the child says is evidence of another kind: the tactics of the contact and of unknown speakers count.
        line = torch.sigmoid(4.0 * vectors[..., -1:])
        told = torch.cat([shown, line], dim=-1) * (1.0 - speaker[..., 1:2])
        parts = [told, speaker, gap.unsqueeze(-1) / 4.0]
        if self.share is not None:
            parts.append(torch.tanh(self.share(vectors[..., :-1])))
        features = torch.cat(parts, dim=-1)
        start = torch.tanh(self.ledger_in(ledger)).unsqueeze(0)
        hidden, _ = self.recurrent(self.evidence(features), start)
        # Running peak and running sum of each tactic: what was shown once stays shown, in chats of any length.
        peak = _running_peak(told)
        total = torch.log1p(torch.cumsum(torch.relu(told - 0.3), dim=1))
        risk = self.out(torch.cat([self.drop(hidden), peak, total], dim=-1)).squeeze(-1)
        if labels is None:
            return ModelOutput(risk=risk)
        loss = functional.binary_cross_entropy_with_logits(risk, labels, reduction="none")
        share = torch.ones_like(loss) if weights is None else weights
        return ModelOutput(loss=(loss * share).sum() / share.sum().clamp(min=1.0), risk=risk)


def _running_peak(values: Tensor) -> Tensor:
    """Running maximum over axis 1, (b, m, k) -> (b, m, k), by doubling shifts: ONNX has no cummax. Up to 256 messages."""
    messages = values.shape[1]
    for shift in (1, 2, 4, 8, 16, 32, 64, 128):
        earlier = functional.pad(values, (0, 0, shift, 0))[:, :messages]
        values = torch.maximum(values, earlier)
    return values
