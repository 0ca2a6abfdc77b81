/** How a message looks: paragraphs, lists, sources, links, buttons and thumbs. */

import { dial, icon, make } from "./elements.js";

const LINK = /https:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const UP = "M2 10h4v11H2zM8 21V10l5-8c2 0 2.6 1.4 2.2 3L14 9h6c1.3 0 2.2 1.2 1.9 2.5l-1.9 8A2 2 0 0 1 18 21z";
const DOWN = "M22 14h-4V3h4zM16 3v11l-5 8c-2 0-2.6-1.4-2.2-3L10 15H4c-1.3 0-2.2-1.2-1.9-2.5l1.9-8A2 2 0 0 1 6 3z";

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Finds links in a text. @param {string[]} numbers of phones @returns {(Node | string)[]} */
export function linked(text, numbers) {
  const known = numbers.filter(Boolean).map((number) => `(?<![\\d+])${literal(number)}(?!\\d)`);
  const pattern = new RegExp([LINK.source, ...known].join("|"), "g");
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(pattern)) {
    const isWeb = found.startsWith("https:");
    const href = isWeb ? found : found.includes("@") ? `mailto:${found}` : dial(found);
    const outside = isWeb ? { target: "_blank", rel: "noopener noreferrer" } : {};
    parts.push(text.slice(end, index), make("a", { href, ...outside, text: found }));
    end = index + found.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

/** Turns a text into paragraphs, lists and source lines. @returns {HTMLElement[]} */
export function blocks(text, numbers) {
  const nodes = [];
  for (const line of text.split(/\r?\n/)) {
    const [, number, item] = line.match(/^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$/) ?? [];
    const tag = item === undefined ? "p" : number ? "ol" : "ul";
    const className = line.startsWith("Source:") ? "source" : undefined;
    const last = nodes.at(-1);
    const goesOn = last?.localName === tag && last.className === (className ?? "") && last.textContent;
    const node = goesOn && line.trim() ? last : make(tag, { class: className });
    if (node !== last) nodes.push(node);
    if (number && node !== last) node.start = Number(number);
    if (tag !== "p") node.append(make("li", {}, ...linked(item, numbers)));
    else node.append(...(node === last ? ["\n"] : []), ...linked(line.trim(), numbers));
  }
  return nodes.filter((node) => node.textContent);
}

/**
 * Makes what stands in the log for one entry.
 * @param {{id: string, who: string, text: string, buttons?: object[], rated?: boolean}} entry
 * @param {object} tools `say` the words, `numbers` of phones, `tap` and `rate` to call
 * @returns {HTMLElement}
 */
export function entryNode({ id, who, text, buttons = [], rated }, { say, numbers, tap, rate }) {
  const isOwn = who === "patient";
  const body = isOwn ? [make("p", { text })] : blocks(text, numbers);
  const speaker = make("span", { class: "unseen", text: `${say(isOwn ? "you" : "assistant")}: ` });
  const message = make("div", { class: `message ${isOwn ? "own" : "answer"}` }, speaker, ...body);
  const node = make("div", { class: "entry", "data-id": id }, message);
  if (rated) node.append(thumbs(id, say, rate));
  if (buttons.length) {
    node.append(make("div", { class: "choices" }, ...buttons.map((button) =>
      make("button", { type: "button", text: button.title, onclick: () => tap(button) }))));
  }
  return node;
}

function thumbs(id, say, rate) {
  const row = make("div", { class: "thumbs", role: "group", "aria-label": say("rate") });
  for (const [helpful, path, label] of [[true, UP, "helpful"], [false, DOWN, "not_helpful"]]) {
    row.append(make("button", {
      type: "button", "aria-label": say(label), title: say(label), "aria-pressed": "false",
      "data-helpful": String(helpful), onclick: () => rate(id, helpful, row),
    }, icon(path)));
  }
  return row;
}

/** Shows which thumb is chosen. @param {HTMLElement} row @param {boolean} helpful */
export function press(row, helpful) {
  for (const button of row.children) {
    button.setAttribute("aria-pressed", String(button.dataset.helpful === String(helpful)));
  }
}
