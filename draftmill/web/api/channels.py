"""Channels for programs: where else their user is told, of what, and what came of it."""

from draftmill.errors import NotFound
from draftmill.notifications import channels, outbox
from draftmill.notifications.channels import Channel
from draftmill.notifications.outbox import Delivery
from draftmill.notifications.preferences import Preferences, prefer, preferences_of
from draftmill.web.api import channel_shapes
from draftmill.web.api.operations import Call, Reply
from draftmill.web.middleware.bearer import API
from draftmill.web.numbers import number_in
from draftmill.workers import postman

MOST_TRIES = 100


def list_all(call: Call) -> Reply:
    """GET: the user's channels, without their addresses."""
    found = channels.channels_of(call.db, call.user.id)
    return Reply(200, channel_shapes.ChannelList(items=[_shape(channel) for channel in found]))


def add(call: Call) -> Reply:
    """POST: a new channel, and the key that signs what a webhook gets, told only here."""
    body: channel_shapes.NewChannel = call.body
    added = channels.add(call.db, call.settings, call.user.id, body.name, body.address)
    channel, key = added
    told = channel_shapes.AddedChannel(**_shape(channel).model_dump(), signing_key=key or None)
    return Reply(201, told, {"Location": f"{API}/channels/{channel.id}/deliveries"})


def remove(call: Call) -> Reply:
    """DELETE: a channel with its log, and with what was still to be sent."""
    channels.remove(call.db, call.user.id, _channel(call).id)
    return Reply(204)


def test(call: Call) -> Reply:
    """POST: send a test now; 200 also when it could not be sent, with the reason."""
    return Reply(200, _delivery(postman.try_out(call.db, call.settings, _channel(call))))


def deliveries(call: Call) -> Reply:
    """GET: the newest tries of a channel, newest first."""
    found = outbox.deliveries_of(call.db, _channel(call).id, MOST_TRIES)
    return Reply(200, channel_shapes.DeliveryList(items=[_delivery(one) for one in found]))


def preferences(call: Call) -> Reply:
    """GET: where the user wishes to be told, and outside of the app of what."""
    return _told(preferences_of(call.db, call.user.id))


def change_preferences(call: Call) -> Reply:
    """PUT: the same from now on."""
    body: channel_shapes.Preferences = call.body
    wished = Preferences(body.where, body.minutes, body.only_away)
    prefer(call.db, call.user.id, wished)
    return _told(wished)


def _told(wished: Preferences) -> Reply:
    shape = channel_shapes.Preferences(
        where=wished.where, minutes=wished.minutes, only_away=wished.only_away
    )
    return Reply(200, shape)


def _channel(call: Call) -> Channel:
    number = number_in(call.path["channel_id"])
    if number is None:
        raise NotFound
    return channels.channel_for(call.db, call.user.id, number)


def _shape(channel: Channel) -> channel_shapes.Channel:
    return channel_shapes.Channel(
        id=channel.id, kind=channel.kind, name=channel.name, created_at=channel.created_at
    )


def _delivery(done: Delivery) -> channel_shapes.Delivery:
    return channel_shapes.Delivery(
        about=done.about,
        outcome=done.outcome,
        message=done.message,
        hint=done.hint,
        answer=done.answer,
        took_s=done.took_s,
        at=done.at,
    )
