/** The chat itself: joins what the patient sees with what the server says. */

import english from "../languages/en.json";
import css from "./chat.css";
import { paint } from "./colours.js";
import { Connection, newId } from "./connection.js";
import { Memory } from "./memory.js";
import { press } from "./messages.js";
import { Panel } from "./panel.js";
import { saveAsText } from "./save.js";

// A short break is not worth a word.
const SILENT_MS = 1500;
const UNREACHABLE_MS = 6000;

/** Puts the chat into the element of the page. @returns {{open: (byHand: boolean) => void}} */
export function mount(root, { base, options, small, button }) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  paint(root.host, options.colour ?? options.color);
  if (/^(light|dark)$/.test(options.theme)) root.host.dataset.theme = options.theme;
  return new Chat(root, base, options, small, button);
}

class Chat {
  #memory;
  #panel;
  #connection;
  #seen = new Map();
  #words = english;
  #started = false;
  #wasReady = false;
  #lostAt = 0;
  #told = false;
  #timer = 0;

  constructor(root, base, options, small, button) {
    this.#memory = new Memory(base);
    const setup = { phone: options.phone, emergency: options.emergency, ...this.#memory.setup };
    this.#panel = new Panel(root, {
      words: this.#words, setup, options, small, button,
      send: (text, choice) => this.#send(text, choice),
      rate: (id, helpful, row) => this.#rate(id, helpful, row),
      clear: () => this.#clear(),
      save: () => saveAsText([...this.#seen.values()], (key) => this.#words[key]),
      opened: (isOpen) => this.#opened(isOpen),
    });
    this.#connection = new Connection(base, this.#memory, {
      ready: () => this.#ready(),
      lost: () => this.#lost(),
      begun: (begun) => this.#begun(begun),
      entries: (entries) => this.#show(entries),
      working: () => this.#panel.working(true),
      answered: (message, entries) => this.#answered(message, entries),
      refused: (message, why) => this.#refused(message, why),
      waiting: () => { this.#panel.working(false); this.#panel.say(this.#words.waiting); },
    });
    // Cleared in another tab: then what waits in this one goes too.
    this.#memory.onChange((chat) => this.#reset({ keepsQueue: chat !== null }));
    addEventListener("offline", () => this.#started && this.#lost());
    this.#load(base, options.language);
  }

  /** Opens the panel. @param {boolean} byHand whether the focus may move into it */
  open(byHand) {
    this.#panel.open(byHand);
  }

  /** Fills in the clinic's facts, and the words of another language. */
  async #load(base, language = "en") {
    const fetched = async (path) => (await fetch(base + path)).json();
    try {
      if (/^[a-z]{2}(-[A-Z]{2})?$/.test(language) && language !== "en") {
        this.#words = { ...english, ...(await fetched(`languages/${language}.json`)) };
        this.#panel.translate(this.#words);
        for (const entry of this.#seen.values()) this.#panel.add(entry);
      }
    } catch {
      // English then.
    }
    try {
      this.#memory.setup = await fetched("setup.json");
    } catch {
      // What is known from last time stands there already.
    }
    if (this.#memory.setup) this.#panel.fill(this.#memory.setup);
  }

  #opened(isOpen) {
    this.#memory.open = isOpen;
    if (this.#started || !isOpen) return;
    this.#started = true;
    for (const message of this.#connection.queue) this.#own(message);
    this.#lost();
    this.#connection.start();
  }

  #ready() {
    clearTimeout(this.#timer);
    this.#panel.connection(this.#told && this.#wasReady ? this.#words.back : "");
    this.#lostAt = 0;
    this.#told = false;
    this.#wasReady = true;
  }

  /** Says how the connection is, once it is away for long enough to matter. */
  #lost() {
    this.#panel.working(false);
    clearTimeout(this.#timer);
    const again = (ms) => { this.#timer = setTimeout(() => this.#lost(), ms); };
    this.#lostAt ||= Date.now();
    const away = Date.now() - this.#lostAt;
    if (!navigator.onLine) this.#tell("offline");
    else if (away < SILENT_MS) again(SILENT_MS - away);
    else if (this.#wasReady) this.#tell("lost");
    else if (away < UNREACHABLE_MS) {
      this.#tell("connecting");
      again(UNREACHABLE_MS - away);
    } else this.#tell("unreachable");
  }

  #tell(key) {
    this.#told = true;
    this.#panel.connection(this.#words[key]);
  }

  #begun({ fresh, entries, ratings }) {
    const known = [...this.#seen.values()].some(({ pending }) => !pending);
    if (fresh && known) {
      // The old conversation is out of reach; what was not answered goes into the new one.
      this.#forget();
      for (const message of this.#connection.queue) this.#own(message);
      this.#panel.say(this.#words.ended);
    }
    const restores = !known && entries.length > 0;
    this.#panel.quietly(restores, () => this.#show(entries));
    if (restores) this.#panel.say(this.#words.goes_on);
    for (const [id, helpful] of Object.entries(ratings ?? {})) {
      const row = this.#panel.node(id)?.querySelector(".thumbs");
      if (row) press(row, helpful);
    }
  }

  /** Sends what was typed, or a button. */
  #send(text, choice) {
    const message = { id: newId(), text, ...(choice ? { button: choice.id } : {}) };
    this.#own(message);
    this.#panel.scrollTo(message.id);
    this.#panel.working(!this.#lostAt);
    this.#connection.say(message);
  }

  #own({ id, text }) {
    this.#add({ id, who: "patient", text, pending: true });
    this.#panel.pending(id, this.#words.sending);
  }

  #answered({ id }, entries) {
    this.#settle(id);
    // Another tab may have said something meanwhile; the replies stand below their question.
    if (entries.some((entry) => !this.#seen.has(entry.id))) this.#panel.toEnd(id);
    this.#show(entries);
    this.#panel.working(this.#connection.queue.length > 0);
    this.#panel.scrollTo(id);
    this.#panel.answered();
  }

  #refused({ id }, why) {
    this.#settle(id);
    this.#panel.working(false);
    const text = this.#words[why] ?? this.#words.refused;
    this.#add({ id: `${id}.1`, who: "assistant", text });
  }

  #show(entries) {
    for (const entry of entries) {
      if (this.#seen.has(entry.id)) this.#settle(entry.id);
      else this.#add(entry);
    }
    if (entries.length) this.#panel.working(this.#connection.queue.length > 0);
  }

  #add(entry) {
    this.#seen.set(entry.id, entry);
    this.#panel.add(entry);
  }

  #settle(id) {
    const entry = this.#seen.get(id);
    if (entry) entry.pending = false;
    this.#panel.pending(id, "");
  }

  async #rate(id, helpful, row) {
    const isStored = await this.#connection.rate(id, helpful);
    if (isStored) press(row, helpful);
    this.#panel.say(this.#words[isStored ? "thanks" : "not_rated"]);
  }

  #clear() {
    this.#memory.keep(null);
    this.#reset({ keepsQueue: false });
    this.#panel.say(this.#words.cleared);
  }

  #reset({ keepsQueue }) {
    if (!keepsQueue) this.#connection.drop();
    this.#forget();
    for (const message of this.#connection.queue) this.#own(message);
    if (this.#started) this.#connection.restart();
  }

  #forget() {
    this.#seen.clear();
    this.#panel.empty();
  }
}
