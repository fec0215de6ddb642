"""What `kilitcoz check` looks at of messages: that their gateways are there, that they leave and are read."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone

from kilitcoz_portal.cli.work import CHANNELS
from kilitcoz_portal.mail import gateways as mail_gateways
from kilitcoz_portal.outgoing import queries as outgoing
from kilitcoz_portal.outgoing.sweeping import OVERDUE
from kilitcoz_portal.sms import alarms, budgets
from kilitcoz_portal.sms import gateways as sms_gateways
from kilitcoz_portal.sms.configuration import GatewaysFileWrong


def gateways() -> Iterator[str]:
    """The settings name gateways that can be made."""
    try:
        sms_gateways.configured()
        mail_gateways.configured()
    except sms_gateways.GatewayUnknown as error:
        yield f"{error}: KILITCOZ_SMS_GATEWAY must name a gateway"
    except (GatewaysFileWrong, mail_gateways.MailSettingsWrong) as error:
        yield str(error)


def messages() -> Iterator[str]:
    """What is queued leaves; budgets are not used up; codes come back."""
    now = timezone.now()
    try:
        for channel in CHANNELS:
            since = outgoing.overdue_since(channel.name)
            if since is not None and since < now - OVERDUE:
                waiting = f"{timezone.localtime(since):%Y-%m-%d %H:%M}"
                yield f"messages-waiting: {channel.name}, since {waiting}: is kilitcoz work running?"
        for scope in budgets.used_up(now):
            yield f"sms-budget-reached: {scope}: see docs/operations/sms.md before you raise it"
        if low := alarms.low_conversion(now):
            yield f"sms-conversion-low: {low.answered} of {low.sent} codes came back (docs/operations/sms.md)"
    except DatabaseError:
        return  # told by the database's own check
