"""The script: all chapters in their order."""

from __future__ import annotations

from .calling_back import CallingBack
from .chatting import Chatting
from .creating import Creating, Opening, Polling
from .environments import Environments
from .failing import Failing, Refusing
from .guided import Guided
from .looking_back import LookingBack
from .phoning import Living, Phoning
from .presenting import Presenting
from .proving import Flowing, Proving
from .stage import Stage
from .step import Chapter
from .storing import Looking, Storing


def script(stage: Stage) -> tuple[Chapter, ...]:
    """Give all chapters; each step builds on those before it."""
    phoning = Phoning(stage)
    return (
        Opening(stage).chapter(),
        Guided(stage).chapter(),
        Creating(stage).chapter(),
        Polling(stage).chapter(),
        phoning.chapter(),
        Living(stage).chapter(),
        Refusing(stage).chapter(),
        Environments(stage).chapter(),
        LookingBack(stage, phoning).chapter(),
        Flowing(stage).chapter(),
        Chatting(stage).chapter(),
        CallingBack(stage).chapter(),
        Storing(stage).chapter(),
        Looking(stage).chapter(),
        Failing(stage).chapter(),
        Proving(stage).chapter(),
        Presenting(stage).chapter(),
    )


def guided_chapters(stage: Stage) -> tuple[Chapter, ...]:
    """Give the chapters that a person is guided through; each needs nothing of the others."""
    return tuple(one for one in script(stage) if one.moves)
