""" "Bu ben değildim": opening the link changes nothing, pressing the button freezes everything."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
import structlog
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests.certificates.made import Made, answered, bring, make
from portal.tests.pages.walking import Walker
from portal.tests.people import card_of

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.ca.services import EmbeddedAuthority
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.errors import NotAllowed
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.certificates.models import State as CertificateState
from kilitcoz_portal.holders.models import Holder, SuspensionWish
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.pages import undoing
from kilitcoz_portal.signin import call_centre
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(walker: Walker) -> str:
    """The address in the notice of a login from a new browser; an unlock has just begun in it."""
    card_of(walker.holder)
    walker.sign_in()
    found = re.findall(r"/b/\S{22}", OutboxMessage.objects.get(purpose="notice").text)[0]
    walker.start_unlock()
    return found


def test_the_link_shows_what_happened_and_one_button(link: str, client: Client) -> None:
    page = client.get(link, headers={"accept-language": "tr"}).content.decode()
    assert "Hesabınıza yeni bir tarayıcıdan girildi." in page
    assert page.count("Bu ben değildim</button>") == 1


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete"])
def test_opening_it_any_number_of_times_changes_nothing(link: str, client: Client, method: str) -> None:
    before = (AuditEvent.objects.count(), Holder.objects.values().get())
    for _ in range(3):
        getattr(client, method)(link)
    assert (AuditEvent.objects.count(), Holder.objects.values().get()) == before
    assert Notice.objects.get().undone_at is None


def test_a_form_without_its_token_changes_nothing(link: str) -> None:
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert Holder.objects.get().frozen_at is None


def test_the_button_stops_everything(link: str, client: Client, walker: Walker) -> None:
    done = client.post(link, follow=True).content.decode()
    assert "Hesabınız donduruldu" in done
    assert "askıya almayı çağrı merkezi yapar" in done
    assert "0850 000 00 00" in done
    assert Holder.objects.get().frozen_at is not None
    assert Operation.objects.get().state == State.CANCELLED
    assert SuspensionWish.objects.count() == 1
    assert walker.get("/islemler")["Location"].startswith("/giris")
    assert "hesabınız donduruldu" in OutboxMessage.objects.latest("pk").text
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        walker.sign_in()
        assert "Hesabınız dondurulmuş" in walker.get("/islemler/kilit-cozme").content.decode()
    assert Notice.objects.filter(kind="new-browser").count() == 2  # nobody knows the browser any more


def press_of(made: Made, client: Client) -> str:
    """The link of a notice of Ayşe's, pressed; the page after it."""
    notices.tell(made.holder, Kind.NEW_BROWSER, timezone.now())
    link = re.findall(r"/b/\S{22}", OutboxMessage.objects.latest("pk").text)[0]
    return client.post(link, follow=True, headers={"accept-language": "tr"}).content.decode()


def test_a39_the_button_suspends_every_certificate_and_settles_the_wish(client: Client, ayses: Made) -> None:
    second = make(ayses.holder, serial="77777777")
    bring(second, CertificateState.AWAITING_ACTIVATION)
    page = press_of(ayses, client)
    assert "Bütün sertifikalarınız askıya alındı" in page
    assert "kendiliğinden açılmaz" in page
    assert ayses.states == second.states == {CertificateState.SUSPENDED}
    assert {answered(each, timezone.now()) for each in ayses.certificates} == {"certificate_hold"}
    assert SuspensionWish.objects.get().settled_at is not None
    change = ayses.certificates[0].changes.latest("pk")
    assert (change.role, change.reason) == ("system", "not-me")


def test_opening_the_account_again_opens_no_certificate(client: Client, ayses: Made) -> None:
    press_of(ayses, client)
    now = timezone.now()
    call_centre.ask_unfreeze(ayses.holder, now, by="Zeynep Kaya", reason="came in person", phone="")
    call_centre.approve_unfreeze(ayses.holder, now, by="Mert Aksoy")
    assert ayses.states == {CertificateState.SUSPENDED}
    with pytest.raises(NotAllowed):
        certificates.resume(ayses.certificates, HOLDER, now)


def test_a_certificate_that_has_expired_unswept_keeps_nothing_from_freezing(
    client: Client, ayses: Made
) -> None:
    old = ayses.certificates[0]
    Certificate.objects.filter(pk=old.pk).update(not_after=timezone.now())
    press_of(ayses, client)
    assert {each.state for each in ayses.certificates[1:]} == {CertificateState.SUSPENDED}


def test_an_authority_that_refuses_keeps_nobody_from_freezing(
    client: Client, ayses: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_arguments: object) -> None:
        raise CaUnavailable

    monkeypatch.setattr(EmbeddedAuthority, "set_status", silent)
    assert "askıya almayı çağrı merkezi yapar" in press_of(ayses, client)
    assert Holder.objects.get().frozen_at is not None
    assert SuspensionWish.objects.get().settled_at is None
    assert ayses.states == {CertificateState.VALID}


def test_a_second_press_says_that_it_is_done_already(link: str, client: Client) -> None:
    client.post(link)
    before = (AuditEvent.objects.count(), OutboxMessage.objects.count())
    assert "Hesabınız donduruldu" in client.post(link, follow=True).content.decode()
    assert (AuditEvent.objects.count(), OutboxMessage.objects.count()) == before


def test_after_the_call_centre_opened_the_account_the_old_link_freezes_nothing(
    link: str, client: Client
) -> None:
    client.post(link)
    Holder.objects.update(frozen_at=None)
    assert "daha önce kullanıldı" in client.post(link, follow=True).content.decode()
    assert Holder.objects.get().frozen_at is None


def test_unknown_and_late_links_are_answered_alike(link: str, client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        late = client.post(link, headers={"accept-language": "tr"})
        unknown = client.post("/b/" + "A" * 22, headers={"accept-language": "tr"})
    assert late.status_code == unknown.status_code == 404
    for answer in (late, unknown):
        assert "Bu bağlantı geçerli değil" in answer.content.decode()
    bodies = {
        re.sub(r'/b/[\w-]{22}|name="csrf\w+" value="\w+"', "", each.content.decode())
        for each in (late, unknown)
    }
    assert len(bodies) == 1
    assert Holder.objects.get().frozen_at is None


def test_who_tries_links_is_slowed_by_network_and_nobody_else_is(link: str, client: Client) -> None:
    for _ in range(undoing.UNKNOWN_PER_HOUR):
        assert client.get("/b/" + "A" * 22).status_code == 404
    assert client.get("/b/" + "B" * 22).status_code == 429
    assert client.get(link).status_code == 429
    assert client.get(link, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_the_links_secret_is_in_no_log(link: str, caplog: pytest.LogCaptureFixture) -> None:
    """Every line as the portal's own formatter writes it: ours of the request, and Django's of a refusal."""
    client = Client(enforce_csrf_checks=True)
    for answer in (client.get(link), client.post(link), client.put(link)):
        assert answer.status_code in {200, 403, 405}
    (formatter,) = {
        handler.formatter
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    }
    lines = [formatter.format(record) for record in caplog.records]
    assert len([line for line in lines if "/b/…" in line]) >= 5
    assert link not in "".join(lines)
