"""All formats by name."""

from __future__ import annotations

from stance.annotate.brat import BRAT
from stance.annotate.conll import CONLL
from stance.annotate.dna import DNA
from stance.annotate.doccano import DOCCANO, DOCCANO_STANCE
from stance.annotate.form import Format
from stance.annotate.inception import INCEPTION
from stance.annotate.label_studio import LABEL_STUDIO
from stance.annotate.prodigy import PRODIGY
from stance.annotate.sheet import CSV, XLSX
from stance.annotate.web import WEB
from stance.errors import InputError
from stance.yamlfile import did_you_mean

FORMATS = {
    form.name: form
    for form in (LABEL_STUDIO, DOCCANO, DOCCANO_STANCE, BRAT, INCEPTION, PRODIGY, CONLL, WEB, DNA, CSV, XLSX)
}


def format_named(name: str) -> Format:
    """The format of that name.

    Raises:
        InputError: there is none; the message names those that there are.
    """
    if name not in FORMATS:
        raise InputError(f"There is no format {name!r}.{did_you_mean(name, FORMATS)} Formats: {', '.join(FORMATS)}.")
    return FORMATS[name]
