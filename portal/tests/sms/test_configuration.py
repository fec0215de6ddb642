"""The gateways' file: what is wrong in it is told with its line, and no secret is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from kilitcoz_portal.sms import gateways
from kilitcoz_portal.sms.configuration import GatewaysFileWrong, lines_of
from kilitcoz_portal.sms.gateways import GatewayUnknown

GOOD = """
[birinci]
kind = "http"
url = "https://sms.example/send"
phone = "digits"

[birinci.form]
to = "{phone}"
message = "{text}"
user = "kilitcoz"
password = "{secret.password}"

[birinci.accepted]
status = [200]
body = '^00 '

[birinci.id]
body = '^00 (\\d+)'

[birinci.secrets]
password = { file = "SECRET" }
"""


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    """The file, with the secret it names beside it."""
    secret = tmp_path / "password"
    secret.write_text("çok-gizli\n", encoding="utf-8")
    secret.chmod(0o600)
    path = tmp_path / "gateways.toml"
    path.write_text(GOOD.replace("SECRET", str(secret)), encoding="utf-8")
    settings.KILITCOZ_SMS_GATEWAYS_FILE = str(path)
    settings.KILITCOZ_SMS_GATEWAY = "birinci"
    return path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def told(file: Path) -> str:
    """What is said of the file, without its folder."""
    with pytest.raises(GatewaysFileWrong) as refused:
        gateways.configured()
    return str(refused.value).replace(f"{file.parent}/", "")


def test_a_good_file_makes_the_gateways_in_the_settings_order(file: Path, settings: Settings) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.replace("birinci", "ikinci"), encoding="utf-8")
    settings.KILITCOZ_SMS_GATEWAY = "ikinci, birinci"
    assert [gateway.name for gateway in gateways.configured()] == ["ikinci", "birinci"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"https://sms.example/send"',
            '"http://sms.example/send"',
            "line 4: birinci.url: must begin with https",
        ),
        (
            '"https://sms.example/send"',
            '"https://a/b?user=x"',
            "line 4: birinci.url: needs a host, and no query",
        ),
        ('phone = "digits"', 'phone = "roman"', "line 5: birinci.phone: Input should be 'e164', 'digits'"),
        ('phone = "digits"', "timeout = 600", "line 5: birinci.timeout: Input should be less than"),
        ('phone = "digits"', 'fone = "digits"', "line 5: birinci.fone: Extra inputs are not permitted"),
        ('kind = "http"', 'kind = "pigeon"', "line 3: birinci.kind: one of http"),
        ('message = "{text}"', 'message = "{txt}"', "line 2: birinci: unknown placeholder {txt}"),
        ('message = "{text}"', 'message = "x"', "line 2: birinci: {text} is sent nowhere"),
        (
            "[birinci.form]",
            "[birinci.query]\na = 'b'\n[birinci.headers]",
            "line 2: birinci: {phone} and {text}",
        ),
        (
            "status = [200]",
            'status = ["ok"]',
            "line 14: birinci.accepted.status.0: Input should be a valid int",
        ),
        ("body = '^00 '", "body = '(00'", "line 15: birinci.accepted.body: no regular expression"),
        ("body = '^00 (\\d+)'", "body = '^00'", "line 18: birinci.id.body: needs one group"),
        ("body = '^00 '", "json = '/code'", 'line 13: birinci.accepted: "json" goes with "is" or "matches"'),
        ("[birinci.accepted]", "[birinci.approved]", "line 2: birinci.accepted: Field required"),
        ("[birinci.form]", "[birinci.form", "Expected ']' at the end of a table declaration (at line 7"),
        ("{ file", '"açıkta" #', "line 21: birinci.secrets.password: a secret is { file"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(file: Path, old: str, new: str, said: str) -> None:
    change(file, old, new)
    message = told(file)
    assert message.startswith("sms-gateways-file-wrong: gateways.toml: ")
    assert said in message
    assert "açıkta" not in message


def test_a_secret_that_others_may_read_or_that_is_not_there_is_told_by_its_files_name(file: Path) -> None:
    (file.parent / "password").chmod(0o644)
    assert "line 21: birinci.secrets.password: password: mode 644, must be 600" in told(file)
    (file.parent / "password").unlink()
    gateways._made.cache_clear()
    assert "line 21: birinci.secrets.password: password cannot be read" in told(file)


def test_a_secret_may_come_from_the_environment(file: Path, settings: Settings) -> None:
    change(file, f'{{ file = "{file.parent}/password" }}', '{ env = "SMS" }')
    settings.KILITCOZ_SECRETS = {}
    assert "there is no variable KILITCOZ_SECRET_SMS" in told(file)
    settings.KILITCOZ_SECRETS = {"SMS": "çok-gizli"}
    gateways.configured()


def test_no_secret_is_shown_by_a_gateway_or_its_settings(file: Path) -> None:
    gateway = gateways.configured()[0]
    shown = repr(gateway) + str(vars(gateway)["_settings"])
    assert "çok-gizli" not in shown


@pytest.mark.parametrize("named", ["üçüncü", "birinci,outbox", "outbox,birinci", "console,outbox", ""])
def test_only_gateways_that_are_there_and_elsewhere_can_follow_each_other(
    file: Path, settings: Settings, named: str
) -> None:
    settings.KILITCOZ_SMS_GATEWAY = named
    with pytest.raises(GatewayUnknown):
        gateways.configured()


def test_a_missing_file_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "birinci"
    settings.KILITCOZ_SMS_GATEWAYS_FILE = str(tmp_path / "none.toml")
    with pytest.raises(GatewaysFileWrong, match="cannot be read"):
        gateways.configured()


def test_lines_are_found_beside_texts_of_several_lines_and_dotted_keys() -> None:
    lines = lines_of('[a]\nxml = """\n[b]\nc = 1\n"""\nd.e = 2\n\n["f"]\n"g" = 3\n')
    assert lines == {("a",): 1, ("a", "xml"): 2, ("a", "d", "e"): 6, ("f",): 8, ("f", "g"): 9}
