"""`if` over samples in Python: right programs.

Each is compared with what plain Python does for one sample.
"""

import collections

from sample_nodes import Node, conditionals, op, run, same_as_python, source

FLAGS = [True, False, True, False]
NUMBERS = [0, 1, 2, 3]


# -- if, elif, else --------------------------------------------------------------------------------


def test_if_else():
    def program(c, x):
        if c:
            y = x + 1
        else:
            y = x * 10
        return y

    same_as_python(program, FLAGS, NUMBERS)


def test_if_without_else_keeps_the_prior_value():
    def program(c, x):
        y = x
        if c:
            y = x + 1
        return y, x

    same_as_python(program, FLAGS, NUMBERS)


def test_else_only():
    def program(c, x):
        if c:
            pass
        else:
            x = x - 5
        return x

    same_as_python(program, FLAGS, NUMBERS)


def test_elif_chain():
    def program(n):
        if n == 0:
            x = 100
        elif n == 1:
            x = 200
        elif n == 2:
            x = 300
        else:
            x = 400
        return x

    same_as_python(program, NUMBERS)


def test_nested_with_outer_values():
    def program(c, n, x):
        y = x
        if c:
            if n > 0:
                y = x * 2
            z = y + 1
        else:
            z = 0
        return y, z

    same_as_python(program, FLAGS, NUMBERS, [5, 6, 7, 8])


def test_static_if_is_plain_python_and_traces_one_branch():
    def program(mode, x):
        if mode == "a":
            y = x + 1
        else:
            y = undefined_name  # noqa: F821
        if mode == "b":
            y = undefined_name  # noqa: F821
        return y

    same_as_python(program, "a", NUMBERS)


def test_static_condition_leaves_values_alone():
    def program(x):
        k = [1, "text", None]
        if len(k) == 3:
            k = k[1]
        return k, x

    assert run(program, source(0))[0] == ("text", 0)


def test_static_inside_of_per_sample():
    def program(c, flag, x):
        if c:
            if flag:
                x = x + 1
        elif not flag:
            x = x + 2
        return x

    same_as_python(program, FLAGS, True, NUMBERS)
    same_as_python(program, FLAGS, False, NUMBERS)


def test_numbers_become_nodes():
    def program(c):
        if c:
            a = 1
        else:
            a = 1
        return a

    assert isinstance(conditionals.convert(program)(source(*FLAGS)), Node)


def test_a_variable_that_no_branch_changes_stays_as_it_is():
    def program(c, x):
        n = 3
        if c:
            x = x + n
        return [x] * n

    same_as_python(program, FLAGS, NUMBERS)


def test_number_in_one_branch():
    def program(c, x):
        if c:
            a, b = x, 3
        else:
            a, b = 7, x
        return a, b

    same_as_python(program, FLAGS, NUMBERS)


def test_temporary_of_a_branch_may_be_anything():
    def program(c, x):
        if c:
            helper = [x, x]
            y = helper[0]
        else:
            helper = "text"
            y = x + len(helper)
        helper = 1
        return y + helper

    same_as_python(program, FLAGS, NUMBERS)


def test_deleted_in_a_branch():
    def program(c, x):
        t = x
        if c:
            y = t + 1
            del t
        else:
            y = t
            del t
        t = y
        return t

    same_as_python(program, FLAGS, NUMBERS)


def test_function_defined_in_both_branches_is_local_to_them():
    def program(c, x):
        if c:

            def f(v):
                return v + 1

            y = f(x)
        else:

            def f(v):
                return v + 2

            y = f(x)
        return y

    same_as_python(program, FLAGS, NUMBERS)


def test_augmented_assignment():
    def program(c, x):
        total = 0
        for i in range(3):
            if c:
                total += x
            total += i
        return total

    same_as_python(program, FLAGS, NUMBERS)


def test_walrus_and_unpacking():
    def program(c, x):
        a = b = r = x
        if c:
            a, *r = [x + 1, x + 2]
            b = (t := x + 3) + t
        else:
            r = [x]
        return a, b, r

    same_as_python(program, FLAGS, NUMBERS)


# -- nests -----------------------------------------------------------------------------------------


def test_dict_list_tuple_none():
    def program(c, x):
        d = {"a": x, "b": 1, "n": None, "deep": [x, (x, 2)]}
        if c:
            d = {"a": x + 1, "b": 2, "n": None, "deep": [x, (5, x)]}
        return d

    same_as_python(program, FLAGS, NUMBERS)


def test_named_tuple():
    Pair = collections.namedtuple("Pair", "image label")

    def program(c, x):
        p = Pair(x, 1)
        if c:
            p = p._replace(image=x + 1)
        return p.image, p.label

    same_as_python(program, FLAGS, NUMBERS)


def test_same_object_in_both_branches():
    def program(c, x):
        if c:
            f, s = len, "text"
        else:
            f, s = len, "te" + "xt"
        return x + f(s)

    same_as_python(program, FLAGS, NUMBERS)


# -- logical expressions ---------------------------------------------------------------------------


def test_and_or_not():
    def program(n):
        return n > 0 and n < 3, n == 0 or n == 3, not n, not (n > 1 and n > 2)

    same_as_python(program, NUMBERS)


def test_and_guards_the_right_side():
    table = [10, 20]

    def program(n):
        return n < 2 and op(lambda i: table[i] > 10, n)

    assert run(program, source(*NUMBERS)) == [False, True, False, False]


def test_or_guards_the_right_side():
    def program(n):
        return n == 0 or op(lambda i: 6 // i > 2, n)

    assert run(program, source(*NUMBERS)) == [True, True, True, False]


def test_static_operands_follow_python():
    def program(n):
        return (None or n), (0 and n), (1 and n), ("x" or n), ([] and undefined_name)  # noqa: F821

    assert run(program, source(*NUMBERS))[2] == (2, 0, 2, "x", [])


def test_three_operands_and_mixed():
    def program(n, m):
        return (n > 0 and m and n < 3), (n > 2 or not m or n == 1), (m and n > 0 or n == 0)

    same_as_python(program, NUMBERS, FLAGS)


def test_chained_comparison_evaluates_its_middle_once():
    calls = []

    def middle(n):
        calls.append(1)
        return n

    def program(n):
        return 0 < middle(n) < 3

    assert run(program, source(*NUMBERS)) == [False, True, True, False]
    assert len(calls) == 1

    def plain(k):
        return 0 < middle(k) <= 3 != 4, 5 < middle(k) < undefined_name  # noqa: F821

    assert conditionals.convert(plain)(2) == (True, False)


def test_chain_of_four():
    def program(a, b):
        return 0 <= a < b + 1 < 4

    same_as_python(program, NUMBERS, [3, 1, 2, 0])


def test_conditional_expression():
    def program(c, n):
        a = n + 1 if c else n - 1
        b = [0 if c else 1 if n > 2 else n for _ in range(2)]
        return a, b, (n if not c else -1), ("static" if len(b) == 2 else undefined_name)  # noqa: F821

    same_as_python(program, FLAGS, NUMBERS)


def test_logic_as_a_condition():
    def program(c, n):
        if c and n > 0 or n == 3:
            return n
        if not (c or n > 0):
            return -1
        return -2

    same_as_python(program, FLAGS, NUMBERS)
