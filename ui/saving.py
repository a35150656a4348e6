"""What the Console keeps for the next start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gms_console.model.exchange import OperationKind

if TYPE_CHECKING:
    from gms_console.workspace import Workspace

    from .body_desk import BodyDesk
    from .console import Console
    from .flows.desk import FlowDesk
    from .phone.desk import PhoneDesk


def saved_workspace(
    console: Console, phone: PhoneDesk | None, bodies: BodyDesk | None, flows: FlowDesk | None
) -> Workspace:
    """Give what the next start takes over; of a desk that was not made, what it found itself."""
    base_url, environment = console.base_url_text, console.environments.chosen
    if base_url == console.simulator.base_url:
        # The simulator's port is another one next time; a demo keeps what was there before.
        base_url = console.workspace.base_url if console.on_simulator else ""
        if console.on_simulator and not environment:
            environment = console.workspace.environment
    return replace(
        console.workspace,
        base_url=base_url,
        environment=environment,
        nodes=dict(console.environments.nodes),
        environments_folder=console.environments.folder_setting,
        create=console.drafts[OperationKind.CREATE].saved(),
        others=console.drafts[OperationKind.CREATE].saved_others(),
        request=console.drafts[OperationKind.REQUEST].saved(),
        poll=console.live.poll_settings,
        favourites=console.services.favourites,
        recent=console.services.recent,
        known_instances=console.live.known_instances,
        follow_methods=(
            dict(phone.follow_methods) if phone is not None else console.workspace.follow_methods
        ),
        notify=console.live.notify,
        recent_filters=(
            bodies.filters_to_keep() if bodies is not None else console.workspace.recent_filters
        ),
        history_days=console.history.settings.days,
        history_bytes=console.history.settings.most_bytes,
        private=console.history.settings.private,
        ignore_rules=dict(console.comparison.kept_rules),
        evidence=dict(console.evidence_choices),
        simulator_config=str(console.simulator.config or ""),
        flows_folder=(
            flows.files.folder_setting if flows is not None else console.workspace.flows_folder
        ),
    )
