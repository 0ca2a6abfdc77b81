/** Saves the chat as a text file. */

import { make } from "./elements.js";

/** @param {{who: string, text: string}[]} entries @param {(key: string) => string} say */
export function saveAsText(entries, say) {
  const lines = entries.map(({ who, text }) => `${say(who === "patient" ? "you" : "assistant")}: ${text}`);
  const head = `${say("title")}, ${new Date().toLocaleString()}`;
  const blob = new Blob([[head, ...lines].join("\n\n"), "\n"], { type: "text/plain;charset=utf-8" });
  const href = URL.createObjectURL(blob);
  make("a", { href, download: say("file") }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}
