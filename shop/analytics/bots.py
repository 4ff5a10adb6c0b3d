"""Which callers are programs rather than people, by what they say of themselves."""

import re

# Words of crawlers, previews, watchers, test browsers and HTTP libraries. A program that calls itself a
# browser is not told from one. "Cubot" is a maker of telephones.
_PROGRAMS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|scrap|archiv|preview|externalhit|embedly|whatsapp|feed"
    r"|monitor|uptime|pingdom|statuscake|lighthouse|pagespeed|gtmetrix|scan|check|validator"
    r"|headless|phantom|selenium|puppeteer|playwright"
    r"|curl|wget|libwww|python|aiohttp|httpx|java/|okhttp|apache-http|go-http|node|undici|axios|got \("
    r"|ruby|perl|php|postman|insomnia|http-?client"
)


def is_bot(user_agent: str | None) -> bool:
    """Whether this user agent is a program's; one that says nothing is, for every browser says something."""
    text = (user_agent or "").strip().lower()
    return not text or _PROGRAMS.search(text) is not None
