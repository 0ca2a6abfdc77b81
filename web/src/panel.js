/** What the patient sees and touches. */

import { Composer } from "./composer.js";
import { icon, make } from "./elements.js";
import { entryNode } from "./messages.js";
import { factNodes, startNodes, sureNode } from "./start.js";

const CROSS = "M5 3.6 12 10.6l7-7L20.4 5l-7 7 7 7-1.4 1.4-7-7-7 7L3.6 19l7-7-7-7z";
// So much of the log that new words are followed, and not scrolled away from the reader.
const NEAR_PX = 80;

/** The dialog; knows nothing of the connection. */
export class Panel {
  #root;
  #parts;
  #words;
  #setup;
  #nodes = new Map();

  constructor(root, parts) {
    this.#root = root;
    this.#parts = parts;
    this.#words = parts.words;
    this.#setup = parts.setup;
    this.#build();
  }

  /** Shows it in other words. */
  translate(words) {
    this.#words = words;
    this.#rebuild();
  }

  /** Shows the clinic's facts. */
  fill(setup) {
    this.#setup = { ...this.#setup, ...setup };
    this.#head();
    this.#notice();
  }

  open(byHand) {
    if (!this.dialog.open) {
      // A small screen is filled, so what lies behind must not get the focus.
      if (byHand && matchMedia(this.#parts.small).matches) this.dialog.showModal();
      else this.dialog.setAttribute("open", "");
      this.#parts.button.hidden = true;
      this.#parts.button.classList.remove("new");
      this.#label();
      this.#parts.opened(true);
    }
    if (byHand) (matchMedia("(pointer: coarse)").matches ? this.title : this.composer.box).focus();
  }

  close() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.#parts.button.hidden = false;
    this.#parts.button.focus();
    this.#parts.opened(false);
  }

  /** Adds a message at the end. */
  add(entry) {
    const isNear = this.#isNearEnd();
    const node = entryNode(entry, {
      say: (key) => this.#words[key],
      numbers: [this.#setup.phone, this.#setup.emergency],
      tap: (button) => this.#parts.send(button.title, button),
      rate: this.#parts.rate,
    });
    this.#nodes.set(entry.id, node);
    this.log.append(node);
    this.start.hidden = true;
    if (isNear) this.#toBottom();
  }

  /** @returns {HTMLElement | undefined} what stands there for an entry */
  node(id) {
    return this.#nodes.get(id);
  }

  /** Moves a message to the end, if another one came before it. */
  toEnd(id) {
    const node = this.#nodes.get(id);
    if (node && node !== this.log.lastElementChild) this.log.append(node);
  }

  /** Marks a message that is not answered yet. */
  pending(id, words) {
    const message = this.#nodes.get(id)?.querySelector(".message");
    if (!message) return;
    message.querySelector(".pending")?.remove();
    if (words) message.append(make("span", { class: "pending", "aria-hidden": "true", text: words }));
  }

  /** Lets a screen reader pass over what is restored. */
  quietly(isQuiet, call) {
    if (isQuiet) this.log.setAttribute("aria-live", "off");
    call();
    if (!isQuiet) return;
    this.#toBottom();
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500);
  }

  empty() {
    this.#nodes.clear();
    this.log.replaceChildren();
    this.start.hidden = false;
    this.working(false);
  }

  /** Says something that is no message of the chat. */
  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  working(isWorking) {
    this.writing.classList.toggle("shown", isWorking);
    if (isWorking) this.say(this.#words.working);
    else if (this.status.textContent === this.#words.working) this.say("");
  }

  connection(words) {
    // The same words once more would be read aloud once more.
    if (this.line.textContent !== words) this.line.textContent = words;
    clearTimeout(this.timer);
    if (words === this.#words.back) this.timer = setTimeout(() => this.connection(""), 4000);
  }

  /** Scrolls to a question, so that its answer is read from the start. */
  scrollTo(id) {
    const node = this.#nodes.get(id);
    if (!node) return;
    const scroller = this.#scroller;
    const covered = scroller === this.dialog ? this.facts.firstElementChild?.offsetHeight ?? 0 : 0;
    const box = node.getBoundingClientRect();
    const isLong = box.height > scroller.clientHeight / 3;
    scroller.scrollTop += (isLong ? box.bottom : box.top) - scroller.getBoundingClientRect().top - covered - 8;
  }

  /** Tells of an answer that came while the chat was closed. */
  answered() {
    if (this.dialog.open) return;
    this.#parts.button.classList.add("new");
    this.#label();
  }

  #label() {
    const { button } = this.#parts;
    this.label ??= button.textContent;
    button.textContent = button.classList.contains("new") ? this.#words.new_message : this.label;
  }

  /** What scrolls: in a low window that is all of the chat. */
  get #scroller() {
    return getComputedStyle(this.scroll).overflowY === "visible" ? this.dialog : this.scroll;
  }

  #toBottom() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #rebuild() {
    const isOpen = this.dialog.open;
    this.dialog.remove();
    this.#nodes.clear();
    this.#build();
    if (isOpen) this.dialog.setAttribute("open", "");
  }

  #build() {
    const words = this.#words;
    this.title = make("h2", { id: "title", tabindex: "-1" });
    this.facts = make("div", { class: "facts" });
    this.items = this.#items();
    this.options = make("button", {
      type: "button", class: "options", "aria-expanded": "false", "aria-controls": "items", text: words.options,
      onclick: () => this.#expand(this.items.hidden),
    });
    const close = make("button", {
      type: "button", class: "close", "aria-label": words.close, title: words.close, onclick: () => this.close(),
    }, icon(CROSS));
    const bar = make("div", { class: "bar" }, this.title, this.options, close);
    this.start = make("div", { class: "start" });
    // There before the first message, or a screen reader would not tell of that one.
    this.log = make("div", {
      id: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": words.log,
    });
    this.writing = make("p", { class: "writing", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
    this.status = make("p", { class: "status", role: "status" });
    this.scroll = make("div", {
      class: "scroll", tabindex: "0", role: "region", "aria-label": words.log,
    }, this.start, this.log, this.writing, this.status);
    this.line = make("p", { class: "line", role: "status" });
    this.composer = new Composer(words, (text) => this.#parts.send(text));
    this.dialog = make("dialog", {
      "aria-labelledby": "title", lang: words.language, dir: words.direction,
      onkeydown: (event) => this.#key(event),
      oncancel: (event) => { event.preventDefault(); this.close(); },
    }, make("div", { class: "head" }, bar, this.items, this.facts), this.scroll, this.line, this.composer.form);
    this.#head();
    this.#notice();
    this.#root.append(this.dialog);
  }

  #head() {
    this.title.textContent = this.#setup.name || this.#words.title;
    this.facts.replaceChildren(...factNodes(this.#setup, this.#words));
  }

  #notice() {
    const { options, send } = this.#parts;
    const setup = { ...this.#setup, greeting: options.greeting ?? this.#setup.greeting };
    this.start.replaceChildren(...startNodes(setup, this.#words, send));
  }

  #items() {
    const words = this.#words;
    const item = (key, call) => make("button", {
      type: "button", text: words[key], onclick: () => { this.#expand(false); call(); },
    });
    return make("div", { id: "items", class: "items choices", hidden: true },
      item("person", () => this.#parts.send(words.person_words)),
      item("download", () => this.#parts.save()),
      item("clear", () => this.#ask()));
  }

  #expand(isOpen) {
    this.items.hidden = !isOpen;
    this.options.setAttribute("aria-expanded", String(isOpen));
  }

  /** Asks before the chat is cleared. */
  #ask() {
    this.dialog.querySelector(".sure")?.remove();
    const sure = sureNode(this.#words, (isSure) => {
      sure.remove();
      this.composer.box.focus();
      if (isSure) this.#parts.clear();
    });
    this.line.before(sure);
    sure.querySelector("button:last-child").focus();
  }

  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (this.items.hidden) return this.close();
    this.#expand(false);
    this.options.focus();
  }
}
