"""`if` over samples in classes, closures and with lists: what a branch changes beside its own variables."""

import functools
import warnings
from collections import defaultdict, deque

import numpy as np
import pytest
from sample_nodes import Node, conditionals, note, op, run, same_as_python, source

FLAGS = [True, False, True, False]
NUMBERS = [0, 1, 2, 3]
TOTAL = 0


# -- attributes -----------------------------------------------------------------------------------------


class Box:
    default = 7

    def __init__(self, x=None):
        self.x = x
        self.__hidden = 1

    def store(self, c, x):
        if c:
            self.x = x
        return self

    def hide(self, c, x):
        if c:
            self.__hidden = x
        return self.__hidden

    def add(self, x):
        self.x = self.x + x

    def early(self, c, x):
        if c:
            return self.x
        self.x = x
        return 0


def test_attribute_in_a_branch():
    def program(c, x):
        box = Box(x)
        if c:
            box.x = x + 1
        return box.x

    same_as_python(program, FLAGS, NUMBERS)


def test_attribute_in_a_method_and_through_a_call():
    def program(c, n, x):
        box = Box(x)
        box.store(c, x + 10)
        if n > 1:
            box.add(100)
        return box.x, box.hide(c, x)

    same_as_python(program, FLAGS, NUMBERS, NUMBERS)


def test_attribute_behind_an_early_return():
    def program(c, x):
        box = Box(x)
        y = box.early(c, x + 50)
        return y, box.x

    same_as_python(program, FLAGS, NUMBERS)


def test_class_attribute_is_not_overwritten():
    def program(c, x):
        box = Box(x)
        if c:
            box.default = x + 1
        return box.default

    same_as_python(program, FLAGS, NUMBERS)
    assert Box.default == 7


def test_attribute_set_in_both_branches_only():
    def program(c, x):
        box = Box()
        if c:
            box.y = x
        else:
            box.y = x + 1
            box.x = 3
            box.x = None
        return box.y, box.x

    same_as_python(program, FLAGS, NUMBERS)


def test_augmented_attribute():
    def program(c, x):
        box = Box(x)
        box.values = [x]
        if c:
            box.x += 5
            box.values[0] *= 2
        return box.x, box.values

    same_as_python(program, FLAGS, NUMBERS)


def test_object_made_in_a_branch():
    def program(c, x):
        if c:
            box = Box(x)
            box.x = box.x + 1
            box.extra = [x]
            box.extra.append(2)
            y = box.x + box.extra[1]
        else:
            y = 0
        return y

    same_as_python(program, FLAGS, NUMBERS)


def test_inherited_method_with_super():
    class Base:
        def apply(self, c, x):
            if c:
                return x + 1
            return x

    class Derived(Base):
        def apply(self, c, x):
            x = super().apply(c, x) * 10
            return x if c else __class__.__name__ and x - 1

    def program(c, x):
        return Derived().apply(c, x)

    same_as_python(program, FLAGS, NUMBERS)


def test_static_and_class_methods_properties_and_callable_objects():
    class Ops:
        scale = 3

        @staticmethod
        def one(c, x):
            return x if c else 0

        @classmethod
        def two(cls, c, x):
            if c:
                x = x * cls.scale
            return x

        def __call__(self, c, x):
            return x + self.scale if c else -1

    def program(c, x):
        ops = Ops()
        return ops.one(c, x), Ops.two(c, x), ops(c, x)

    same_as_python(program, FLAGS, NUMBERS)


def test_a_class_that_keeps_state_from_call_to_call():
    class Augmenter:
        def __init__(self):
            self.image = None
            self.history = {"count": 0, "last": 0}

        def maybe(self, c, f):
            if c:
                self.image = f(self.image)
                self.history["count"] += 1
                self.history["last"] = self.image
            return self

    def program(c, n, x):
        augmenter = Augmenter()
        augmenter.image = x
        augmenter.maybe(c, lambda v: v + 1).maybe(n > 1, lambda v: v * 2)
        return augmenter.image, augmenter.history

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])


# -- lists and dicts -----------------------------------------------------------------------------------


def test_item_of_a_list():
    def program(c, x):
        images = [x, x + 1, x + 2]
        for i in range(len(images)):
            if c:
                images[i] = images[i] * 10
        return images

    same_as_python(program, FLAGS, NUMBERS)


def test_slice_of_a_list():
    def program(c, x):
        images = [x, x, x]
        if c:
            images[1:] = [x + 1, x + 2]
        return images

    same_as_python(program, FLAGS, NUMBERS)


def test_items_of_dicts_in_a_nest():
    def program(c, x):
        data = {"image": x, "meta": {"boxes": [x, 1]}}
        if c:
            data["image"] = x + 1
            data["meta"]["boxes"][0] += 5
        else:
            data["meta"]["boxes"] = [x, 2]
        return data

    same_as_python(program, FLAGS, NUMBERS)


