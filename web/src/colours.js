/** Colours that a clinic chooses: what stands on them must be readable. */

/** @returns {number} how light a colour is, as WCAG counts */
function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Paints the chat in a colour such as `#1f5f58`; anything else is left alone. */
export function paint(host, colour = "") {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour.trim())?.slice(1);
  if (!digits) return;
  const light = luminance(digits.map((pair) => parseInt(pair, 16)));
  host.style.setProperty("--brand", colour.trim());
  // Black or white, whichever differs more: at least 4.5 to 1 with any colour.
  host.style.setProperty("--on-brand", light > 0.179 ? "#000000" : "#ffffff");
}
