"""A graph of a few lines: nodes that are evaluated sample by sample.

The slow reference on which the conversion is tested.
"""

import importlib
import operator
import sys
from pathlib import Path

# The conversion needs no built library: it is loaded on its own, apart from the one that serves the real
# pipelines.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python" / "variegate"))
conditionals = importlib.import_module("_conditionals")
sys.path.pop(0)

BATCH = 4


class Node:
    """One value per sample: `compute(*inputs)`, or for a select the input that the condition names."""

    def __init__(self, inputs, compute, device="cpu"):
        self.inputs, self.compute, self.device = inputs, compute, device
        self.branch = hooks.branch

    @property
    def context(self):
        """The branches around the place where the node was made, from the outside."""
        found, branch = [], self.branch
        while branch:
            branch, *entry = branch
            found.insert(0, tuple(entry))
        return tuple(found)

    def needs(self, done):
        if self.compute is None and id(self.inputs[0]) in done:
            return [self.inputs[1 if done[id(self.inputs[0])] else 2]]
        return self.inputs[:1] if self.compute is None else self.inputs

    def __bool__(self):
        raise TypeError(
            '"DataNode" was used in conditional context; is enable_conditionals=True missing in '
            "@pipeline_def?"
        )

    def __iter__(self):
        raise TypeError("a DataNode is not iterable")

    __hash__ = object.__hash__

    def gpu(self):
        return Node([self], lambda x: x, "gpu")

    def __getitem__(self, index):
        return op(operator.getitem, self, index)


def _binary(name):
    function = getattr(operator, name)
    setattr(Node, f"__{name}__", lambda self, other: op(function, self, other))
    if name in ("add", "sub", "mul"):
        setattr(Node, f"__r{name}__", lambda self, other: op(function, other, self))


for _name in "add sub mul lt le gt ge eq ne".split():
    _binary(_name)


def op(function, *inputs):
    return Node([x if isinstance(x, Node) else hooks.constant(x) for x in inputs], function)


@conditionals.do_not_convert
def note(log, key, value):
    """Puts something into a list or dict of the test, unseen by the conversion."""
    if isinstance(log, dict):
        log[key] = value
    else:
        log.append(value)
    return value


def source(*values):
    """A node with these values in the samples of a batch."""
    values = list(values) * (BATCH // len(values))
    return Node([], lambda: values[current[0]])


current = [0]


def value(node, sample):
    """Computes what this sample needs, and nothing else; without recursion."""
    current[0] = sample
    done, todo = {}, [node]
    while todo:
        node = todo[-1]
        if id(node) in done:
            todo.pop()
            continue
        missing = [x for x in node.needs(done) if id(x) not in done]
        if missing:
            todo += missing
        elif node.compute is None:
            done[id(node)] = done[id(node.needs(done)[0])]
        else:
            done[id(node)] = node.compute(*[done[id(x)] for x in node.inputs])
    return done[id(node)]


class Hooks:
    """The hooks as a graph offers them."""

    def __init__(self):
        self.branch = ()

    def is_node(self, value):
        return isinstance(value, Node)

    def predicate(self, node):
        if node.device == "gpu":
            raise ValueError("the argument `predicate` of `if` may not be on the device gpu; use .cpu()")
        return node

    def logical_operand(self, node, which, side):
        def check(x):
            if not isinstance(x, bool):
                raise RuntimeError(
                    f"logical `{which}` is limited to scalar bool inputs; the {side} one is "
                    f"{type(x).__name__}"
                )
            return x

        return Node([node], check)

    def logical_not(self, node):
        return Node([node], lambda x: not x)

    def constant(self, value):
        if not isinstance(value, (bool, int, float)):
            raise TypeError(f"no constant from {type(value).__name__}")
        return Node([], lambda: value)

    def select(self, condition, if_true, if_false):
        return Node([condition, if_true, if_false], None)

    def enter_branch(self, condition, taken):
        self.branch = (self.branch, condition, taken)

    def exit_branch(self):
        self.branch = self.branch[0]


hooks = Hooks()
conditionals.set_hooks(hooks)


def evaluate(tree, sample):
    """The nodes in nested lists, tuples and dicts as values; other objects stay."""
    if isinstance(tree, Node):
        return value(tree, sample)
    if isinstance(tree, dict):
        return {key: evaluate(item, sample) for key, item in tree.items()}
    if isinstance(tree, (list, tuple)):
        return type(tree)(evaluate(item, sample) for item in tree)
    return tree


def run(function, *args):
    """The outputs of a converted function, one per sample."""
    out = conditionals.convert(function)(*args)
    assert hooks.branch == ()
    return [evaluate(out, i) for i in range(BATCH)]


def same_as_python(function, *columns):
    """Runs `function` on nodes, and as plain Python on the values of each sample; both must agree. Returns
    the result.

    A column is a list with a value per sample; anything else is passed as it is.
    """
    got = run(function, *[source(*c) if isinstance(c, list) else c for c in columns])
    expected = [
        function(*[c[i % len(c)] if isinstance(c, list) else c for c in columns]) for i in range(BATCH)
    ]
    assert got == expected
    return got
