"""The product as a next release would be: with another stylesheet. A server starts it by APPLICATION."""

from lms import stylesheet

stylesheet.SHEETS["everyone"] += ("drawings",)

from lms.wsgi import application  # noqa: E402, F401  the settings read the stylesheet
