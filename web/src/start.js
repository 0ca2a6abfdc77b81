/** What stands there before the first message. */

import { make } from "./elements.js";

/**
 * Says what this is, what is kept, and what could be asked.
 * @param {object} setup of the clinic @param {object} words of the interface
 * @param {(text: string) => void} send a quick question
 * @returns {HTMLElement[]}
 */
export function startNodes(setup, words, send) {
  const { greeting = words.hello, questions = [] } = setup;
  const notice = make("div", { class: "message answer" },
    make("p", { text: greeting }),
    make("p", {}, `${words.notice} `, make("strong", { text: words.not_for_emergencies })));
  if (setup.kept) {
    const text = words.kept.replace(/\{(\w+)\}/g, (_, name) => setup[name] ?? "");
    notice.append(make("p", { class: "source", text }));
  }
  if (!questions.length) return [notice];
  const buttons = questions.map((text) =>
    make("button", { type: "button", text, onclick: () => send(text) }));
  return [notice, make("h3", { text: words.you_could_ask }), make("div", { class: "choices" }, ...buttons)];
}
