/** The line in the clinic's page: a button, and the chat when somebody wants it. */

import css from "./launcher.css";

const script = document.currentScript;
const options = { ...script.dataset };
const base = new URL(".", script.src).href;
const small = "(max-width: 30em), (max-height: 24em)";

/** The chat as an element of the page; its insides are out of reach of the page's style. */
class ClinicChat extends HTMLElement {
  #chat;
  #button = document.createElement("button");
  #label = options.label || "Chat with us";

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    this.dataset.position = options.position === "left" ? "left" : "right";
    Object.assign(this.#button, { type: "button", className: "launcher" });
    this.#button.textContent = this.#label;
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#button.addEventListener("click", () => this.open(true));
    for (const name of ["pointerenter", "focus", "touchstart"]) {
      this.#button.addEventListener(name, () => this.#load().catch(() => {}), { once: true, passive: true });
    }
    root.append(this.#button);
    // On a phone the chat would hide the page that was asked for.
    const wanted = "open" in options || wasOpen();
    if (wanted && !matchMedia(small).matches) this.open(false);
  }

  /** Opens the chat. @param {boolean} byHand whether the focus may move into it */
  async open(byHand) {
    try {
      (await this.#load()).open(byHand);
    } catch {
      this.#button.textContent = options.failed || "The chat did not load. Try again";
    }
  }

  async #load() {
    const address = `${base}chat.js?v=${VERSION}`;
    const { mount } = await import(this.#chat === null ? `${address}&t=${Date.now()}` : address)
      .catch((error) => { this.#chat = null; throw error; });
    this.#button.textContent = this.#label;
    return (this.#chat ||= mount(this.shadowRoot, { base, options, small, button: this.#button }));
  }
}

/** Says whether the chat was open on the page before. */
function wasOpen() {
  try {
    return sessionStorage.getItem(`clinic-chat open ${base}`) === "yes";
  } catch {
    return false; // The storage may be blocked.
  }
}

customElements.define("clinic-chat", ClinicChat);
const add = () => document.body.append(document.createElement("clinic-chat"));
if (document.body) add();
else addEventListener("DOMContentLoaded", add);
