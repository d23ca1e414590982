"""`if` over samples in Python: wrong programs.

Class and words of the error, and the line of the user that it points at.
"""

import importlib
import sys
import traceback

import pytest
from sample_nodes import conditionals, hooks, run, source

FLAGS = [True, False, True, False]
C, X = source(*FLAGS), source(0, 1, 2, 3)


def fails(program, kind, *words, line=None):
    """Runs a program that must fail; `line`: text of the line that the traceback ends in, or that the message
    names.
    """
    with pytest.raises(kind) as caught:
        run(program, C, X)
    error = caught.value
    assert hooks.branch == () and not conditionals.active()
    text = str(error)
    for word in words:
        assert word in text, text
    frames = traceback.extract_tb(error.__traceback__)
    assert not [
        f for f in frames[1:] if "_conditionals" in f.filename and f.name not in ("traced", "convert_call")
    ]
    if line is not None:
        assert line in frames[-1].line or line in frames[-2].line, frames
    return error


def test_variable_of_one_branch():
    def program(c, x):
        if c:
            pass
        else:
            y = x + 1
        return y + 1

    error = fails(
        program, RuntimeError, "inconsistent", "'y'", "`else` branch only", "`if` branch", line="return y + 1"
    )
    first = program.__code__.co_firstlineno
    assert f"{__file__}:{first + 1}" in str(error)


def test_variable_of_one_branch_inside_of_a_function_and_a_loop():
    def helper(c, x):
        for _ in range(2):
            if c:
                y = x
        return [y for _ in range(2)]

    def program(c, x):
        return helper(c, x)

    fails(program, RuntimeError, "inconsistent", "'y'", "`if` branch only")


def test_variable_of_one_branch_that_nobody_uses():
    def program(c, x):
        if c:
            y = x
            x = y
        return x

    assert run(program, C, X) == [0, 1, 2, 3]


def test_variable_deleted_in_one_branch():
    def program(c, x):
        if c:
            del x
        return x

    fails(program, RuntimeError, "inconsistent", "'x'")


def test_variable_of_one_branch_used_by_a_closure():
    def program(c, x):
        if c:
            y = x

        def inner():
            return y

        return inner()

    fails(program, RuntimeError, "inconsistent", "'y'", line="return y")


def test_attribute_of_one_branch():
    class Box:
        pass

    def program(c, x):
        box = Box()
        if c:
            box.image = x
        return box.image

    fails(program, RuntimeError, "inconsistent", "'image'", line="return box.image")


def test_ordinary_name_error_stays():
    def program(c, x):
        if c:
            x = undefined_name  # noqa: F821
        return x

    fails(program, NameError, "undefined_name", line="x = undefined_name")


def test_one_path_returns():
    def program(c, x):
        if c:
            return x

    fails(program, RuntimeError, "inconsistent", "return", "`else` branch")


def test_one_path_of_a_nest_returns():
    def program(c, x):
        if c:
            if x > 0:
                return x
        else:
            return 0

    fails(program, RuntimeError, "inconsistent", "return")


def test_return_with_and_without_value():
    def program(c, x):
        if c:
            return
        return x

    fails(program, RuntimeError, "inconsistent", "return")


def test_different_numbers_of_returned_values():
    def program(c, x):
        if c:
            return x, x
        else:
            return x

    fails(program, ValueError, "divergent", "returned value")


def test_structure_of_a_tuple_list_dict():
    def tuples(c, x):
        y = (x,)
        if c:
            y = (x, x)
        return y[0]

    def kinds(c, x):
        y = [x]
        if c:
            y = (x,)
        return y[0]

    def keys(c, x):
        y = {"a": [{"b": x}]}
        if c:
            y = {"a": [{"c": x}]}
        return y["a"]

    fails(tuples, ValueError, "divergent", "'y'", "has 2 elements in one branch", line="return y[0]")
    fails(kinds, ValueError, "divergent", "tuple in one branch, list in the other")
    fails(keys, ValueError, "divergent", "'y'['a'][0]", "the key 'b'")


def test_objects_none_and_texts():
    def objects(c, x):
        y = object() if False else object()
        if c:
            y = x
        return y

    def nothing(c, x):
        y = None
        if c:
            y = x
        return y

    def texts(c, x):
        y = "a"
        if c:
            y = "b"
        return y

    fails(objects, TypeError, "divergent", "type object")
    fails(nothing, TypeError, "divergent", "'y' is None")
    fails(texts, TypeError, "divergent", "type str")


def test_list_that_grows_in_one_branch():
    def program(c, x):
        out = []
        if c:
            out.append(x)
        return out

    first = program.__code__.co_firstlineno
    error = fails(program, ValueError, "divergent", "list", "1 elements in one branch, 0", line="if c:")
    assert f"{__file__}:{first + 2}" in str(error)


def test_dict_that_grows_in_a_called_function():
    cache = {}

    def put(key, x):
        cache[key] = x

    def program(c, x):
        if c:
            put("k", x)
        return x

    fails(program, ValueError, "divergent", "dict", line="if c:")
    assert cache == {}


def test_items_of_an_unknown_container():
    class Table:
        def __setitem__(self, key, value):
            pass

    def program(c, x):
        table = Table()
        if c:
            table[0] = x
        return x

    fails(program, TypeError, "Table", "list or a dict", line="table[0] = x")


