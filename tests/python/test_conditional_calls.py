"""Which functions are converted when a pipeline with conditionals calls them, and how."""

import contextlib
import functools
import linecache
import sys
import threading
import warnings

import numpy as np
import pytest
from sample_nodes import Node, conditionals, note, run, same_as_python, source

FLAGS = [True, False, True, False]
NUMBERS = [0, 1, 2, 3]


# -- callables -----------------------------------------------------------------------------------------


def inner(x, c):
    if c:
        x = x + 1
    return x


def middle(x, c):
    return inner(x, c)


def outer(x, c):
    return middle(x, not c)


def test_called_three_deep():
    def program(c, x):
        return outer(x, c)

    same_as_python(program, FLAGS, NUMBERS)


def test_lambdas_on_one_line():
    fs = [lambda c, x: x if c else 0, lambda c, x: 0 if c else x]

    def program(c, x):
        return [f(c, x) for f in fs], (lambda y: y or c)(c)

    same_as_python(program, FLAGS, NUMBERS)
    same_as_python(fs[1], FLAGS, NUMBERS)


def test_decorated_function():
    def twice(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            return f(f(*args, **kwargs), *args[1:])

        return wrapper

    @twice
    def step(x, c, by=3):
        """Adds."""
        return x + by if c else x

    def program(c, x):
        return step(x, c), step(x, c, by=10), step.__doc__, step.__name__

    same_as_python(program, FLAGS, NUMBERS)


def test_partial_keywords_defaults_and_stars():
    def helper(scale, c, x, *rest, shift=0, **more):
        if c:
            return x * scale + len(rest)
        return x + shift + more["k"]

    def program(c, x):
        return functools.partial(helper, 3, shift=5)(c, x, 1, 2, k=4)

    same_as_python(program, FLAGS, NUMBERS)


def test_map_filter_reduce():
    def add(a, b):
        return a + b if b > 1 else a

    def program(c, x):
        doubled = list(map(lambda v: v * 2 if c else v, [x, x + 1]))
        kept = list(filter(lambda v: v is not None, [None, x]))
        return doubled, kept, functools.reduce(add, [x, x, 5])

    same_as_python(program, FLAGS, NUMBERS)


def test_recursion_that_ends_by_a_static_condition():
    def select(x, index, operations, i=0):
        if i >= len(operations):
            return x
        if index == i:
            return operations[i](x)
        return select(x, index, operations, i + 1)

    def program(n, x):
        return select(x, n, [lambda v: v + 1, lambda v: v * 10, lambda v: v - 5])

    same_as_python(program, NUMBERS, [5, 6, 7, 8])
    many = [lambda v, k=k: v + k for k in range(200)]
    assert run(lambda n, x: select(x, n, many), source(0, 199, 77, 500), source(0)) == [0, 199, 77, 0]


def count_down(c, x, depth=3):
    return x if depth == 0 else count_down(c, x + 1 if c else x, depth - 1)


class Recursive:
    def __init__(self, scale):
        self.scale = scale

    def again(self, c, x):
        other = Recursive(self.scale - 1)
        return other.again(c, x * 2 if c else x) if other.scale else x


def test_global_functions_and_classes_that_name_themselves():
    same_as_python(lambda c, x: (count_down(c, x), Recursive(3).again(c, x)), FLAGS, NUMBERS)


def test_generators_constructors_and_numpy_are_left_alone():
    def numbers(k):
        yield from range(k)

    class Pair:
        def __init__(self, a, b):
            self.a, self.b = a, b

    def program(c, x):
        table = np.linspace(0, 1, 3)
        total = sum(numbers(3)) + len(table)
        pair = Pair(x, total)
        return pair.a + pair.b if c else pair.a

    same_as_python(program, FLAGS, NUMBERS)


def test_do_not_convert():
    @conditionals.do_not_convert
    def helper(x):
        return isinstance(x, Node) or (x and False)

    def program(c, x):
        return c, helper(x), conditionals.do_not_convert(len)([x])

    assert run(program, source(*FLAGS), source(0))[0] == (True, True, 1)
    with pytest.raises(ValueError, match="do_not_convert"):
        conditionals.convert(helper)


def test_active_and_convert_call():
    def user(x, c):
        return x if c else -1

    def program(c, x):
        note(seen, None, conditionals.active())
        return library(user, x, c)

    @conditionals.do_not_convert
    def library(f, x, c):
        return conditionals.convert_call(f, x, c)

    seen = []
    assert run(program, source(*FLAGS), source(*NUMBERS)) == [0, -1, 2, -1]
    assert seen == [True] and not conditionals.active()


def test_callbacks_defined_in_a_pipeline_work_outside_of_it():
    def program(x):
        def callback(v):
            if v > 1 and v < 3:
                return -v
            return v if v else 100

        return callback

    callback = conditionals.convert(program)(source(0))
    assert [callback(v) for v in NUMBERS] == [100, 1, -2, 3]


def test_signature_and_name_are_kept():
    def program(c, x=3, *, k=4):
        """Text."""
        return c, x, k

    converted = conditionals.convert(program)
    assert converted.__name__ == "program" and converted.__doc__ == "Text."
    assert converted(1, k=2) == (1, 3, 2)


def test_no_source_runs_unconverted_with_one_warning():
    names = {}
    exec("def f(x, c):\n    return x + (1 if c else 0)\n", names)

    def program(x):
        return names["f"](x, True), names["f"](x, False)

    with pytest.warns(RuntimeWarning, match="without conversion.*source text is not available") as caught:
        assert run(program, source(*NUMBERS))[1] == (2, 1)
    assert len(caught) == 1 and caught[0].filename == __file__


def test_changed_file_runs_unconverted(tmp_path):
    path = tmp_path / "changing.py"
    path.write_text("def f(x):\n    return x + 1\n")
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    path.write_text("def f(x):\n    return x + 2\n")
    with pytest.warns(RuntimeWarning, match="source text has changed"):
        assert run(lambda x: names["f"](x), source(*NUMBERS)) == [1, 2, 3, 4]


def test_no_warning_for_ordinary_programs():
    def program(c, x):
        with np.errstate(all="ignore"):
            return sorted([x, c], key=id)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(program, source(*FLAGS), source(*NUMBERS))


def test_wrappers_of_the_standard_library():
    class Context(contextlib.ContextDecorator):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

    @Context()
    def step(c, x):
        if c:
            return x + 1
        return x

    same_as_python(lambda c, x: step(c, x), FLAGS, NUMBERS)


def test_functions_of_a_notebook():
    """A cell has no file; its text is in `linecache`."""
    text = "def f(c, x):\n    return x + 1 if c else x\n"
    linecache.cache["<cell 1>"] = (len(text), None, text.splitlines(True), "<cell 1>")
    names = {}
    exec(compile(text, "<cell 1>", "exec"), names)
    same_as_python(names["f"], FLAGS, NUMBERS)


def module(tmp_path, text):
    path = tmp_path / "module.py"
    path.write_text(text)
    names = {"__name__": "module_of_the_test"}
    exec(compile(text, str(path), "exec"), names)
    return names


def test_match_statement(tmp_path):
    names = module(
        tmp_path,
        """
def f(kind, c, x):
    y = 0
    match kind:
        case ["add", by] if by and by > 0:
            if c:
                return x + by
            y = 1
        case {"scale": by, **rest}:
            y = x * by if c else len(rest)
        case other:
            y = other
    return x + y
""",
    )
    for kind in (["add", 5], {"scale": 3, "k": 1}, 7):
        columns = [source(*FLAGS), source(*NUMBERS)]
        expected = [names["f"](kind, c, x) for c, x in zip(FLAGS, NUMBERS, strict=True)]
        assert run(names["f"], kind, *columns) == expected


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
def test_type_parameters(tmp_path):
    names = module(
        tmp_path,
        """
def f[T](c: bool, x: T) -> T:
    def g[S](v: S) -> S:
        return v + 1 if c else v
    return g(x)

class K[T]:
    def m(self, c, x: T) -> T:
        return x if c else 0
""",
    )
    same_as_python(names["f"], FLAGS, NUMBERS)
    same_as_python(names["K"]().m, FLAGS, NUMBERS)


def test_annotations_docstrings_and_future_flags(tmp_path):
    names = module(
        tmp_path,
        """
from __future__ import annotations

def f(c: Unknown, x: "Unknown", *, k: Unknown = 2) -> Unknown:
    'Text.'
    y: Unknown = x
    if c:
        y: Unknown = x + k
    return y
""",
    )
    same_as_python(names["f"], FLAGS, NUMBERS)


def test_private_names_of_a_class(tmp_path):
    names = module(
        tmp_path,
        """
class Secret:
    def __init__(self):
        self.__x = 1

    def __help(self, __v):
        return __v + self.__x

    def get(self, c, x):
        if c:
            __local = self.__help(x)
            self.__x = 5
        else:
            __local = x
        return __local, self.__x

def f(c, x):
    return Secret().get(c, x)
""",
    )
    same_as_python(names["f"], FLAGS, NUMBERS)


def test_is_converted():
    def program(x):
        return lambda v: v + 1 if v else 0

    inner = conditionals.convert(program)(1)
    assert conditionals.is_converted(inner) and conditionals.is_converted(functools.partial(inner, 1))
    assert not conditionals.is_converted(program) and not conditionals.is_converted(len)


def test_threads_convert_at_the_same_time():
    def program(c, x):
        return count_down(c, x)

    def work():
        converted = conditionals.convert(program)
        results.append([converted(i, i) for i in range(50)])

    results = []
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[i + 3 if i else 0 for i in range(50)]] * 4
