"""The control's way to say no."""

from gms_console.simulator.web.answers import Answer, json_answer


class Refused(Exception):  # noqa: N818 - an answer, no fault of ours
    """An order that is not carried out: a status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status

    def answer(self) -> Answer:
        """Return the refusal as an answer."""
        return json_answer({"error": str(self)}, status=self.status)