def test_two_names_for_one_list():
    def program(c, x):
        a = [x]
        b = a
        if c:
            b[0] = x + 1
        a[0] = a[0] * 2
        return a, b, len({id(a), id(b)})

    same_as_python(program, FLAGS, NUMBERS)


def test_append_in_both_branches():
    def program(c, x):
        out = [x]
        if c:
            out.append(x + 1)
        else:
            out.append(0)
        out.append(5)
        return out

    same_as_python(program, FLAGS, NUMBERS)


def test_list_changed_by_a_function_of_its_own():
    def swap(values, i, j):
        values[i], values[j] = values[j], values[i]

    def program(c, n, x):
        values = [x, x + 1, x + 2]
        if c:
            swap(values, 0, 2)
            if n > 0:
                values.reverse()
                values[1] = 9
        return values

    same_as_python(program, FLAGS, NUMBERS, NUMBERS)


def test_list_made_in_a_branch():
    def program(c, x):
        if c:
            parts = []
            for i in range(3):
                parts.append(x + i)
            parts += [1]
            y = sum(parts[1:], parts[0])
        else:
            parts = [x]
            y = parts.pop()
        return y

    same_as_python(program, FLAGS, NUMBERS)


def test_list_made_and_filled_in_both_branches():
    def program(c, x):
        if c:
            out = []
            out.append(x)
        else:
            out = [0]
            out[0] = x + 1
        return out

    same_as_python(program, FLAGS, NUMBERS)


def test_dict_deque_defaultdict_and_deletion():
    def program(c, x):
        d = {"a": x, "b": x}
        q = deque([x, 2])
        e = defaultdict(int, k=x)
        if c:
            del d["a"]
            d["a"] = x + 1
            q.rotate()
            e["k"] += 1
            d.update(b=3)
        else:
            d["a"] = d.pop("b")
            d["b"] = 0
        return d, list(q), dict(e)

    same_as_python(program, FLAGS, NUMBERS)


def test_nested_branches_that_change_one_list():
    def program(c, n, x):
        v = [x, 0]
        if c:
            v[0] = x + 1
            if n > 1:
                v[0] = v[0] * 2
                v[1] = 1
            elif n == 1:
                v[1] = 7
            v[0] = v[0] + 100
        elif n == 3:
            v[:] = [x, x]
        return v

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])
    same_as_python(program, [True] * 4, NUMBERS, [5, 6, 7, 8])


def test_continue_with_a_list():
    def program(n, x):
        v = [x, x, x]
        for i in range(3):
            if n == i:
                v[i] = v[i] + 10
                continue
            v[i] = v[i] * 2
        return v

    same_as_python(program, NUMBERS, [5, 6, 7, 8])


def test_selection_of_outputs_by_index():
    """A table of views of which some are replaced, sample by sample."""

    def program(flags, x):
        views = [x + i for i in range(4)]
        for i, flag in enumerate(flags):
            if flag:
                views[i] = op(lambda v: -v, views[i])
            if flag and views[i] < -3:
                views[i] = 0
        return views

    def plain(n, x):
        views = [x + i for i in range(4)]
        for i in range(4):
            if (n + i) % 2 == 0:
                views[i] = 0 if -views[i] < -3 else -views[i]
        return views

    flags = [source(*[(n + i) % 2 == 0 for n in NUMBERS]) for i in range(4)]
    assert run(program, flags, source(*NUMBERS)) == [plain(n, n) for n in NUMBERS]


def test_conditional_expression_and_logic_undo_changes():
    def grow(v, x):
        v[0] = v[0] + x
        return v[0] > 3

    def program(c, x):
        v = [x]
        a = grow(v, 1) if c else grow(v, 5)
        b = c and grow(v, 100)
        return v, a, b

    same_as_python(program, FLAGS, NUMBERS)


# -- closures, globals ----------------------------------------------------------------------------------


def test_nonlocal():
    def program(c, n, x):
        count = x

        def increase(by):
            nonlocal count
            count = count + by

        def early(c):
            nonlocal count
            if c:
                return
            count = count * 2

        if c:
            increase(1)
        if n > 0:
            count = count + 10
            increase(100)
        early(n > 1)
        return count

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])


def test_global():
    def add(c, x):
        global TOTAL
        if c:
            TOTAL = TOTAL + x

    def program(c, x):
        global TOTAL
        TOTAL = x
        add(c, 10)
        return TOTAL

    same_as_python(program, FLAGS, NUMBERS)


def test_closure_sees_the_original_cells():
    k = 1

    def program(x):
        nonlocal k
        k += 1
        return x + k

    assert run(program, source(*NUMBERS)) == [2, 3, 4, 5]
    assert k == 2


def test_loop_variable_captured_late():
    def program(c, x):
        fs = [lambda v, i=i: v + i if c else v - i for i in range(3)]
        late = [lambda: i for i in range(3)]  # noqa: B023
        return [f(x) for f in fs], late[0]()

    same_as_python(program, FLAGS, NUMBERS)


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
