"""Random rule trees: slots of both kinds, every operator, shared nodes."""

from __future__ import annotations

from random import Random

from isocourse.logic.tree import Builder, Op, Program, Slot


def random_program(
    rng: Random, *, slots: int, atoms: int, joints: int, top: int = 1_000_000, recorded: bool = True
) -> Program:
    """A program of random questions; ordered slots run from 1 to at most `top`."""
    builder = Builder()
    ordered = [
        builder.slot(Slot(f"amount{n}", 1, rng.randint(min(top, 4), top))) for n in range(max(2, slots - slots // 3))
    ]
    coded = [
        builder.slot(Slot(f"code{n}", 0, 0, tuple(f"c{k}" for k in range(rng.randint(2, 4)))))
        for n in range(max(1, slots // 3))
    ]
    nodes = [builder.node(Op.TRUE)]
    nodes += [_atom(rng, builder, ordered, coded, recorded=recorded) for _ in range(atoms)]
    for _ in range(joints):
        nodes.append(_joint(rng, builder, nodes))
    return builder.program()


def _atom(rng: Random, builder: Builder, ordered: list[int], coded: list[int], *, recorded: bool) -> int:
    op = rng.choice(
        [Op.AT_LEAST, Op.AT_LEAST, Op.RATIO, Op.GAP, Op.ONE_OF, Op.ONE_OF, Op.RECORDED if recorded else Op.AT_LEAST]
    )
    if op is Op.RECORDED:
        return builder.node(op, (rng.choice([*ordered, *coded]),))
    if op is Op.ONE_OF:
        slot = rng.choice(coded)
        return builder.node(op, (slot,), (rng.randrange(1 << len(builder.slot_named(slot).values)),))
    if op is Op.AT_LEAST:
        slot = rng.choice(ordered)
        held = builder.slot_named(slot)
        return builder.node(op, (slot,), (rng.randint(held.low, held.high + 1),))
    first, second = rng.sample(ordered, 2)
    if op is Op.RATIO:
        return builder.node(op, (first, second), (rng.randint(1, 9), rng.choice([0, 1, 1, 2, 3, 5, 7, 10])))
    reach = builder.slot_named(first).high // 2
    return builder.node(op, (first, second), (rng.randint(-reach, reach),))


def _joint(rng: Random, builder: Builder, nodes: list[int]) -> int:
    op = rng.choice([Op.AND, Op.OR, Op.NOT, Op.COUNT])
    if op is Op.NOT:
        return builder.node(op, (rng.choice(nodes),))
    children = tuple(rng.sample(nodes, min(len(nodes), rng.randint(2, 4))))
    if op is Op.COUNT:
        return builder.node(op, children, (rng.randint(1, len(children)),))
    return builder.node(op, children)
