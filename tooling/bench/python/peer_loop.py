"""What the PyTorch sides of all benchmarks share: one JSON object a line on stdin and stdout."""

import argparse
import json
import os
import platform
import sys
import time

import torch


def math_library():
    """The file that BLAS calls end in, as far as the system tells."""
    try:
        with open("/proc/self/maps") as maps:
            files = {line.split()[-1] for line in maps if ".so" in line}
    except OSError:
        return "unknown"
    for word in ("libmkl", "libtorch_cpu_mkl", "openblas", "libblis", "libblas"):
        for file in sorted(files):
            if word in file:
                return os.path.realpath(file)
    return "MKL (linked in)" if torch.backends.mkl.is_available() else "unknown"


def describe():
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "blas": math_library(),
        "oneDNN": torch.backends.mkldnn.is_available(),
    }


def measured(function):
    """Clock and processor time of one call."""
    start, cpu = time.perf_counter(), time.process_time()
    function()
    return {
        "milliseconds": 1000 * (time.perf_counter() - start),
        "cpuMilliseconds": 1000 * (time.process_time() - cpu),
    }


def peak_bytes():
    """What this process has taken so far."""
    with open("/proc/self/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return {name: int(fields[name].split()[0]) * 1024 for name in ("VmHWM", "RssAnon", "RssFile")}


def serve(session_class, commands):
    """Answers until stdin ends: every command is a method of the session that takes the request."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    torch.set_num_threads(parser.parse_args().threads)
    torch.set_grad_enabled(False)
    session = session_class()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["command"] not in commands:
                raise ValueError("unknown command %s" % request["command"])
            answer = getattr(session, request["command"])(request)
        except Exception as error:  # the parent decides what a failure means
            answer = {"error": "%s: %s" % (type(error).__name__, error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
