"""Which engine talks to an agent: the one place that knows them all."""

from __future__ import annotations

from collectors.snmp.agent_session import AgentSession
from collectors.snmp.engine.session import EngineSession
from collectors.snmp.pysnmp_session import PysnmpSession
from config.sections import Credential
from inventory.metrics import Instruments


def session_for(credential: Credential, timeout_s: float, instruments: Instruments) -> AgentSession:
    """A new session of the engine that the credential names; timeout_s: for one packet."""
    session = PysnmpSession if credential.engine == "pysnmp" else EngineSession
    return session(credential, timeout_s, instruments)
