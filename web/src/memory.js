/** What the browser remembers; where storage is blocked, nothing outlives the page. */

/** @param {() => Storage} storage @param {string} key @returns {any} */
function read(storage, key) {
  try {
    return JSON.parse(storage().getItem(key));
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    // Blocked or full: the chat works on without.
  }
}

const local = () => localStorage;
const session = () => sessionStorage;

/** Remembers for one chat server. */
export class Memory {
  /** @param {string} base address of the chat server */
  constructor(base) {
    this.key = `clinic-chat ${base}`;
    this.tab = `clinic-chat tab ${base}`;
    this.openKey = `clinic-chat open ${base}`;
    this.setupKey = `clinic-chat setup ${base}`;
    this.chat = read(local, this.key);
  }

  /** Keeps the key to the conversation. @param {{token: string, chat: string} | null} chat */
  keep(chat) {
    this.chat = chat;
    write(local, this.key, chat);
  }

  /** Tells of what another tab does. @param {(chat: object | null) => void} call */
  onChange(call) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key !== this.key && key !== null) return;
      const before = this.chat;
      this.chat = newValue && read(local, this.key);
      if (this.chat?.chat !== before?.chat) call(this.chat);
    });
  }

  /** The clinic's facts of the last time. */
  get setup() {
    return read(local, this.setupKey);
  }

  set setup(setup) {
    write(local, this.setupKey, setup);
  }

  /** Messages of this tab that are not answered yet. */
  get queue() {
    const kept = read(session, this.tab);
    return Array.isArray(kept) ? kept : [];
  }

  set queue(queue) {
    write(session, this.tab, queue.length ? queue : null);
  }

  set open(open) {
    write(session, this.openKey, open ? "yes" : null);
  }
}
