import pytest

from tests import factories as make


@pytest.fixture
def places():
    return {
        code: make.region(code, name, level)
        for code, name, level in [
            ("36", "Banten", "province"),
            ("36.71", "Kota Tangerang", "regency"),
            ("36.71.01", "Tangerang", "district"),
            ("36.7", "Bukan Tangerang", "regency"),
            ("36.711", "Juga bukan", "regency"),
            ("73", "Sulawesi Selatan", "province"),
            ("73.71", "Kota Makassar", "regency"),
        ]
    }
