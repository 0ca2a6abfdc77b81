/** The socket: sends one message after the other, each until it is answered. */

import { io } from "socket.io-client";

const ANSWER_MS = 20000;
const RETRY_MS = 5000;

/**
 * @typedef {{id: string, text: string, button?: string, sent?: boolean}} Message
 * @typedef {object} Listener
 * @property {() => void} ready to take messages
 * @property {() => void} lost called again each time that connecting fails
 * @property {(begun: object) => void} begun the conversation, and what was missed
 * @property {(entries: object[]) => void} entries from another tab
 * @property {(id: string) => void} working
 * @property {(message: Message, entries: object[]) => void} answered
 * @property {(message: Message, why: string) => void} refused
 * @property {() => void} waiting for the server to take more
 */

/** Makes an id that no other message has. @returns {string} */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A conversation with the server. */
export class Connection {
  #socket;
  #memory;
  #on;
  #queue;
  #underWay = null;
  #ready = false;
  #last = "";

  /** @param {string} base @param {import("./memory.js").Memory} memory @param {Listener} on */
  constructor(base, memory, on) {
    const { origin, pathname } = new URL(base);
    this.#memory = memory;
    this.#on = on;
    this.#queue = memory.queue;
    this.#socket = io(origin, {
      path: `${pathname}socket.io`,
      transports: ["websocket"],
      reconnectionDelay: 500,
      reconnectionDelayMax: RETRY_MS,
      autoConnect: false,
    });
    this.#socket.on("connect", () => this.#begin());
    this.#socket.on("disconnect", () => this.#lost());
    this.#socket.on("connect_error", () => this.#lost());
    this.#socket.on("entries", (entries) => this.#ready && on.entries(this.#note(entries)));
    this.#socket.on("working", ({ id }) => on.working(id));
    // Without waiting for the next try, if there was one before.
    addEventListener("online", () => this.#socket.active && !this.#ready && this.#socket.disconnect().connect());
  }

  /** Messages that are not answered yet. @returns {Message[]} */
  get queue() {
    return this.#queue;
  }

  /** Begins; after that it connects again by itself. */
  start() {
    this.#socket.connect();
  }

  /** Forgets what is not answered yet. */
  drop() {
    this.#queue = [];
    this.#memory.queue = [];
  }

  /** Leaves the conversation and begins that of the memory, or a new one. */
  restart() {
    this.#ready = false;
    this.#underWay = null;
    this.#last = "";
    this.#socket.disconnect().connect();
  }

  /** Sends a message as soon as that is possible. @param {Message} message */
  say(message) {
    this.#queue.push(message);
    this.#memory.queue = this.#queue;
    this.#next();
  }

  /** Rates an answer. @returns {Promise<boolean>} whether it is stored */
  async rate(id, helpful) {
    if (!this.#ready) return false;
    try {
      return (await this.#socket.timeout(ANSWER_MS).emitWithAck("rate", { id, helpful })).ok;
    } catch {
      return false;
    }
  }

  #begin() {
    const greeting = { token: this.#memory.chat?.token ?? "", last: this.#last };
    const { id } = this.#socket;
    this.#socket.timeout(ANSWER_MS).emit("begin", greeting, (error, begun) => {
      if (this.#socket.id !== id) return; // Another connection has begun meanwhile.
      if (error || !begun.token) return this.#again();
      this.#memory.keep({ token: begun.token, chat: begun.chat });
      this.#ready = true;
      this.#note(begun.entries);
      this.#on.begun(begun);
      this.#on.ready();
      this.#next();
    });
  }

  #again() {
    this.#lost();
    setTimeout(() => this.#socket.disconnect().connect(), RETRY_MS);
  }

  #lost() {
    this.#ready = false;
    this.#on.lost();
    // The server has refused, so the library does not try again by itself.
    if (!this.#socket.active) setTimeout(() => this.#socket.connect(), RETRY_MS);
  }

  #note(entries) {
    this.#last = entries.at(-1)?.id ?? this.#last;
    return entries;
  }

  #next() {
    const [message] = this.#queue;
    if (!this.#ready || this.#underWay || !message) return;
    this.#underWay = message;
    const { id, text, button = "", sent = false } = message;
    message.sent = true;
    this.#memory.queue = this.#queue;
    const frame = { id, text, button, again: sent };
    this.#socket.timeout(ANSWER_MS).emit("say", frame, (error, answer) => {
      if (this.#underWay !== message) return;
      this.#underWay = null;
      if (error) return this.#next();
      if (answer.wait) {
        this.#on.waiting();
        setTimeout(() => this.#next(), answer.wait * 1000);
        return;
      }
      if (answer.refused === "gone") return this.#again();
      this.#queue.shift();
      this.#memory.queue = this.#queue;
      if (answer.refused) this.#on.refused(message, answer.refused);
      else this.#on.answered(message, this.#note(answer.entries));
      this.#next();
    });
  }
}
