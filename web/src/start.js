/** What the panel says by itself: facts, first words, and whether to clear it. */

import { dial, make } from "./elements.js";

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

/** Numbers to dial, and opening hours. @returns {HTMLElement[]} */
export function factNodes({ phone, emergency, hours }, words) {
  const number = (say, value, className) => value
    && make("a", { class: className, href: dial(value), text: `${say} ${value}` });
  const numbers = [number(words.emergency, emergency, "alert"), number(words.phone_us, phone)];
  return [
    numbers.some(Boolean) && make("p", { class: "numbers" }, ...numbers.filter(Boolean)),
    hours && make("p", { class: "hours", text: `${words.open_hours} ${hours}` }),
  ].filter(Boolean);
}

/** Asks whether to clear the chat. @param {(isSure: boolean) => void} answer */
export function sureNode(words, answer) {
  const button = (key, isSure) =>
    make("button", { type: "button", text: words[key], onclick: () => answer(isSure) });
  return make("div", { class: "sure", role: "group", "aria-labelledby": "sure" },
    make("p", { id: "sure", text: words.clear_sure }),
    make("div", { class: "choices" }, button("clear_yes", true), button("clear_no", false)));
}
