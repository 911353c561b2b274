"""Nobody signs the outer headers: whatever they are changed to, a message never becomes more than it is."""

from __future__ import annotations

import pytest

from pecdesk.examine import examine
from pecdesk.pec.standing import Standing
from tests.kit.messages import anchors, genuine

REM = b"REM-MessageType: http://uri.etsi.org/19522/v1#/ERDMessageType/dispatch\r\n"
DISGUISES = {
    "as REM": REM,
    "as a REM receipt": REM.replace(b"dispatch", b"receipt"),
    "as an envelope": b"X-Trasporto: posta-certificata\r\n",
    "as a delivery": b"X-Ricevuta: avvenuta-consegna\r\n",
    "as nothing": b"",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_an_anomaly_envelope_with_other_headers_is_not_certified(disguise: str) -> None:
    anomalies = [specimen for specimen in genuine() if specimen.kind == "anomaly-envelope"]
    assert anomalies
    for specimen in anomalies:
        bare = specimen.raw.replace(b"X-Trasporto: errore\r\n", b"")
        assert bare != specimen.raw
        assert examine(DISGUISES[disguise] + bare, anchors()).standing is Standing.NOT_CERTIFIED
