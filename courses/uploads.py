"""What every kind of uploaded file has in common. Stands alone, so that a photo does not load what sound needs."""


class UnusableFile(ValueError):
    """Says to the sender, in one sentence, why a file of hers is not kept."""
