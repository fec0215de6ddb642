"""`GET /.well-known/kilitcoz.json`: the portal's signing keys, for `kilitcoz-agent trust`."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kilitcoz_cards.messages import SigningKey, WellKnown
from kilitcoz_portal.operations.keys import keys


@require_safe
def well_known(_request: HttpRequest) -> HttpResponse:
    """`{"origin", "keys": [{"kid", "key"}]}`."""
    document = WellKnown(settings.KILITCOZ_ORIGIN, (SigningKey(keys().kid, keys().signing_public),))
    return HttpResponse(document.to_json(), content_type="application/json")
