"""Everything that `stance` raises on purpose.

StanceError                    base: message says what, where, why, and what to do
├── InputError                 a file or row that cannot be used
├── ConfigError                a configuration or topics file that is wrong
├── ModelError                 a model folder that is missing or does not fit
└── MissingExtraError          an optional package is not installed
"""


class StanceError(Exception):
    """Base of all errors meant for a person; the command line prints them in one paragraph."""


class InputError(StanceError):
    pass


class ConfigError(StanceError):
    pass


class ModelError(StanceError):
    pass


class MissingExtraError(StanceError):
    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs the optional packages of [{extra}]. Install them with: pip install 'stance[{extra}]'"
        )
