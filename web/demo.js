/** The demo chat page: sends messages to Rasa's REST channel and shows the answers. */

const MAX_LENGTH = 2000;
const TIMEOUT_MS = 30000;
const SENDER_KEY = "clinic-chat-sender";

const [header, contact, log, status, form, box, note] =
  ["header", "contact", "log", "status", "composer", "message", "note"].map(byId);
const clinic = { phone: "", emergency: "112" };
const chat = { sender: stored(() => sessionStorage.getItem(SENDER_KEY)), request: null };

/** Finds an element of the page. @param {string} id @returns {HTMLElement} */
function byId(id) {
  return document.getElementById(id);
}

/** Calls the storage, which may be blocked: the id then lasts until a reload. */
function stored(call) {
  try {
    return call() ?? "";
  } catch {
    return "";
  }
}

/** Starts a conversation under an id that nobody can guess. */
function newSender() {
  // On plain http, randomUUID exists only on this computer itself, not on a phone.
  const digit = (d) => (d ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (d / 4))));
  chat.sender = crypto.randomUUID?.() ??
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (d) => digit(d).toString(16));
  stored(() => sessionStorage.setItem(SENDER_KEY, chat.sender));
}

/** Creates an element that holds plain text. @returns {HTMLElement} */
function element(tag, textContent, className = "") {
  return Object.assign(document.createElement(tag), { textContent, className });
}

/** Turns a text into paragraphs, lists and source lines. @returns {HTMLElement[]} */
function blocks(text) {
  const nodes = [];
  for (const line of text.split(/\r?\n/)) {
    const [, number, item] = line.match(/^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$/) ?? [];
    const tag = item === undefined ? "p" : number ? "ol" : "ul";
    const className = line.startsWith("Source:") ? "source" : "";
    const last = nodes.at(-1);
    const goesOn = last?.localName === tag && last.className === className && last.textContent;
    const node = goesOn && line.trim() ? last : element(tag, "", className);
    if (node !== last) nodes.push(node);
    if (number && node !== last) node.start = Number(number);
    if (tag === "p") node.append(node === last ? `\n${line}` : line.trim());
    else node.append(element("li", item));
  }
  return nodes.filter((node) => node.textContent);
}

/** Adds a message to the log. @param {"own" | "answer" | "problem"} kind */
function show(kind, text) {
  const message = element("div", "", `message ${kind}`);
  message.append(element("span", kind === "own" ? "You: " : "Assistant: ", "speaker"));
  message.append(...(kind === "own" ? [element("p", text)] : blocks(text)));
  log.append(message);
  return message;
}

/** Adds the buttons of an answer. @param {{title: string, payload?: string}[]} buttons */
function showButtons(buttons) {
  const row = element("div", "", "choices");
  for (const { title, payload } of buttons) {
    const button = element("button", title);
    button.addEventListener("click", () => send(payload ?? title, title));
    row.append(button);
  }
  log.append(row);
}

/** Says what to do when there is no answer. @param {string} reason */
function showProblem(reason) {
  const kept = box.value ? "Your message is still in the box below. " : "";
  const phone = clinic.phone ? `phone us on ${clinic.phone}` : "phone the clinic";
  const advice = `${kept}Please try again in a minute, or ${phone}.`;
  show("problem", `${reason}\n\n${advice} In an emergency call ${clinic.emergency} now.`);
}

/** Shows whether an answer is awaited. @param {symbol | null} request */
function setRequest(request) {
  chat.request = request;
  status.textContent = request ? "The assistant is writing" : "";
  status.classList.toggle("writing", Boolean(request));
  for (const button of document.querySelectorAll(".choices button, #send")) {
    button.setAttribute("aria-disabled", String(Boolean(request)));
  }
}

/** Posts one message. @returns {Promise<object[] | string>} answers, or why there are none */
async function post(message) {
  try {
    const response = await fetch("../webhooks/rest/webhook", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender: chat.sender, message }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const data = await response.json();
    if (response.status < 500 && data.error) return String(data.error);
    const answers = response.ok ? data.filter(({ text, buttons }) => text || buttons?.length) : [];
    if (answers.length) return answers;
  } catch {
    // No connection, too slow, or not JSON: what the patient can do is the same.
  }
  return "Sorry, the chat cannot answer just now.";
}

/**
 * Sends a message, shown as its title, and shows the answer; not while another is under way.
 * @param {boolean} typed whether it stood in the box, and goes back there if it fails
 */
async function send(message, title = message, typed = false) {
  if (chat.request) return;
  if (!chat.sender) newSender();
  const request = Symbol("request");
  const question = show("own", title);
  if (typed) box.value = "";
  setRequest(request);
  question.scrollIntoView();
  const answers = await post(message);
  if (chat.request !== request) return; // "Start again" came first.
  if (typeof answers === "string") {
    question.classList.add("unanswered");
    if (typed && !box.value) box.value = message;
    showProblem(answers);
  } else {
    for (const { text, buttons } of answers) {
      if (text) show("answer", text);
      if (buttons?.length) showButtons(buttons);
    }
  }
  setRequest(null);
  const isLong = question.offsetHeight > innerHeight / 3;
  (isLong ? question.nextElementSibling : question).scrollIntoView();
}

/** Says so when the message is too long. @returns {boolean} whether it may be sent */
function checkLength() {
  const isLong = box.value.trim().length > MAX_LENGTH;
  const advice = `Sorry, I can read at most ${MAX_LENGTH} characters. Please send it in parts.`;
  if (isLong !== Boolean(note.textContent)) note.textContent = isLong ? advice : "";
  box.setAttribute("aria-invalid", String(isLong));
  return !isLong;
}

/** Fills in the clinic's facts. */
async function showFacts() {
  const facts = await (await fetch("facts.json")).json();
  clinic.phone = facts.clinic_phone ?? "";
  clinic.emergency = facts.emergency_number || clinic.emergency;
  if (facts.clinic_name) byId("clinic-name").textContent = facts.clinic_name;
  byId("clinic-hours").textContent = facts.clinic_hours ?? "";
  byId("hours").hidden = !facts.clinic_hours;
  byId("phone").hidden = !clinic.phone;
  const numbers = { "clinic-phone": clinic.phone, "emergency-number": clinic.emergency };
  for (const [id, number] of Object.entries(numbers)) {
    byId(id).textContent = number;
    byId(id).href = `tel:${number.replace(/[^+\d]/g, "")}`;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (text && checkLength()) send(text, text, true);
  box.focus();
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
box.addEventListener("input", checkLength);
byId("examples").addEventListener("click", ({ target }) => {
  if (target.localName === "button") send(target.textContent);
});
byId("restart").addEventListener("click", () => {
  newSender();
  log.replaceChildren();
  setRequest(null);
  status.textContent = "A new chat has started.";
  box.focus();
});

// Keeps what is focused or scrolled to out from under the parts that stay in view.
const observer = new ResizeObserver(() => Object.assign(document.documentElement.style, {
  scrollPaddingTop: `${(header.offsetHeight || contact.offsetHeight) + 8}px`,
  scrollPaddingBottom: `${form.offsetHeight + 8}px`,
}));
[header, contact, form].forEach((node) => observer.observe(node));

if (chat.sender) status.textContent = "Your chat goes on. Earlier messages are not shown again.";
showFacts().catch(() => {}); // Without them the page still works.
