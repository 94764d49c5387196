"""Runs the functions of a script one by one and prints a line of JSON for each: {"name", "error"}, the error null where
nothing was raised. A name that begins with an underscore is not run."""

import asyncio
import json
import traceback


def run(script):
    for name, tried in list(script.items()):
        if name.startswith("_") or not callable(tried) or getattr(tried, "__module__", "") != "__main__":
            continue
        try:
            outcome = tried()
            if asyncio.iscoroutine(outcome):
                asyncio.run(outcome)
            error = None
        except Exception as raised:
            where = traceback.extract_tb(raised.__traceback__)
            line = next((frame.lineno for frame in reversed(where) if frame.filename == script["__file__"]), 0)
            error = f"{type(raised).__name__} at line {line}: {str(raised)[:600]}"
        print(json.dumps({"name": name, "error": error}), flush=True)
