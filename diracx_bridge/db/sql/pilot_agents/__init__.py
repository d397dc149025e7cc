"""PilotAgentsDB: the pilots, and which jobs each of them ran."""
