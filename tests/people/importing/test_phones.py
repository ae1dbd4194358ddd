"""Mobile numbers as Excel leaves them: mended where only one can be meant, else refused."""

import pytest

from people.importing.phones import UnclearPhone, mend_phone, written_phone


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890",
        "+62 812 3456 7890",
        "6281234567890",
        "(0812) 3456.7890",
        "0062 812 3456 7890",
        "+62 0812 3456 7890",
        "\u202a+62\u00a0812\u20113456\u20117890\u202c",  # copied from WhatsApp
        "0812\u20133456\u20137890",  # Word's dashes
        "'081234567890",  # an apostrophe that keeps Excel away
        "81234567890",  # the leading zero is lost
        "81234567890.0",  # a number with decimals
        "81234567890,00",
        "81,234,567,890",  # thousands, English
        "81.234.567.890",  # thousands, Indonesian
        "8.1234567890E+10",  # every digit is still there
        "8,1234567890E+10",
    ],
)
def test_a_number_that_can_only_be_one_is_mended(text):
    assert mend_phone(text) == "+6281234567890"


@pytest.mark.parametrize(
    "text",
    [
        "8.12E+10",  # digits are lost
        "8,12E+10",
        "8.123456789E+10",
        "8E+10",
        "6.28123E+12",
        "8.12345678901E+10",
        "0812",
        "08123456789012345",
        "0212345678",  # a landline
        "0802 3456 7890",  # no such prefix
        "008123456789",
        "0812345678.0.0.0x",
        "0812 3456 7890 / 0857 1234 5678",
        "+1 202 555 0100",
        "12345678901",
        "-",
        "tidak ada",
        "#N/A",
        "٠٨١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_a_number_that_is_not_certain_is_refused(text):
    with pytest.raises(UnclearPhone):
        mend_phone(text)


def test_a_number_is_written_as_people_do_and_read_back():
    assert written_phone("+6281234567890") == "081234567890"
    assert mend_phone(written_phone("+6281234567890")) == "+6281234567890"
