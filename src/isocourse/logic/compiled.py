"""Compiled Python: the whole program as one straight line, whose value vector is the trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from isocourse.logic.tree import Node, Op, Program, State

Run = Callable[[Sequence[int], Sequence[int], Sequence[int]], list[int]]
"""Takes the lows, the highs and the recorded bits of all slots; returns the truth bits of all nodes."""


_COMPILED: dict[int, tuple[Program, Callable[[State], list[int]]]] = {}
"""The last few programs and their functions, by identity: hashing a whole program takes longer than running it."""
FEW = 8


def compile_program(program: Program) -> Callable[[State], list[int]]:
    """A function from what is known to the truth bits of every node; a program is compiled once."""
    kept = _COMPILED.get(id(program))
    if kept is None:
        if len(_COMPILED) >= FEW:
            _COMPILED.clear()
        kept = _COMPILED[id(program)] = (program, _compiled(program))
    return kept[1]


def _compiled(program: Program) -> Callable[[State], list[int]]:
    """The program as one function.

    Only integers from the program enter the generated text, so there is nothing to escape.
    """
    space: dict[str, Run] = {}
    exec(compile(source(program), "<isocourse rules>", "exec", optimize=2), {"__builtins__": {}}, space)  # noqa: S102
    run = space["run"]

    def answer(state: State) -> list[int]:
        return run(state.low, state.high, state.recorded)

    return answer


def source(program: Program) -> str:
    """The generated text, for the curious and for tests."""
    reads = {
        slot for node in program.nodes if node.op in (Op.AT_LEAST, Op.RATIO, Op.GAP, Op.ONE_OF) for slot in node.args
    }
    lines = ["def run(L, H, R):"]
    lines += [f" l{slot} = L[{slot}]; h{slot} = H[{slot}]" for slot in sorted(reads)]
    lines += [f" t{index} = {_text(node)}" for index, node in enumerate(program.nodes)]
    lines.append(" return [" + ", ".join(f"t{index}" for index in range(len(program.nodes))) + "]")
    return "\n".join(lines) + "\n"


def _text(node: Node) -> str:
    op, args, numbers = node.op, node.args, node.numbers
    if op is Op.TRUE:
        return "2"
    if op is Op.AND:
        return f"({_bits('&', args)}) & 2 | ({_bits('|', args)}) & 1"
    if op is Op.OR:
        return f"({_bits('|', args)}) & 2 | ({_bits('&', args)}) & 1"
    if op is Op.NOT:
        return f"3 - t{args[0]} or 3"
    if op is Op.COUNT:
        return _count(numbers[0], args)
    if op is Op.RECORDED:
        return f"R[{args[0]}]"
    if op is Op.ONE_OF:
        others = ~numbers[0]
        return f"1 if not l{args[0]} & {numbers[0]} else 3 if l{args[0]} & {others} else 2"
    return _ordered(op, args, numbers)


def _bits(operator: str, args: tuple[int, ...]) -> str:
    return f" {operator} ".join(f"t{child}" for child in args)


def _count(k: int, args: tuple[int, ...]) -> str:
    may_be_yes = " + ".join(f"(t{child} >> 1)" for child in args)
    must_be_yes = " + ".join(f"(t{child} == 2)" for child in args)
    return f"2 if ({must_be_yes}) >= {k} else 3 if ({may_be_yes}) >= {k} else 1"


def _ordered(op: Op, args: tuple[int, ...], numbers: tuple[int, ...]) -> str:
    first = args[0]
    if op is Op.AT_LEAST:
        return f"2 if l{first} >= {numbers[0]} else 1 if h{first} < {numbers[0]} else 3"
    second = args[1]
    if op is Op.RATIO:
        p, q = numbers
        return f"2 if l{first} * {p} >= h{second} * {q} else 1 if h{first} * {p} < l{second} * {q} else 3"
    return f"2 if l{first} - h{second} >= {numbers[0]} else 1 if h{first} - l{second} < {numbers[0]} else 3"
