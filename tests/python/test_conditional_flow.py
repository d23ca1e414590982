"""`return`, `continue` and loops under an `if` over samples, and what is not computed."""

import copy
import functools

import pytest
from sample_nodes import conditionals, evaluate, hooks, note, op, run, same_as_python, source, value

FLAGS = [True, False, True, False]
NUMBERS = [0, 1, 2, 3]


# -- return ----------------------------------------------------------------------------------------


def test_return_in_both_branches():
    def program(c, x):
        if c:
            return x, 1
        else:
            return 2, x

    same_as_python(program, FLAGS, NUMBERS)


def test_early_return():
    def program(c, x):
        if c:
            return x
        x = x + 10
        return x

    same_as_python(program, FLAGS, NUMBERS)


def test_nested_partial_return():
    def program(c, n, x):
        if c:
            if n > 1:
                return x
            x = x + 100
        else:
            x = x + 200
            if n == 1:
                return x
            x = x + 1000
        return x + 1

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])
    same_as_python(program, [False, False, True, True], NUMBERS, [5, 6, 7, 8])


def test_return_in_every_leaf_of_a_nest():
    def program(c, n):
        if c:
            if n == 0:
                return 0
            elif n == 1:
                return 10
            else:
                return 20
        if n > 1:
            return 30
        else:
            return 40

    for flags in ([True] * 4, [False] * 4, FLAGS):
        same_as_python(program, flags, NUMBERS)


def test_return_in_a_loop():
    def program(n, x):
        for i in range(3):
            if n == i:
                return x + i
            x = x * 2
        return x

    same_as_python(program, NUMBERS, [5, 6, 7, 8])


def test_return_in_a_loop_in_a_branch():
    def program(c, n, x):
        if c:
            for i in range(4):
                if n == i:
                    if i == 2:
                        return -1
                    return x + i
                x = x + 1
            x = 0
        return x

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])


def test_static_return_in_a_loop_in_a_branch():
    def program(c, x):
        if c:
            for i in range(4):
                x = x + 1
                if i == 2:
                    return x
        return x - 100

    same_as_python(program, FLAGS, NUMBERS)


def test_return_without_value():
    log = []

    def helper(c, x):
        if c:
            return
        log.append(x)

    def program(c, x):
        helper(c, x)
        return x

    with pytest.raises(ValueError, match="divergent"):  # who has returned must not see the list grow
        run(program, source(*FLAGS), source(*NUMBERS))
    log.clear()
    assert same_as_python(program, True, NUMBERS) == NUMBERS


def test_returned_list_is_what_it_was_then():
    def program(c, x):
        values = [x]
        if c:
            return values
        values.append(x)
        return values[1:]

    same_as_python(program, FLAGS, NUMBERS)


def test_return_inside_try_and_with():
    class Context:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            log.append(1)

    def program(c, x):
        try:
            if c:
                with Context():
                    if len(log) >= 0:
                        return x
            x = x + 1
        finally:
            note(log, None, 2)
        try:
            return x
        except:  # noqa: E722
            return -1

    log = []
    got = conditionals.convert(program)(source(*FLAGS), source(*NUMBERS))
    assert log == [1, 2]
    assert [evaluate(got, i) for i in range(4)] == [0, 2, 2, 4]


# -- loops -----------------------------------------------------------------------------------------


def test_unrolled_loop():
    def program(n, x):
        for i in range(3):
            if n > i:
                x = x + 10
        return x

    same_as_python(program, NUMBERS, NUMBERS)


def test_continue():
    def program(c, x):
        for _ in range(3):
            if c:
                continue
            x = x + 1
        return x

    same_as_python(program, FLAGS, NUMBERS)


def test_continue_nested_and_with_state():
    def program(c, n, x):
        y = 0
        for i in range(4):
            y = y + 1
            if c:
                if n > i:
                    y = y + 10
                    continue
                x = x + 1
            elif n == i:
                continue
            if i == 3:
                continue
            x = x * 2
            y = y + 100
        return x, y

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])


def test_continue_in_both_branches():
    def program(c, x):
        for i in range(3):
            if c:
                x = x + 1
                continue
            else:
                x = x + i
                continue
            x = undefined_name  # noqa: F821
        return x

    same_as_python(program, FLAGS, NUMBERS)


def test_continue_and_return():
    def program(c, n, x):
        for i in range(4):
            if c:
                if n == i:
                    return x
                continue
            x = x + 3
            if n == 1:
                return x + 100
        return x

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])


def test_continue_in_an_inner_loop():
    def program(n, x):
        for i in range(3):
            for j in range(2):
                if n == i + j:
                    continue
                x = x + 1
            else:
                x = x * 2
        return x

    same_as_python(program, NUMBERS, NUMBERS)


def test_static_break_and_while():
    def program(c, x):
        i = 0
        while True:
            if c:
                x = x + i
            i += 1
            if i == 4:
                break
        while i > 0 and i < 10:
            i += 3
        return x, i

    assert run(program, source(*FLAGS), source(*NUMBERS)) == [(6, 10), (1, 10), (8, 10), (3, 10)]


