"""Networks of other projects as ONNX models, converted from the files that they were published in."""
