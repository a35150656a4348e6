"""A customer's story on a real server: sent through a Session, and told by a Journey."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from gms_console.catalogue import builtin_catalogue
from gms_console.events import Event, ExchangeRecorded
from gms_console.instance import Instance
from gms_console.journey.events import JourneyEvent, Sent
from gms_console.journey.journey import Journey
from gms_console.model.form import Form
from gms_console.phone import follow_up, send_follow_up
from gms_console.session import Session
from gms_console.wire.request import prepare_create
from tests.engine.helpers import Watch, environment, open_session
from tests.engine.polls import plan
from tests.support.wire_server import WireServer, json_answer

NUMBER, MAIL, CODE = "+16504669999", "ada@example.com", "8254"
PASSWORD = "not-on-any-screen-7741"

COOKIE = "cookie-of-this-session-5512"
CREATED = json_answer(
    {"_id": "A-1", "said": f"you are {PASSWORD}"}, headers=[("Set-Cookie", f"JSESSIONID={COOKIE}")]
)
WAITING = json_answer({"status": "waiting-for-agent"})
READY = json_answer({"status": "agent-ready"})
MENU = json_answer(
    {
        "_id": "A-1",
        "_action": "DisplayMenu",
        "_label": "You can now be connected",
        "_content": [
            {
                "_group_name": "Choose",
                "_group_content": [
                    {"_label": "Connect me", "_user_action_url": "/genesys/1/service/A-1/connect"}
                ],
            }
        ],
    }
)
DIAL = json_answer(
    {"_action": "DialNumber", "_label": "Call us", "_tel_url": f"tel:8005550123,{CODE}"}
)


class Story:
    """A Session whose exchanges go into a Journey, and into what else listens."""

    def __init__(self, wire: WireServer, session: Session) -> None:
        self.session = session
        self.journey = Journey(builtin_catalogue())
        self.place = environment(wire, headers=(("X-Api-Key", PASSWORD),))
        self.listeners: list[Callable[[JourneyEvent], object]] = []
        self.watch = Watch(session)
        session.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ExchangeRecorded):
            self.take(Sent(event.exchange))

    def take(self, event: JourneyEvent) -> None:
        """Tell of something, such as the note of a flow's step."""
        self.journey.take(event)
        for listener in self.listeners:
            listener(event)

    async def create(self, service: str = "request-inbound-poll") -> Instance:
        """Ask to be connected, with a number of one's own."""
        form = Form.of(("_phone_number", NUMBER), ("email", MAIL))
        made = await self.session.create(self.place, prepare_create(self.place, service, form))
        assert made.instance is not None, made.answer
        return made.instance

    async def ask(self, instance: Instance, request: str) -> None:
        """Send a request to the instance."""
        await instance.send(instance.prepare(request))

    async def wait_until_ready(self, instance: Instance) -> None:
        """Poll until an agent is ready."""
        poll = self.session.start_poll(instance, plan())
        await self.watch.until(lambda: poll.outcome is not None)

    async def choose(self, instance: Instance, path: str, label: str) -> None:
        """Choose an entry of the phone's menu."""
        await send_follow_up(instance, follow_up(instance, path, label))


@asynccontextmanager
async def story(wire: WireServer) -> AsyncIterator[Story]:
    """A story that is told while it goes on."""
    async with open_session() as session:
        yield Story(wire, session)


async def callback_story(told: Story, wire: WireServer) -> None:
    """Let a customer wait, look at the menu, choose, and get a number to call."""
    wire.script(CREATED, WAITING, WAITING, READY, MENU, DIAL)
    instance = await told.create()
    await told.wait_until_ready(instance)
    await told.ask(instance, "get-dialog")
    await told.choose(instance, "/genesys/1/service/A-1/connect", "Connect me")
