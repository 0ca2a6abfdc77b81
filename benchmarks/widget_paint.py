"""Times how long the panel takes to appear after the button is tapped."""

from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
# From the tap until the frame with the panel has been painted; the script is fetched
# in between, as for somebody who taps for the first time.
MEASURE = """async () => {
  const root = document.querySelector('clinic-chat').shadowRoot;
  const start = performance.now();
  root.querySelector('.launcher').click();
  const frame = () => new Promise(done => requestAnimationFrame(done));
  while (!root.querySelector('dialog[open] textarea')) await frame();
  await frame();
  await new Promise(done => setTimeout(done));
  return performance.now() - start;
}"""


def first_paints(address: str, times: int) -> list[float]:
    """Returns milliseconds, each in a browser that has cached nothing; none without."""
    if not CHROMIUM.exists():
        return []
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=ARGUMENTS
        )
        for _ in range(times):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(address)
            page.wait_for_timeout(200)
            found.append(float(page.evaluate(MEASURE)))
            context.close()
        browser.close()
    return found
