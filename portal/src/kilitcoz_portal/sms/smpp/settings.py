"""The table of an SMSC in the gateways' file."""

from __future__ import annotations

from typing import Literal

from aiosmpplib import NPI, TON
from pydantic import BaseModel, ConfigDict, Field, FilePath

from kilitcoz_portal.sms.secrets import Secret
from kilitcoz_portal.sms.smpp.alphabets import Alphabet


class SmppSettings(BaseModel):
    """Where the SMSC is, who we are there, and how fast it wants us."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kind: Literal["smpp"]
    host: str
    port: int = Field(default=2775, gt=0, lt=65536)
    tls: bool = False
    ca_file: FilePath | None = None
    system_id: str = Field(max_length=15)
    password: Secret
    system_type: str = Field(default="", max_length=12)
    source: str = Field(max_length=20)
    source_ton: TON = TON.ALPHANUMERIC
    source_npi: NPI = NPI.UNKNOWN
    alphabet: Alphabet = Alphabet.TURKISH
    receipts: bool = True
    timeout: float = Field(default=20.0, gt=0, le=60)
    window: int = Field(default=10, gt=0, le=1000)
    per_second: float = Field(default=10.0, gt=0)
    enquire_every: float = Field(default=30.0, gt=0)
