from announcements.channels.base import Channel, Outcome, Permit, Sender, Standing, Tally
from announcements.channels.board import BoardChannel
from announcements.channels.email import EmailChannel
from announcements.channels.letter import LetterChannel
from announcements.channels.push import PushChannel
from announcements.channels.radio import RADIO_30, RADIO_60
from announcements.channels.texts import InstagramChannel, TelegramChannel, WhatsAppChannel
from announcements.channels.web import WebChannel

CHANNELS: dict[str, Channel] = {
    channel.key: channel
    for channel in (
        WebChannel(),
        EmailChannel(),
        PushChannel(),
        WhatsAppChannel(),
        InstagramChannel(),
        TelegramChannel(),
        RADIO_30,
        RADIO_60,
        BoardChannel(),
        LetterChannel(),
    )
}

__all__ = ["CHANNELS", "Channel", "Outcome", "Permit", "Sender", "Standing", "Tally"]
