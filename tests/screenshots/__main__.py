"""Pictures of the page, to be looked at: `python -m tests.screenshots [folder]`. The README's is among them."""

import sys
from pathlib import Path

from tests.browser.app import App
from tests.browser.server import chromium, serving

SIZES = ((1280, 800), (1920, 1080), (3840, 2160), (768, 1024), (390, 844))
QUERIES = {
    "circle": "",
    "spiral": "data=spiral&hidden=8,8,8&features=x1,x2,sinx1,sinx2&lr=0.03",
    "blobs": "data=blobs&classes=5&noise=20&hidden=8",
    "hills": "data=multi-gaussian&hidden=8,8&activation=tanh&lr=0.03",
    "large": "data=xor&noise=10&hidden=16,16,16,16,16,16&features=x1,x2,x1sq,x2sq,x1x2,sinx1,sinx2&lr=0.01",
}
README = Path(__file__).with_name("playground.png")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with serving() as app, chromium() as browser:
        for width, height in SIZES:
            for theme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
                for name, query in QUERIES.items() if width == SIZES[0][0] else [("circle", "")]:
                    page.goto(f"{app.url}?{query}")
                    _play_to(App(page), 100)
                    page.screenshot(path=folder / f"{name}-{width}x{height}-{theme}.png")
                page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{app.url}?{QUERIES['spiral']}")
        _play_to(App(page), 400)
        page.screenshot(path=README)


def _play_to(app: App, steps: int) -> None:
    app.wait_for_picture()
    for _ in range(steps // 100):
        app.press("×100")
    app.wait_for_step(steps)
    app.page.mouse.move(0, 0)
    app.page.wait_for_timeout(500)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "/tmp/screenshots"))
