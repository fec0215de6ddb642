"""What a sign-in can refuse.

SignInError
├── HumanCheckFailed   human-check-failed   wrong text, wrong digits, wrong proof of work
├── HumanCheckLate     human-check-late     used before, older than five minutes, or another browser's
├── SignInRefused      sign-in-refused      unknown number, wrong word, blocked word: never told apart;
│                                           carries `tries_left`, in a trusted browser's lane only
├── Waiting            (never raised itself; carries `wait_seconds`)
│   ├── SignInBusy     sign-in-busy         more logins at once than can be looked at; nothing was counted
│   ├── TriedTooSoon   sign-in-too-soon     this number was tried just now; nothing was counted
│   ├── NetworkSlowed  network-slowed       many wrong entries from this network; nothing was counted
│   └── SendTooSoon    sms-too-soon         less than a minute since the last sending
├── NothingAsked       sms-code-not-asked   there is no live code for this browser and purpose
├── CodeWrong          sms-code-wrong       wrong digits; carries `tries_left`
├── CodeLate           sms-code-late        its 300 seconds are over
├── CodeUsedUp         sms-code-used-up     five wrong tries, over all sendings
├── SendCapReached     sms-cap-reached      the day's number of messages is used up
├── RecoverySlowed     word-recovery-slowed   too many recoveries of the word from this network
├── NoRecovery         word-recovery-ended    none lives in this browser: late, over, or another browser's
├── ProofWrong         word-proof-wrong       the second proof's code is wrong; carries `tries_left`
├── ProofUsedUp        word-proof-used-up     five wrong ones in this browser
├── RecoveryHeld       word-recovery-held     the phone was changed in the last 72 hours; carries `until`
├── LossReportSlowed   loss-report-slowed     too many reports of lost cards from this network
├── NoLossReport       loss-report-ended      none lives in this browser: late, over, or another browser's
├── LossProofWrong     loss-proof-wrong       wrong code or number, or nobody's; carries `tries_left`
├── LossProofUsedUp    loss-proof-used-up     five wrong ones in this browser
├── LoginAlgorithmRefused   login-algorithm-refused    none that we take, or not of the key's kind
├── LoginSignatureWrong     login-signature-wrong      not by this key, or for another site or login
├── HolderNotKnown          certificate-holder-unknown nobody enrolled has the certificate's identity number
├── CertificateNotEnrolled  certificate-not-enrolled   valid, but not one of the holder's cards'
├── SignatureTicketLate     signature-ticket-late      the way to the certificate's page is used up or late
├── SignatureNotBegun       signature-not-begun        this browser did not begin it, or it is late, or used
├── NoCertificate           signature-no-certificate   the browser has shown none
└── CertificateMisdirected  signature-misdirected      it came in a header from nobody who may say so
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class SignInError(Exception):
    """Root of all refusals. `code` is a row of docs/errors.md."""

    code: ClassVar[str] = "sign-in-error"

    def __init__(self) -> None:
        super().__init__(self.code)


class HumanCheckFailed(SignInError):
    """The answer is not the picture's, not the sound's, and no valid proof of work."""

    code = "human-check-failed"


class HumanCheckLate(SignInError):
    """No such check for this browser any more."""

    code = "human-check-late"


class SignInRefused(SignInError):
    """Number and word do not open anything. Nobody learns which of the reasons it was.

    `tries_left` is None for strangers; a trusted browser is told.
    """

    code = "sign-in-refused"

    def __init__(self, tries_left: int | None = None) -> None:
        super().__init__()
        self.tries_left = tries_left


class Waiting(SignInError):
    """It may be tried again in `wait_seconds`."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__()
        self.wait_seconds = wait_seconds


class SignInBusy(Waiting):
    """No turn was to be had. Meanwhile the holder's computer can work for one (turns.PROVED)."""

    code = "sign-in-busy"

    def __init__(self) -> None:
        super().__init__(15)


class TriedTooSoon(Waiting):
    """The pause after the last try for this number, in this lane, is not over."""

    code = "sign-in-too-soon"


class NetworkSlowed(Waiting):
    """The pause after the last try from this network is not over."""

    code = "network-slowed"


class NothingAsked(SignInError):
    """No code was sent to this browser for this purpose."""

    code = "sms-code-not-asked"


class CodeWrong(SignInError):
    """Other digits than those sent last."""

    code = "sms-code-wrong"

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class CodeLate(SignInError):
    """Later than 300 s after the message was accepted."""

    code = "sms-code-late"


class CodeUsedUp(SignInError):
    """The tries are used up; the whole request is dead."""

    code = "sms-code-used-up"


class SendTooSoon(Waiting):
    """The cool-down between two messages is not over."""

    code = "sms-too-soon"


class SendCapReached(SignInError):
    """No more messages in this day's window."""

    code = "sms-cap-reached"


class RecoverySlowed(SignInError):
    """Whatever the numbers were: nobody learns which are enrolled."""

    code = "word-recovery-slowed"


class NoRecovery(SignInError):
    """Begin anew."""

    code = "word-recovery-ended"


class ProofWrong(SignInError):
    """Wrong, late, used, or none was ever given: not told apart."""

    code = "word-proof-wrong"

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class ProofUsedUp(SignInError):
    """The recovery is over; another one may begin."""

    code = "word-proof-used-up"


class RecoveryHeld(SignInError):
    """Told only after the second proof."""

    code = "word-recovery-held"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.args = (f"until {until.isoformat(timespec='minutes')}",)
        self.until = until


class LossReportSlowed(SignInError):
    """Whatever the numbers were."""

    code = "loss-report-slowed"


class NoLossReport(SignInError):
    """Begin anew."""

    code = "loss-report-ended"


class LossProofWrong(SignInError):
    """Wrong, late, or nobody is enrolled under the number: not told apart."""

    code = "loss-proof-wrong"

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class LossProofUsedUp(SignInError):
    """The report is over; another one may begin."""

    code = "loss-proof-used-up"


class LoginAlgorithmRefused(SignInError):
    """ES, RS and PS with SHA-2, each for the keys that RFC 7518 says."""

    code = "login-algorithm-refused"


class LoginSignatureWrong(SignInError):
    """The certificate's key did not sign this origin and this nonce."""

    code = "login-signature-wrong"


class HolderNotKnown(SignInError):
    """A valid certificate of somebody who is no holder here."""

    code = "certificate-holder-unknown"


class CertificateNotEnrolled(SignInError):
    """A valid certificate with a holder's number that is on none of the cards we enrolled."""

    code = "certificate-not-enrolled"


class SignatureTicketLate(SignInError):
    """No ticket of this name that could still be used: five minutes, five tries, one success."""

    code = "signature-ticket-late"


class SignatureNotBegun(SignInError):
    """Ticket, browser and completion secret do not belong together (A18b)."""

    code = "signature-not-begun"


class NoCertificate(SignInError):
    """TLS asked for a certificate, and none came."""

    code = "signature-no-certificate"


class CertificateMisdirected(SignInError):
    """A header names a certificate, but not by a proxy of ours, or not in its form."""

    code = "signature-misdirected"
