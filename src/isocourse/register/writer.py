"""Appends events under one lock: seals, chains and signs them, and keeps the projections in step, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from isocourse.register import events as kinds
from isocourse.register.canonical import canonical, link
from isocourse.register.database import insert_rows
from isocourse.register.events import Draft, Stamp, Stored, Written, bound_to
from isocourse.register.fold import fold
from isocourse.register.identity import Identity, name_key
from isocourse.register.journal import about_the_register, chunks, end_of_chain, keys_of, versions_of
from isocourse.register.problem import ConflictError, RegisterError
from isocourse.register.projections import fall_behind, forget, refold, write_rows
from isocourse.register.seal import new_key, seal
from isocourse.register.signing import Signer
from isocourse.register.tables import EVENT, HEAD, IDENTITY, WORKLIST


class Writer:
    """One transaction's worth of writing. Made by `Register.writing`, which signs and commits at its end."""

    def __init__(self, connection: Connection, stamp: Stamp) -> None:
        self.connection, self.stamp = connection, stamp
        self.seq, self.prev = end_of_chain(connection)
        self._begun = self.seq
        self._keys: dict[str, bytes] = {}
        self._versions: dict[tuple[str, str], int] = {}
        self._asked: set[str] = {""}
        self._touched: dict[str, None] = {}
        self._fresh: dict[str, list[Written]] = {}
        """Patients added in this transaction, with everything written of them: they need not be read back."""

    # events ------------------------------------------------------------------------------------------------------------------
    def append(self, drafts: Sequence[Draft]) -> tuple[Stored, ...]:
        """Appends events.

        Raises:
            ConflictError: a course has grown since the writer read it.
            RegisterError: a patient is not known, or was erased.
        """
        self._learn([draft.patient for draft in drafts])
        rows, stored = [], []
        for draft in drafts:
            row = self._row(draft)
            rows.append(row)
            stored.append(Stored(self.seq, draft.patient, draft.course, self._version(draft), draft.kind, self.prev))
        insert_rows(self.connection, EVENT, rows)
        self._touched.update((draft.patient, None) for draft in drafts if draft.patient)
        return tuple(stored)

    def _learn(self, patients: Sequence[str]) -> None:
        """Fetches keys and versions of patients not met before in this transaction."""
        unknown = [each for each in dict.fromkeys(patients) if each not in self._asked]
        self._asked.update(unknown)
        self._keys.update(keys_of(self.connection, unknown))
        self._versions.update(versions_of(self.connection, unknown))
        if "" in patients and ("", "") not in self._versions:
            self._versions["", ""] = versions_of(self.connection, [""]).get(("", ""), 0)

    def _version(self, draft: Draft) -> int:
        return self._versions.get((draft.patient, draft.course), 0)

    def _row(self, draft: Draft) -> tuple[object, ...]:
        seen = self._version(draft)
        if draft.expected is not None and draft.expected != seen:
            raise ConflictError(
                f"{draft.course or draft.patient}: it was read at version {draft.expected} and now stands at version {seen}: "
                "somebody else wrote to it in between; look at it again, then decide. Nothing of this was written."
            )
        version = seen + 1
        self._versions[draft.patient, draft.course] = version
        body = text = canonical(draft.body)
        if draft.kind not in kinds.PLAIN:
            body = seal(self._key(draft.patient), body, bound_to(draft.patient, draft.course, version, draft.kind))
        seq, prev, stamp = self.seq + 1, self.prev, self.stamp
        told = (seq, draft.patient, draft.course, version, draft.kind, stamp.actor, stamp.at, stamp.knowledge)
        self.seq, self.prev = seq, link(prev, told, body)
        if draft.patient in self._fresh:
            self._fresh[draft.patient].append((*told[:5], text))
        return (*told, body, prev, self.prev)

    def _key(self, patient: str) -> bytes:
        key = self._keys.get(patient)
        if key is None:
            raise RegisterError.of(
                "erased",
                "{patient}: no such patient, or the patient was erased; see `isocourse register search`. Nothing was written.",
                patient=patient,
            )
        return key

    # identities --------------------------------------------------------------------------------------------------------------
    def admit(self, people: Sequence[Identity]) -> None:
        """Adds people under their pseudonyms, each with a new key."""
        rows = []
        for person in people:
            person.checked()
            key = self._keys[person.patient] = new_key()
            self._asked.add(person.patient)
            self._fresh[person.patient] = []
            rows.append(
                (person.patient, key, person.name, name_key(person.name), person.birth, person.number, person.contact)
            )
        insert_rows(self.connection, IDENTITY, rows)

    def identify(self, person: Identity) -> None:
        """Changes who stands behind a pseudonym; that it was changed is written into the chain, what it was is not kept."""
        person.checked()
        self._learn([person.patient])
        self._key(person.patient)
        said = {
            "name": person.name,
            "name_key": name_key(person.name),
            "birth": person.birth,
            "number": person.number,
            "contact": person.contact,
        }
        self.connection.execute(update(IDENTITY).where(IDENTITY.c.patient == person.patient).values(said))
        self.append([Draft(kinds.PATIENT_IDENTIFIED, {"identity": person.digest}, person.patient)])

    def erase(self, patient: str, why: str) -> None:
        """Destroys identity and key of a patient. The events stay in the chain; nobody can open them any more."""
        self._learn([patient])
        self._key(patient)
        self.append([Draft(kinds.PATIENT_ERASED, {"why": why}, patient)])
        self.connection.execute(delete(IDENTITY).where(IDENTITY.c.patient == patient))
        self.connection.execute(delete(WORKLIST).where(WORKLIST.c.patient == patient))
        forget(self.connection, [patient])
        del self._keys[patient], self._touched[patient]
        self._fresh.pop(patient, None)

    # the end -----------------------------------------------------------------------------------------------------------------
    def finish(self, signer: Signer) -> None:
        """Brings the projections up to date and signs the new head."""
        if self.seq == self._begun:
            return
        write_rows(self.connection, [fold(theirs) for theirs in self._fresh.values()])
        for some in chunks([patient for patient in self._touched if patient not in self._fresh]):
            refold(self.connection, some)
            fall_behind(self.connection, some)
        self._may_sign(signer)
        write_head(self.connection, signer, self.seq, self.prev, self.stamp.at)

    def _may_sign(self, signer: Signer) -> None:
        last = self.connection.execute(select(HEAD.c.key).order_by(HEAD.c.seq.desc()).limit(1)).scalar()
        if signer.public != last and signer.public not in public_keys(self.connection):
            raise RegisterError.of(
                "other_key",
                "{place}: the register does not know this key; copy the key from where the register was kept, or let this machine sign "
                "with `isocourse register key --adopt`. Nothing was written.",
                place=str(signer.place),
            )


def public_keys(connection: Connection) -> list[str]:
    """The signing keys that the chain itself names, in order."""
    return [str(event.body["public"]) for event in about_the_register(connection) if "public" in event.body]


def write_head(connection: Connection, signer: Signer, seq: int, hash_: bytes, at: str) -> None:
    """Signs the head. The newest is kept, and the last one of each day before."""
    last = connection.execute(select(HEAD.c.seq, HEAD.c.at).order_by(HEAD.c.seq.desc()).limit(1)).first()
    if last is not None and last.at[:10] == at[:10]:
        connection.execute(delete(HEAD).where(HEAD.c.seq == last.seq))
    head = signer.head(seq, hash_, at)
    connection.execute(
        HEAD.insert().values(seq=head.seq, hash=head.hash, at=head.at, key=head.key, signature=head.signature)
    )
