"""`if` over samples in classes, closures and with lists: what a branch changes beside its own variables."""

from collections import defaultdict, deque

from sample_nodes import op, run, same_as_python, source

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


class Guarded:
    __slots__ = ("_x", "y")

    def __init__(self, x):
        self._x = x

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value + 1


class Attributes(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


def test_properties_slots_and_dynamic_attributes():
    def program(c, n, x):
        guarded, attributes = Guarded(x), Attributes(k=x)
        guarded.y = x
        if c:
            guarded.y = x + 10
            attributes.k = x + 100
        if n > 1:
            attributes.k += 1
            guarded._x = x + 5
        return guarded.x, guarded.y, attributes.k

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])


def test_property_setter():
    def program(c, x):
        guarded = Guarded(x)
        if c:
            guarded.x = x * 2
        else:
            y = guarded.x
            x = y + 1
        return x, guarded.y if hasattr(guarded, "y") else 0

    same_as_python(program, FLAGS, NUMBERS)


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
