"""Writes include/variegate/ops.h: a C++ function per operator, from the registry.

    python tools/make_ops_header.py [--check]
"""
from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

from variegate._functions import SCHEMAS

HEADER = Path(__file__).parents[1] / "include" / "variegate" / "ops.h"
KEYWORDS = {"and", "or", "not", "xor", "float", "double", "int", "bool", "default", "operator"}


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def identifier(name: str) -> str:
    return name + "_" if name in KEYWORDS else name


def comment(text: str, indent: str = "") -> str:
    return "\n".join(f"{indent}/// {line}" for line in textwrap.wrap(text, 92 - len(indent)))


def operator(schema: dict, name: str) -> str:
    """The arguments' struct and the function of an operator."""
    struct = pascal(name) + "Args"
    args = [a for a in schema["args"] if not a["renamed_to"]]
    fields = []
    for a in args:
        per_sample = ", or one per sample" if a["tensor"] else ""
        need = "; required" if a["required"] else ""
        fields.append(comment(f"{a['type']}{per_sample}: {a['doc']}{need}", "  "))
        fields.append(f"  Arg {identifier(a['name'])} = {{}};")
    fields.append("  CallOptions options = {};  ///< name, device, seed of this call")
    variadic = schema["max_inputs"] > len(schema["inputs"])
    inputs = ["const std::vector<Value>& inputs"] if variadic else [
        f"const Value& {identifier(i['name'])}_in" for i in schema["inputs"] if not i["optional"]]
    optional = [] if variadic else [i for i in schema["inputs"] if i["optional"]]
    for i in optional:
        fields.insert(0, f"  Value {identifier(i['name'])}_in = {{}};")
        fields.insert(0, comment(f"optional input: {i['doc']}", "  "))
    given = "inputs" if variadic else "{" + ", ".join(
        f"{identifier(i['name'])}_in" for i in schema["inputs"] if not i["optional"]) + "}"
    single = schema["outputs"] == 1 and not schema["outputs_from"]
    result = "Value" if single else "std::vector<Value>"
    default = "" if any(a["required"] and not a["tensor"] for a in args) else " = {}"
    lines = [comment(schema["doc"]), f"struct {struct} {{", *fields, "};",
             f"inline {result} {identifier(name)}({', '.join([*inputs, f'const {struct}& args{default}'])}) {{",
             f"  std::vector<Value> given = {given};"]
    lines += [f"  if (args.{identifier(i['name'])}_in) given.push_back(args.{identifier(i['name'])}_in);" for i in optional]
    pairs = ", ".join(f'{{"{a["name"]}", args.{identifier(a["name"])}.value}}' for a in args)
    call = f'call("{schema["name"]}", given, {{{pairs}}}, args.options)'
    lines += [f"  return {call}{'[0]' if single else ''};", "}"]
    return "\n".join(lines)


def render() -> str:
    """The whole header."""
    out = ["// The operators as functions. Made by tools/make_ops_header.py from the registry: do not edit.",
           "#pragma once", "", '#include "variegate/arg.h"', "", "namespace vg::ops {", ""]
    for schema in sorted(SCHEMAS.values(), key=lambda s: s["name"]):
        if schema["hidden"]:
            continue
        *path, name = schema["name"].split(".")
        body = operator(schema, name)
        if path:
            space = "::".join(path)
            body = f"namespace {space} {{\n{body}\n}}  // namespace {space}"
        out += [body, ""]
    return "\n".join([*out, "}  // namespace vg::ops", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the header is not what the registry says")
    check = parser.parse_args().check
    text = render()
    if not check:
        HEADER.write_text(text)
    elif HEADER.read_text() != text:
        sys.exit("include/variegate/ops.h is stale: run `python tools/make_ops_header.py`")


if __name__ == "__main__":
    main()
