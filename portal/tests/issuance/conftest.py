"""An installation whose key ceremony has been held."""

from portal.tests.certificates.conftest import founded

__all__ = ["founded"]
