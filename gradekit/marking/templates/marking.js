// Keys and saving for the page of one question. Every change is sent as it is made; "saved"
// appears when the server has it on the disk. A change that could not be sent is sent again.
"use strict";

const cards = [...document.querySelectorAll("article")];
const dialog = document.getElementById("keys");
const unmarked = document.getElementById("unmarked");
const names = document.getElementById("names");
const empty = document.getElementById("empty");
const states = new Map(cards.map((card) => [card, { sent: content(card), busy: false, timer: 0 }]));

function field(card, name) { return card.querySelector(name); }

function content(card) {
  return JSON.stringify({
    answer: card.id,
    points: field(card, ".points").value.trim().replace(",", "."),
    comment: field(card, ".comment").value,
  });
}

function showStatus(card, text, bad = false) {
  const place = field(card, ".saved");
  place.textContent = text;
  place.classList.toggle("bad", bad);
}

function problemOf(card) {
  const input = field(card, ".points");
  const text = input.value.trim().replace(",", ".");
  const most = Number(input.dataset.outOf), step = Number(input.dataset.step);
  if (text === "") return "";
  if (!/^\d*\.?\d*$/.test(text) || text === ".") return "not a number";
  const points = Number(text);
  if (points > most) return `at most ${most} points`;
  const parts = points / step;
  const whole = points === most || Math.abs(parts - Math.round(parts)) < 1e-6;
  return whole ? "" : `a multiple of ${step}`;
}

function isUnsaved(card) { return content(card) !== states.get(card).sent; }

// Send what is there now; if it changes meanwhile, send again.
async function save(card) {
  const state = states.get(card);
  clearTimeout(state.timer);
  if (state.busy) return;
  if (!isUnsaved(card)) {
    if (field(card, ".saved").textContent) showStatus(card, "saved");
    return;
  }
  const problem = problemOf(card);
  field(card, ".points").setAttribute("aria-invalid", String(Boolean(problem)));
  if (problem) { showStatus(card, `NOT SAVED: ${problem}`, true); return; }
  state.busy = true;
  const sending = content(card);
  showStatus(card, "saving …");
  try {
    const reply = await post("", sending);
    if (!reply.ok) throw new Error((await reply.json()).error);
    state.sent = sending;
    showStatus(card, "saved");
  } catch (error) {
    const unreachable = error instanceof TypeError;  // fetch throws it; a refusal is an Error
    const reason = unreachable ? "the server does not answer" : error.message;
    showStatus(card, `NOT SAVED: ${reason}`, true);
    if (unreachable) state.timer = setTimeout(() => save(card), 2000);
  }
  state.busy = false;
  count();
  if (state.sent === sending && isUnsaved(card)) save(card);
}

function post(path, body) {
  return fetch(location.pathname + path, {
    // keepalive: the request goes on while the page is left.
    method: "POST", body, keepalive: true, headers: { "Content-Type": "application/json" },
  });
}

function isMarked(card) {
  return JSON.parse(states.get(card).sent).points !== "";
}

function count() {
  for (const card of cards) {
    card.classList.toggle("marked", isMarked(card));
  }
  const marked = cards.filter(isMarked).length;
  const text = `${marked} of ${cards.length} answers marked`;
  const place = document.getElementById("progress");
  if (place.textContent !== text) place.textContent = text;
  const left = cards.filter((card) => card.dataset.state === "empty" && !isMarked(card)).length;
  empty.querySelector("span").textContent = left;
  empty.disabled = left === 0;
}

function filter() {
  for (const card of cards) {
    card.hidden = unmarked.checked && isMarked(card);
  }
}

// Moving between answers

let current = cards[0];

function setCurrent(card) {
  current?.classList.remove("current");
  current?.removeAttribute("aria-current");
  current = card;
  card.classList.add("current");
  card.setAttribute("aria-current", "true");
}

function go(card) {
  if (!card) return;
  setCurrent(card);
  card.focus();
  card.scrollIntoView({ block: "start" });
}

function step(by) {
  const visible = cards.filter((card) => !card.hidden || card === current);
  go(visible[visible.indexOf(current) + by]);
}

function nextUnmarked() {
  const at = cards.indexOf(current);
  const others = [...cards.slice(at + 1), ...cards.slice(0, at)];
  go(others.find((card) => !isMarked(card) && !field(card, ".points").disabled));
}

function give(text) {
  const input = field(current, ".points");
  if (input.disabled) return;
  input.value = text;
  showStatus(current, "saving …");
  save(current);
}

function addOrRemoveHalf() {
  const points = Number(field(current, ".points").value.replace(",", ".")) || 0;
  give(String(points % 1 ? Math.floor(points) : points + 0.5));
}

async function showNames() {
  const namesOf = names.checked ? await (await fetch(location.pathname + "/names")).json() : {};
  for (const card of cards) {
    field(card, ".who").textContent = namesOf[card.id] ? " · " + namesOf[card.id] : "";
  }
}

const KEYS = {
  j: () => step(1), k: () => step(-1), n: nextUnmarked, ".": addOrRemoveHalf,
  Backspace: () => give(""), "/": () => field(current, ".comment").focus(),
  u: () => unmarked.click(), i: () => names.click(), "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  const inside = event.target.closest("textarea, .points");
  if (inside && (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey))) {
    event.preventDefault();
    go(inside.closest("article"));
    return;
  }
  if (inside || dialog.open || event.ctrlKey || event.metaKey || event.altKey || !current) return;
  const act = /^\d$/.test(event.key) ? () => give(event.key) : KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

for (const card of cards) {
  card.addEventListener("focusin", () => { if (card !== current) setCurrent(card); });
  for (const input of card.querySelectorAll("input, textarea")) {
    input.addEventListener("input", () => {
      const state = states.get(card);
      clearTimeout(state.timer);
      showStatus(card, "not saved yet");
      state.timer = setTimeout(() => save(card), 400);
    });
    input.addEventListener("change", () => save(card));
  }
}

empty.addEventListener("click", async () => {
  const reply = await post("/empty", "{}");
  if (reply.ok) location.reload();
});
unmarked.addEventListener("change", filter);
names.addEventListener("change", showNames);
document.getElementById("help").addEventListener("click", () => dialog.showModal());
// A page that is hidden or left may never run again, so what waits is sent at once.
document.addEventListener("visibilitychange", () => cards.forEach(save));
window.addEventListener("pagehide", () => cards.forEach(save));
window.addEventListener("beforeunload", (event) => {
  if (cards.some(isUnsaved)) event.preventDefault();
});

count();
if (current) setCurrent(current);
