"""Every broken hand-in there is."""

from faults import archives, bytes_and_json, cells, colab, files_and_names

FAULTS = (
    *bytes_and_json.FAULTS,
    *cells.FAULTS,
    *colab.FAULTS,
    *files_and_names.FAULTS,
    *archives.FAULTS,
)
