"""What the steps of one case share: its instances by name, its captures, its variables."""

from __future__ import annotations

from collections.abc import Iterable

from gms_console.instance import Instance
from gms_console.model.environment import Environment
from gms_console.model.form import Form
from gms_console.redaction import is_credential_name, secret_rows
from gms_console.runner.ending import StepEnd
from gms_console.runner.plan import RunPlan
from gms_console.runner.results import Case, Verdict
from gms_console.session import Session
from gms_console.variables import Captures, Moment, Scope, VariableError, expand


class CaseScope:
    """The names that a case knows. Nothing of it is shared with another case."""

    def __init__(
        self,
        case: Case,
        environment: Environment,
        session: Session,
        plan: RunPlan,
        secrets: tuple[str, ...],
    ) -> None:
        self.case = case
        self.environment = environment
        self.session = session
        self.captures = Captures(plan.captured)
        self._instances = dict(plan.instances)
        self._names = {step.instance for step in case.flow.steps if step.kind == "create"}
        self._not_created: dict[str, tuple[Verdict, str]] = {}
        self._last: Instance | tuple[Verdict, str] = (
            Verdict.REFUSED,
            "no instance has been created yet; name one with “on”, or create one first",
        )
        if self._instances:
            self._last = tuple(self._instances.values())[-1]
        self._layers = (
            self.captures,
            plan.variables,
            dict(case.data),
            dict(case.flow.vars),
            dict(environment.variables),
        )
        place = environment.name or environment.base_url
        self._title = f"the flow {case.flow.title}, its data row or {place}"
        self._advice = plan.advice
        named = (name for layer in self._layers for name in layer if is_credential_name(name))
        self._secrets = (*secrets, *self._values(named))

    def scope(self, moment: Moment) -> Scope:
        """Give the variables as they are now, in the order of the flow format."""
        return Scope(*self._layers, moment=moment, title=self._title, advice=self._advice)

    def capture(self, captured: Iterable[tuple[str, str]]) -> None:
        """Take over what was captured."""
        for name, value in captured:
            self.captures[name] = value
            if is_credential_name(name):
                self._secrets = (*self._secrets, value)

    def secrets(self, form: Form | None) -> tuple[str, ...]:
        """Give the values that no report may show, with those of the rows of a request."""
        if form is None or not form.rows:
            return self._secrets
        return (*self._secrets, *secret_rows(form))

    def created(self, name: str, instance: Instance) -> None:
        """Take over a new instance."""
        self._last = instance
        if name:
            self._instances[name] = instance
            self._not_created.pop(name, None)

    def creating(self, name: str, title: str) -> None:
        """Note that a create begins: until it has passed, later steps have nothing to ask."""
        self._last = (Verdict.SKIPPED, f"{title} did not pass")
        if name:
            self._instances.pop(name, None)
            self._not_created[name] = self._last

    def not_creating(self, name: str, title: str) -> None:
        """Note that a create was skipped."""
        skipped = (Verdict.SKIPPED, f"{title} was skipped")
        if name and name not in self._instances:
            self._not_created[name] = skipped
        if not isinstance(self._last, Instance):
            self._last = skipped

    def nameless(self, name: str, title: str) -> None:
        """Note that a create passed without an id: a case must not pass without what follows."""
        why = f"the answer to {title} named no instance to go on with"
        self._last = (Verdict.REFUSED, why)
        if name:
            self._not_created[name] = self._last

    def instance(self, name: str) -> Instance:
        """Give the instance that a step is on: by its name, its id, or the one created last.

        Raises StepEnd where there is none.
        """
        found = self._last if not name else self._instances.get(name)
        if isinstance(found, Instance):
            return found
        missing = found or self._not_created.get(name)
        if missing is None and name in self._names:
            why = f"{name} has not been created; its step comes later or was not run"
            missing = (Verdict.REFUSED, why)
        if missing is not None:
            raise StepEnd(*missing)
        return self.session.attach(self.environment, name)

    def _values(self, names: Iterable[str]) -> Iterable[str]:
        scope = self.scope(Moment())
        for name in names:
            try:
                yield expand(f"{{{{{name}}}}}", scope)
            except VariableError:
                continue
