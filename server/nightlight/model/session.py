"""ONNX sessions as the helper wants them: one core, small memory, no files."""

from __future__ import annotations

import onnxruntime


def open_session(graph: bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """A CPU session over the graph's bytes. One thread: a message takes milliseconds, and a game may own the other cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    # onnxruntime keeps the bytes to open the session again on another provider; there is none, and they are megabytes.
    session._model_bytes = None
    return session