def test_sets_and_arrays_changed_in_one_branch():
    np = pytest.importorskip("numpy")

    def sets(c, x):
        s = {1}
        if c:
            s.add(2)
        return x

    def arrays(c, x):
        a = np.zeros(3)
        if c:
            a[1:] = 2
        return x

    def same(c, x):
        a = np.zeros(3)
        if c:
            a[1] = 2
        else:
            a[1] = 2
        return x + float(a.sum())

    fails(sets, TypeError, "divergent")
    fails(arrays, TypeError, "divergent")
    assert run(same, C, X) == [2, 3, 4, 5]


def test_loops_and_assertions_over_nodes():
    def while_(c, x):
        while c:
            x = x + 1
        return x

    def assert_(c, x):
        raise AssertionError if c else x

    def bool_(c, x):
        if bool(c):
            x = x + 1
        return x

    def comprehension(c, x):
        return [x for _ in range(2) if c]

    def membership(c, x):
        return x in [1, 2]

    def iteration(c, x):
        for item in x:
            x = item
        return x

    fails(while_, TypeError, "conditional context", line="while c:")
    fails(bool_, TypeError, "conditional context")
    fails(comprehension, TypeError, "conditional context")
    fails(membership, TypeError, "conditional context")
    fails(iteration, TypeError, "not iterable")


def asserting(c):
    assert c


def test_assertion():
    fails(lambda c, x: asserting(c), TypeError, "conditional context")


def test_break():
    def program(c, x):
        for _ in range(3):
            if c:
                break
            x = x + 1
        return x

    def nested(c, x):
        for i in range(3):
            if c:
                if i == 1:
                    break
            x = x + 1
        return x

    def after_continue(c, x):
        for i in range(3):
            if c:
                continue
            if i == 1:
                break
        return x

    for wrong in (program, nested, after_continue):
        fails(wrong, TypeError, "`break`", line="break")

    def right(c, x):
        for i in range(3):
            if c:
                for _ in range(2):
                    if i == 1:
                        break
                    x = x + 1
        return x

    assert run(right, C, X) == [4, 1, 6, 3]


def test_return_for_some_where_others_continue():
    def program(c, x):
        for i in range(3):
            if c:
                continue
            if i == 1:
                return x
        return x + 100

    fails(program, TypeError, "`return`")


def test_predicate_on_the_gpu():
    def statement(c, x):
        if c.gpu():
            x = x + 1
        return x

    def negated(c, x):
        if not c.gpu():
            x = x + 1
        return x

    def expression(c, x):
        return x if c.gpu() else 0

    for program in (statement, negated, expression):
        fails(program, ValueError, "predicate", "gpu", ".cpu()")


def test_operands_must_be_bool():
    with pytest.raises(RuntimeError, match="`and`.*bool.*left"):
        run(lambda c, x: x and c, C, X)
    with pytest.raises(RuntimeError, match="`or`.*bool.*right"):
        run(lambda c, x: c or x, C, X)
    with pytest.raises(RuntimeError, match="`and`.*bool.*right"):
        run(lambda c, x: c and 1, C, X)
    with pytest.raises(TypeError, match="divergent"):
        run(lambda c, x: c and "text", C, X)


def test_recursion_over_samples():
    def endless(c, x):
        if c:
            return endless(x > 0, x - 1)
        return x

    def program(c, x):
        return endless(c, x)

    def even(c, x):
        return odd(x > 0, x - 1) if False else odd(x > 0, x - 1)

    def odd(c, x):
        if c:
            x = even(x > 0, x - 1)
        return x

    error = fails(program, RuntimeError, "endless()", "itself", __file__)
    assert type(error) is RuntimeError
    error = fails(lambda c, x: even(c, x), RuntimeError, "odd()")
    assert type(error) is RuntimeError


def test_ordinary_endless_recursion_is_a_recursion_error():
    def endless(x):
        return endless(x) + 1

    fails(lambda c, x: endless(x), RecursionError)


def test_errors_of_the_user_keep_type_and_line():
    class Special(KeyError):
        def __init__(self, a, b):
            super().__init__(a)
            self.b = b

    def helper(x):
        raise Special("key", 5)

    def program(c, x):
        if c:
            return helper(x)
        return x

    error = fails(program, Special, line='raise Special("key", 5)')
    assert error.b == 5
    if sys.version_info >= (3, 11):
        note = "\n".join(error.__notes__)
        place = f"{__file__}:{helper.__code__.co_firstlineno + 1}, in helper"
        assert "in user code" in note and place in note


def test_text_of_a_plain_error_names_the_line():
    def program(c, x):
        raise ValueError("wrong")

    error = fails(program, ValueError, "wrong")
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    assert f"{__file__}:{program.__code__.co_firstlineno + 1}, in program" in text


def test_finally_that_assigns_behind_an_exit():
    def program(c, x):
        for _ in range(2):
            try:
                if c:
                    continue
            finally:
                x = x + 1
        return x

    def harmless(c, x):
        try:
            if c:
                return x
        finally:
            print(end="")
        return 0

    fails(program, TypeError, "`finally`", "try")
    assert run(harmless, C, X) == [0, 0, 2, 0]


def test_loop_that_only_samples_end(monkeypatch):
    def program(c, x):
        while True:
            if x > 10:
                return x
            x = x + 1

    monkeypatch.setattr(importlib.import_module("_conditionals.runtime"), "LIMIT", 100)
    fails(program, RuntimeError, "unrolled 100 times", "no end")
