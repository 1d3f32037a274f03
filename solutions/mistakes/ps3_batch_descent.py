"""Known mistakes of ps3: batch descent, one update per epoch on all data."""

from __future__ import annotations

from solutions.mistakes import contract, recording
from solutions.mistakes import forward_and_loss as model
from solutions.mistakes import gradient_and_update as steps
from solutions.mistakes.loops import batch_case, history
from solutions.mistakes.machine import Machine
from solutions.mistakes.slips import Subject
from solutions.mistakes.ties import ALIASES, GROUPS, SUMMED

_EARLY = batch_case(23, 6)
_LATE = batch_case(7, 4, lr=0.0625, start=(-1.5, 2.5), earlier=batch_case(11, 3).arguments)

train_batch = Subject(
    answer=history,
    machines=(Machine(), Machine(closed=True)),
    slips=(
        *model.FORWARD,
        *model.EXCHANGES,
        *model.LOSS,
        *model.TOGETHER,
        *model.LOSS_FOLLOWED,
        *model.LOSS_RECORDED,
        *steps.ZEROING,
        *steps.NEVER_MOVE,
        *steps.GRADIENT,
        *steps.STEPPED_TWICE,
        *steps.OPTIMIZER,
        *steps.STALE,
        *steps.RATE,
        *recording.recording(on_all_data=True),
        *contract.PARAMETERS,
        *contract.RATES,
        *contract.EPOCHS,
        *steps.WEIGHT_FACTOR,
        *contract.LEFT,
    ),
    samples=(_EARLY, _LATE),
    ties=(*GROUPS["train_batch"], ("sum-instead-of-mean", "loss-not-averaged"), SUMMED),
    aliases=ALIASES["train_batch"],
)

SUBJECTS = {"train_batch": train_batch}
