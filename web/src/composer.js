/** The box that the patient writes in. */

import { make } from "./elements.js";

const LONGEST = 2000;

/** A form with a box, a button, and a word about messages that are too long. */
export class Composer {
  #words;

  /** @param {object} words of the interface @param {(text: string) => void} send */
  constructor(words, send) {
    this.#words = words;
    this.box = make("textarea", {
      id: "box", rows: "1", autocomplete: "off", enterkeyhint: "send", "aria-describedby": "note keys",
      oninput: () => this.#check(),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.form.requestSubmit();
      },
    });
    this.note = make("p", { id: "note", role: "status" });
    const button = make("button", { type: "submit", class: "send", text: words.send });
    this.form = make("form", {
      onsubmit: (event) => {
        event.preventDefault();
        const text = this.box.value.trim();
        if (text && this.#check()) {
          send(text);
          this.box.value = "";
        }
        this.box.focus();
      },
    },
    make("label", { for: "box", text: words.write }),
    make("div", { class: "row" }, this.box, button),
    this.note,
    make("p", { id: "keys", text: words.keys }));
  }

  /** Says so when the message is too long. @returns {boolean} whether it may be sent */
  #check() {
    const isLong = this.box.value.trim().length > LONGEST;
    if (isLong !== Boolean(this.note.textContent)) this.note.textContent = isLong ? this.#words.long : "";
    this.box.setAttribute("aria-invalid", String(isLong));
    return !isLong;
  }
}
