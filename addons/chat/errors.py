"""What can be wrong with the website chat.

ChatError
└── ChatSettingsError
"""


class ChatError(Exception):
    """Base of the errors of the website chat."""


class ChatSettingsError(ChatError):
    """A setting in credentials.yml or the environment cannot be used."""
