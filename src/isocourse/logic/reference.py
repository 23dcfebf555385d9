"""The reference interpreter: slow, obvious, and the one that every other lowering must agree with."""

from __future__ import annotations

from collections.abc import Sequence

from isocourse.logic.tree import Op, Program, State
from isocourse.logic.truth import Truth, all_of, any_of, at_least, negate


def evaluate(program: Program, state: State) -> list[Truth]:
    """The truth of every node, in the program's order, as far as each slot by itself tells."""
    return extend(program, state, [])


def extend(program: Program, state: State, known: Sequence[int]) -> list[Truth]:
    """The truth of every node, where the answers of the first ones are known."""
    answers = [Truth(answer) for answer in known]
    for node in program.nodes[len(answers) :]:
        answers.append(_answer(program, state, answers, node.op, node.args, node.numbers))
    return answers


def _answer(
    program: Program, state: State, answers: list[Truth], op: Op, args: tuple[int, ...], numbers: tuple[int, ...]
) -> Truth:
    if op is Op.TRUE:
        return Truth.YES
    if op is Op.AND:
        return all_of(answers[child] for child in args)
    if op is Op.OR:
        return any_of(answers[child] for child in args)
    if op is Op.NOT:
        return negate(answers[args[0]])
    if op is Op.COUNT:
        return at_least(numbers[0], [answers[child] for child in args])
    if op is Op.RECORDED:
        return Truth(state.recorded[args[0]])
    if op is Op.ONE_OF:
        return _one_of(state.low[args[0]], numbers[0])
    return _ordered(state, op, args, numbers)


def _one_of(possible: int, wanted: int) -> Truth:
    if possible & ~wanted == 0:
        return Truth.YES
    return Truth.NO if possible & wanted == 0 else Truth.UNKNOWN


def _ordered(state: State, op: Op, args: tuple[int, ...], numbers: tuple[int, ...]) -> Truth:
    least, most = state.low, state.high
    if op is Op.AT_LEAST:
        worst, best = least[args[0]] - numbers[0], most[args[0]] - numbers[0]
    elif op is Op.RATIO:
        worst = least[args[0]] * numbers[0] - most[args[1]] * numbers[1]
        best = most[args[0]] * numbers[0] - least[args[1]] * numbers[1]
    else:
        worst = least[args[0]] - most[args[1]] - numbers[0]
        best = most[args[0]] - least[args[1]] - numbers[0]
    if worst >= 0:
        return Truth.YES
    return Truth.NO if best < 0 else Truth.UNKNOWN
