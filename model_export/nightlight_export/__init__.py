"""The exporter: corpora -> teacher -> student -> calibrated int8 ONNX bundle. It imports `nightlight`, never the reverse."""