def test_ten_thousand_ifs():
    def program(n, x):
        for i in range(10_000):
            if n > i:
                x = x + 1
        return x

    assert run(program, source(*NUMBERS), source(0)) == NUMBERS


def test_ten_thousand_early_returns():
    def program(n, x):
        for i in range(10_000):
            if n == i:
                return x + i
        return x

    assert run(program, source(0, 5, 9_999, -1), source(0)) == [0, 5, 9_999, 0]


# -- what is not computed --------------------------------------------------------------------------


def test_only_the_taken_branch_is_computed():
    computed = []

    def work(x):
        computed.append(x)
        return x

    def program(c, x):
        if c:
            x = op(work, x)
        return x

    out = conditionals.convert(program)(source(*FLAGS), source(*NUMBERS))
    assert [value(out, i) for i in range(4)] == NUMBERS
    assert computed == [0, 2]


def test_context_of_operators():
    seen = {}

    def program(c, n, x):
        if c:
            note(seen, "then", op(lambda: 0).context)
            if n:
                note(seen, "inner", op(lambda: 0).context)
        else:
            note(seen, "else", op(lambda: 0).context)
        note(seen, "behind", op(lambda: 0).context)
        if c:
            return x
        note(seen, "rest", op(lambda: 0).context)
        _ = c and note(seen, "and", op(lambda: True))
        _ = x if n else note(seen, "ternary", op(lambda: 0))
        return 0

    c, n, x = source(*FLAGS), source(*NUMBERS), source(0)
    run(program, c, n, x)
    assert seen["then"] == ((c, True),) and seen["else"] == ((c, False),) and seen["behind"] == ()
    assert seen["inner"] == ((c, True), (n, True)) and seen["rest"] == ((c, False),)
    assert seen["ternary"].context == ((c, False), (n, False))
    assert [taken for _, taken in seen["and"].context] == [False, True]
    assert hooks.branch == ()


def test_copy_is_left_alone():
    def program(c, x):
        d = {"a": x}
        e = copy.copy(d)
        if c:
            e["a"] = x + 1
        return d, e

    same_as_python(program, FLAGS, NUMBERS)


def test_partial_application():
    def helper(scale, c, x, *, shift=0):
        if c:
            return x * scale
        return x + shift

    def program(c, x):
        return functools.partial(helper, 3, shift=5)(c, x)

    same_as_python(program, FLAGS, NUMBERS)


# -- exceptions ---


def test_errors_caught_by_the_user():
    def program(c, x):
        try:
            if c:
                x = x + 1
                if x > 2:
                    raise KeyError("k")
        except KeyError:
            x = x + 100
        if c:
            x = x + 1
        return x

    assert run(program, source(*FLAGS), source(*NUMBERS)) == [102, 102, 104, 104]


def test_caught_in_a_branch():
    def program(c, x):
        if c:
            try:
                y = {}["k"] and (x > 1 and x)
            except KeyError as error:
                y = x + len(error.args)
            else:
                y = 0
            finally:
                x = x * 2
        else:
            y = 0
        return x, y

    assert run(program, source(*FLAGS), source(*NUMBERS)) == [(0, 1), (1, 0), (4, 3), (3, 0)]


def test_exception_in_the_midst_of_an_expression_leaves_nothing_open():
    def program(c, x):
        for _ in range(2):
            try:
                y = c and (x > 1 or {}["k"])
            except KeyError:
                y = x if c else x * 1
        return y

    assert run(program, source(*FLAGS), source(*NUMBERS)) == [0, 1, 2, 3]


def test_operator_errors_come_from_the_taken_branch_only():
    def program(c, x):
        return op(lambda v: 1 // v, x) if x > 0 else -1

    assert run(program, source(*FLAGS), source(*NUMBERS)) == [-1, 1, 0, 0]


def test_conversion_off():
    def program(c, x):
        if c:
            x = x + 1
        return x

    with pytest.raises(TypeError, match="conditional context.*enable_conditionals"):
        program(source(*FLAGS), source(*NUMBERS))


def test_deep_nests_of_source_text(tmp_path):
    depth = 60
    lines = ["def f(n):"]
    lines += [f"    {'if' if i == 0 else 'elif'} n == {i}:\n        return {i * 10}" for i in range(depth)]
    lines += ["    return -1", "", "def g(n):", "    y = -1"]
    lines += ["    " + " " * i + f"if n > {i}:\n" + "     " + " " * i + f"y = {i}" for i in range(40)]
    lines += ["    return y"]
    path = tmp_path / "deep.py"
    path.write_text("\n".join(lines))
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    n = source(0, 59, 7, 60)
    assert run(names["f"], n) == [0, 590, 70, -1]
    assert run(names["g"], n) == [-1, 39, 6, 39]
