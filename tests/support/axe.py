"""What axe-core finds on a page: every rule that it has, the ones for good practice among them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A player's own controls are the browser's.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def found_by_axe(page: Page) -> list[str]:
    """A line for each thing that is wrong, empty when nothing is."""
    results = Axe().run(page, options=OPTIONS).response
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in results["violations"]
        for node in one["nodes"]
    ]
