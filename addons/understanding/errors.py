"""Errors of the understanding package.

UnderstandingError
├── EncoderError           the sentence encoder is missing or damaged
├── SettingError           a value in config.yml is unknown or out of range
└── SafetyRuleError        a mistake in data/safety, with file and line
"""


class UnderstandingError(Exception):
    """Base of all errors of this package."""


class EncoderError(UnderstandingError):
    """The sentence encoder is missing or damaged."""


class SettingError(UnderstandingError):
    """A value in `config.yml` is unknown or out of range."""


class SafetyRuleError(UnderstandingError):
    """A mistake in `data/safety`, with file and line."""
