"""Makes draftmill/speech/voices.onnx: the network by which voices are told apart.

    .venv/bin/python bench/make_voice_encoder.py

Its weights are those of the voice encoder in the PyPI package Resemblyzer 0.1.4 (Apache-2.0,
Corentin Jemine; method: Wan et al., "Generalized End-to-End Loss for Speaker Verification"). The
package is only unpacked, never run or installed. Its weights lie in PyTorch's old format: five
pickles, then the numbers. They are read here without PyTorch, by an unpickler that makes nothing
but a table of numbers. Two runs give the same file; its sha256 is compared in speech/voices.py.
"""

import hashlib
import io
import pickle
import struct
import subprocess
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "draftmill" / "speech" / "voices.onnx"
CACHE = ROOT / ".cache" / "voice-encoder"
PACKAGES = ["onnx==1.19.0", "numpy>=2.2,<3"]
WHEEL = "resemblyzer==0.1.4"
WHEEL_SHA256 = "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f"
WEIGHTS = "resemblyzer/pretrained.pt"
BANDS, SIZE, LAYERS = 40, 256, 3
PARTS = (0, 3, 1, 2)  # PyTorch's gates i f g o, as ONNX orders them: i o f g


def main() -> None:
    python = CACHE / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", CACHE], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", CACHE]
    subprocess.run([*fetch, WHEEL], check=True)
    subprocess.run([python, __file__, "make"], check=True)
    print(f"{MADE.relative_to(ROOT)}: {MADE.stat().st_size / 1e6:.2f} MB, sha256 {_sha256(MADE)}")


def make() -> None:
    """What runs in the environment of its own: read the weights, write the network."""
    (wheel,) = CACHE.glob("*esemblyzer-*.whl")
    if _sha256(wheel) != WHEEL_SHA256:
        raise SystemExit(f"{wheel.name} is not the file that was looked at.")
    with zipfile.ZipFile(wheel) as package:
        weights = read(package.read(WEIGHTS))
    MADE.write_bytes(network(weights))


class _Storage:
    """Stands for PyTorch's types of numbers in the pickle; only floats are taken."""


class _Unpickler(pickle.Unpickler):
    """Reads the pickle of a PyTorch file, and makes nothing but what is named here."""

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): _Storage,
            ("torch._utils", "_rebuild_tensor_v2"): lambda key, offset, shape, *_: (
                key, offset, shape,
            ),
        }  # fmt: skip
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights.")
        return known[module, name]

    def persistent_load(self, pid: Any) -> str:
        return str(pid[2])


def read(content: bytes) -> dict[str, Any]:
    """The numbers of PyTorch's old file by their names, as arrays."""
    import numpy as np

    file = io.BytesIO(content)
    *_, state, keys = [_Unpickler(file).load() for _ in range(5)]
    numbers = {}
    for key in keys:
        (count,) = struct.unpack("<q", file.read(8))
        numbers[str(key)] = np.frombuffer(file.read(4 * count), "<f4")
    return {
        name: numbers[key][offset : offset + int(np.prod(shape))].reshape(shape)
        for name, (key, offset, shape) in state["model_state"].items()
    }


def network(weights: dict[str, Any]) -> bytes:
    """The network as ONNX: mel bands (windows × frames × 40) to voices (windows × 256).

    Weights are stored as float16 and computed with as float32. The lengths of the voices are as
    they come: whoever compares them makes them one.
    """
    import numpy as np
    from onnx import TensorProto, checker, helper, numpy_helper

    stored, nodes = [], []

    def put(name: str, values: Any) -> str:
        stored.append(numpy_helper.from_array(values.astype(np.float16), f"{name}_16"))
        nodes.append(helper.make_node("Cast", [f"{name}_16"], [name], to=TensorProto.FLOAT))
        return name

    def gates(name: str) -> Any:
        parts = np.split(weights[name], 4)
        return np.concatenate([parts[n] for n in PARTS])

    nodes.append(helper.make_node("Transpose", ["mel"], ["said0"], perm=[1, 0, 2]))
    for n in range(LAYERS):
        inputs = [
            put(f"w{n}", gates(f"lstm.weight_ih_l{n}")[None]),
            put(f"r{n}", gates(f"lstm.weight_hh_l{n}")[None]),
            put(
                f"b{n}", np.concatenate([gates(f"lstm.bias_{x}_l{n}") for x in ("ih", "hh")])[None]
            ),
        ]
        outputs = [f"all{n}", f"last{n}"]
        nodes.append(
            helper.make_node("LSTM", [f"said{n}", *inputs], outputs, hidden_size=SIZE, name=f"l{n}")
        )
        nodes.append(helper.make_node("Squeeze", [f"all{n}", "one"], [f"said{n + 1}"]))
    nodes.append(helper.make_node("Squeeze", [f"last{LAYERS - 1}", "zero"], ["heard"]))
    linear = [put("w", weights["linear.weight"]), put("b", weights["linear.bias"])]
    nodes.append(helper.make_node("Gemm", ["heard", *linear], ["linear"], transB=1))
    nodes.append(helper.make_node("Relu", ["linear"], ["voices"]))
    stored += [
        numpy_helper.from_array(np.array([at], np.int64), name)
        for name, at in (("zero", 0), ("one", 1))
    ]
    graph = helper.make_graph(
        nodes,
        "voices",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["windows", "frames", BANDS])],
        [helper.make_tensor_value_info("voices", TensorProto.FLOAT, ["windows", SIZE])],
        stored,
        doc_string="Weights of Resemblyzer 0.1.4, Corentin Jemine, Apache-2.0",
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8, producer_name="draftmill"
    )
    checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    make() if sys.argv[1:] == ["make"] else main()
