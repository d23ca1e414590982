"""The texts of errors, and tracebacks that show the user's lines instead of ours."""

from __future__ import annotations

import os
import re
import types

HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def undefined(name: str, site: str, set_in: str) -> RuntimeError:
    other = "else" if set_in == "if" else "if"
    return RuntimeError(
        f"inconsistent outputs of the branches of the `if` in {site}: '{name}' is set in the `{set_in}` "
        f"branch only, and used afterwards. Set '{name}' in the `{other}` branch too, or before the `if`."
    )


def missing_return(site: str) -> RuntimeError:
    return RuntimeError(
        f"inconsistent outputs of the branches of the `if` in {site}: one path returns a value, another "
        "path does not. The `else` branch must also have a return statement, or one must follow the `if`."
    )


def divergent(label: str, site: str, difference: str, kind: type[Exception] = ValueError) -> Exception:
    return kind(f"divergent data in the branches of the `if` in {site}: {label} {difference}.")


def recursion(name: str, site: str) -> RuntimeError:
    return RuntimeError(
        f"{name}() calls itself without end under the `if` in {site}: its condition differs from sample to "
        "sample, so both branches are traced, and the recursion never stops. Let the depth depend on an "
        "ordinary Python value, such as a counter."
    )


def loop_exit(statement: str, site: str) -> TypeError:
    return TypeError(
        f'`{statement}` in {site} is under a condition that differs from sample to sample (a "DataNode" '
        "used in conditional context), but a Python loop ends for all samples at once. Put the rest of the "
        "loop's body under an `if` instead."
    )


def endless_loop(count: int, site: str) -> RuntimeError:
    return RuntimeError(
        f"a loop was unrolled {count} times around the `if` in {site}: samples leave it one by one, but it "
        "has no end that an ordinary Python value decides. Limit the number of its rounds."
    )


def exit_before_finally(site: str) -> TypeError:
    return TypeError(
        f"the `try` in {site} is left by some samples before the others, by a `return` or `continue` under "
        "an `if` over samples, but its `finally` clause assigns something for all. Move the assignment."
    )


_NAME = re.compile(r"'([^']+)'")


def replacement_of(error: BaseException, names: dict, poison: dict) -> Exception | None:
    """The error that explains `error`, if the missing name or attribute was set in one branch of an `if`
    only.
    """
    if isinstance(error, NameError):
        found = _NAME.search(str(error))
        name = found.group(1) if found else None
        return names.get(name) or poison.get(name)
    if isinstance(error, AttributeError):
        return poison.get((id(getattr(error, "obj", None)), getattr(error, "name", None)))
    return None


def _append(error: BaseException, text: str) -> None:
    if hasattr(error, "add_note"):
        error.add_note(text)
    elif (
        len(error.args) == 1
        and isinstance(error.args[0], str)
        and type(error).__str__ is BaseException.__str__
    ):
        error.args = (f"{error.args[0]}\n{text}",)


def polish(error: BaseException, traceback: types.TracebackType | None) -> BaseException:
    """`error`, or what explains it better, with a traceback free of our frames and with the user's lines in
    its text.
    """
    entries = []
    while traceback is not None:
        if not traceback.tb_frame.f_code.co_filename.startswith(HERE):
            entries.append(traceback)
        traceback = traceback.tb_next
    clean = None
    for entry in reversed(entries):
        clean = types.TracebackType(clean, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    better = getattr(error, "variegate_replacement", None)
    if better is not None:
        better.__suppress_context__ = True
        error = better
    lines = [
        f"  {e.tb_frame.f_code.co_filename}:{e.tb_lineno}, in {e.tb_frame.f_code.co_name}"
        for e in entries
        if "vg__" in e.tb_frame.f_code.co_freevars
    ]
    if lines:
        _append(error, "\n".join(["in user code:", *lines[-8:]]))
    return error.with_traceback(clean)
