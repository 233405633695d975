from announcements.channels.base import Channel, Outcome, Permit, Sender, Standing, Tally
from announcements.channels.email import EmailChannel
from announcements.channels.web import WebChannel

CHANNELS: dict[str, Channel] = {channel.key: channel for channel in (WebChannel(), EmailChannel())}

__all__ = ["CHANNELS", "Channel", "Outcome", "Permit", "Sender", "Standing", "Tally"]
