"""What can be wrong with the website chat.

ChatError
├── BusyError
└── ChatSettingsError
"""


class ChatError(Exception):
    """Base of the errors of the website chat."""


class ChatSettingsError(ChatError):
    """A setting in credentials.yml or the environment cannot be used."""


class BusyError(ChatError):
    """More messages came than can be handled; this one is to be sent again."""
