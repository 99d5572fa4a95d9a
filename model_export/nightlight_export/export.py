"""Export: trained students -> ONNX graphs by optimum's exporter, int8 by its ORTQuantizer."""

from __future__ import annotations

import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import onnx
import torch
from optimum.exporters.onnx import export as export_graph
from optimum.exporters.onnx.base import OnnxConfig
from optimum.onnxruntime import ORTQuantizer
from optimum.onnxruntime.configuration import AutoQuantizationConfig
from optimum.utils import DummyInputGenerator, NormalizedConfig

from nightlight.model.manifest import ENCODER_FILE, SCORER_FILE
from nightlight.tactic import TACTICS
from nightlight.text.ngram import ROWS
from nightlight_export.student import ConversationScorerModel, MessageEncoderModel

#: Weights that int8 would hurt and that weigh almost nothing stay in 32 bits: the heads after pooling.
_OPSET = 17


class _TokenInputs(DummyInputGenerator):  # type: ignore[misc]
    """Token ids and their mask, drawn small; the axes are dynamic."""

    SUPPORTED_INPUT_NAMES = ("input_ids", "attention_mask", "ngrams")

    def __init__(self, task: str, normalized_config: NormalizedConfig, **kwargs: Any) -> None:
        self.vocabulary = normalized_config.vocab_size

    def generate(self, input_name: str, framework: str = "pt", **_: Any) -> Any:
        """A batch of 3 texts of 12 tokens and 20 n-grams."""
        if input_name == "ngrams":
            return self.random_int_tensor([3, 20], max_value=ROWS, min_value=1, framework=framework)
        return self.random_int_tensor(
            [3, 12], max_value=self.vocabulary if input_name == "input_ids" else 2, min_value=1, framework=framework
        )


class EncoderOnnxConfig(OnnxConfig):  # type: ignore[misc]
    """Names and axes of the message encoder's graph."""

    NORMALIZED_CONFIG_CLASS = NormalizedConfig
    DUMMY_INPUT_GENERATOR_CLASSES = (_TokenInputs,)
    DEFAULT_ONNX_OPSET = _OPSET

    @property
    def inputs(self) -> dict[str, dict[int, str]]:
        """Axes of the inputs."""
        return OrderedDict(
            input_ids={0: "batch", 1: "tokens"},
            attention_mask={0: "batch", 1: "tokens"},
            ngrams={0: "batch", 1: "ngrams"},
        )

    @property
    def outputs(self) -> dict[str, dict[int, str]]:
        """Axes of the outputs."""
        return OrderedDict(vector={0: "batch"}, tactics={0: "batch"})


class _StepInputs(DummyInputGenerator):  # type: ignore[misc]
    """Encoded messages, drawn at random; the axes are dynamic."""

    SUPPORTED_INPUT_NAMES = ("vectors", "tactics", "speaker", "gap", "ledger")

    def __init__(self, task: str, normalized_config: NormalizedConfig, **kwargs: Any) -> None:
        self.width = normalized_config.vector_width

    def generate(self, input_name: str, framework: str = "pt", **_: Any) -> Any:
        """One conversation of 7 messages."""
        shape = {
            "vectors": [1, 7, self.width],
            "tactics": [1, 7, len(TACTICS)],
            "speaker": [1, 7, 3],
            "gap": [1, 7],
            "ledger": [1, len(TACTICS)],
        }[input_name]
        return self.random_float_tensor(shape, min_value=0, max_value=1, framework=framework)


class ScorerOnnxConfig(OnnxConfig):  # type: ignore[misc]
    """Names and axes of the conversation scorer's graph."""

    NORMALIZED_CONFIG_CLASS = NormalizedConfig
    DUMMY_INPUT_GENERATOR_CLASSES = (_StepInputs,)
    DEFAULT_ONNX_OPSET = _OPSET

    @property
    def inputs(self) -> dict[str, dict[int, str]]:
        """Axes of the inputs."""
        steps = {0: "batch", 1: "messages"}
        return OrderedDict(vectors=steps, tactics=steps, speaker=steps, gap=steps, ledger={0: "batch"})

    @property
    def outputs(self) -> dict[str, dict[int, str]]:
        """Axes of the outputs."""
        return OrderedDict(risk={0: "batch", 1: "messages"})


def export_students(encoder: MessageEncoderModel, scorer: ConversationScorerModel, folder: Path, int8: bool = True) -> None:
    """Write `encoder.onnx` and `scorer.onnx` into `folder`; the encoder's matrices as int8 unless `int8` is False.

    The scorer is 100 kB and its recurrence is not what ORTQuantizer quantises, so its matrices stay in 32 bits: a causal
    graph must give the same risk for a prefix whatever follows, and dynamic ranges over the whole chat would break that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _export(encoder, EncoderOnnxConfig(encoder.config, task="feature-extraction"), work / "model.onnx")
        if int8:
            encoder.config.save_pretrained(work)
            quantizer = ORTQuantizer.from_pretrained(work, file_name="model.onnx")
            settings = AutoQuantizationConfig.avx2(is_static=False, per_channel=True)
            quantizer.quantize(save_dir=work / "int8", quantization_config=settings, file_suffix="int8")
            shutil.copyfile(work / "int8" / "model_int8.onnx", folder / ENCODER_FILE)
        else:
            shutil.copyfile(work / "model.onnx", folder / ENCODER_FILE)
        _export(scorer, ScorerOnnxConfig(scorer.config, task="feature-extraction"), work / "scorer.onnx")
        shutil.copyfile(work / "scorer.onnx", folder / SCORER_FILE)


def _export(model: torch.nn.Module, config: OnnxConfig, path: Path) -> None:
    export_graph(model.eval().float(), config, path, opset=_OPSET, do_constant_folding=True)
    onnx.checker.check_model(str(path))
