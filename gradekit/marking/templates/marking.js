// Keys and saving for the page of one question. What is typed is sent at once; "saved"
// appears when the server has it on the disk. What could not be sent is sent again.
"use strict";

const cards = [...document.querySelectorAll("article")];
const dialog = document.getElementById("keys");
const unread = document.getElementById("unread");
const names = document.getElementById("names");
const empty = document.getElementById("empty");
const work = new Map(cards.map((card) => [card, { sent: content(card), busy: false, timer: 0 }]));

function field(card, name) { return card.querySelector(name); }

function content(card) {
  return JSON.stringify({
    answer: card.id,
    points: field(card, ".points").value.trim().replace(",", "."),
    comment: field(card, ".comment").value,
  });
}

function say(card, text, bad = false) {
  const place = field(card, ".saved");
  place.textContent = text;
  place.classList.toggle("bad", bad);
}

function wrong(card) {
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

function dirty(card) { return content(card) !== work.get(card).sent; }

// Send what is there now; if it changes meanwhile, send again.
async function save(card) {
  const state = work.get(card);
  clearTimeout(state.timer);
  if (state.busy) return;
  if (!dirty(card)) {
    if (field(card, ".saved").textContent) say(card, "saved");
    return;
  }
  const problem = wrong(card);
  field(card, ".points").setAttribute("aria-invalid", String(Boolean(problem)));
  if (problem) { say(card, `NOT SAVED: ${problem}`, true); return; }
  state.busy = true;
  const sending = content(card);
  say(card, "saving …");
  try {
    const reply = await post("", sending);
    if (!reply.ok) throw new Error((await reply.json()).error);
    state.sent = sending;
    say(card, "saved");
  } catch (error) {
    const gone = error instanceof TypeError;
    say(card, "NOT SAVED: " + (gone ? "the server does not answer" : error.message), true);
    if (gone) state.timer = setTimeout(() => save(card), 2000);
  }
  state.busy = false;
  count();
  if (state.sent === sending && dirty(card)) save(card);
}

function post(path, body) {
  return fetch(location.pathname + path, {
    method: "POST", body, keepalive: true, headers: { "Content-Type": "application/json" },
  });
}

function hasPoints(card) {
  return JSON.parse(work.get(card).sent).points !== "";
}

function count() {
  for (const card of cards) {
    card.classList.toggle("read", hasPoints(card));
  }
  const read = cards.filter(hasPoints).length;
  const text = `${read} of ${cards.length} answers marked`;
  const place = document.getElementById("progress");
  if (place.textContent !== text) place.textContent = text;
  const left = cards.filter((card) => card.dataset.state === "empty" && !hasPoints(card)).length;
  empty.querySelector("span").textContent = left;
  empty.disabled = left === 0;
}

function filter() {
  for (const card of cards) {
    card.hidden = unread.checked && hasPoints(card);
  }
}

// Going about

let here = cards[0];

function go(card) {
  if (!card) return;
  here?.classList.remove("here");
  here?.removeAttribute("aria-current");
  here = card;
  here.classList.add("here");
  here.setAttribute("aria-current", "true");
  here.focus();
  here.scrollIntoView({ block: "start" });
}

function step(by) {
  const seen = cards.filter((card) => !card.hidden || card === here);
  go(seen[seen.indexOf(here) + by]);
}

function nextUnread() {
  const at = cards.indexOf(here);
  const rest = [...cards.slice(at + 1), ...cards.slice(0, at)];
  go(rest.find((card) => !hasPoints(card) && !field(card, ".points").disabled));
}

function give(text) {
  const input = field(here, ".points");
  if (input.disabled) return;
  input.value = text;
  say(here, "saving …");
  save(here);
}

function half() {
  const points = Number(field(here, ".points").value.replace(",", ".")) || 0;
  give(String(points % 1 ? Math.floor(points) : points + 0.5));
}

async function showNames() {
  const known = names.checked ? await (await fetch(location.pathname + "/names")).json() : {};
  for (const card of cards) {
    field(card, ".who").textContent = known[card.id] ? " · " + known[card.id] : "";
  }
}

const KEYS = {
  j: () => step(1), k: () => step(-1), n: nextUnread, ".": half,
  Backspace: () => give(""), "/": () => field(here, ".comment").focus(),
  u: () => unread.click(), i: () => names.click(), "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  const inside = event.target.closest("textarea, .points");
  if (inside && (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey))) {
    event.preventDefault();
    go(inside.closest("article"));
    return;
  }
  if (inside || dialog.open || event.ctrlKey || event.metaKey || event.altKey || !here) return;
  const act = /^\d$/.test(event.key) ? () => give(event.key) : KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

for (const card of cards) {
  card.addEventListener("focusin", () => { if (card !== here) mark(card); });
  for (const input of card.querySelectorAll("input, textarea")) {
    input.addEventListener("input", () => {
      const state = work.get(card);
      clearTimeout(state.timer);
      say(card, "not saved yet");
      state.timer = setTimeout(() => save(card), 400);
    });
    input.addEventListener("change", () => save(card));
  }
}

function mark(card) {
  here?.classList.remove("here");
  here?.removeAttribute("aria-current");
  here = card;
  card.classList.add("here");
  card.setAttribute("aria-current", "true");
}

empty.addEventListener("click", async () => {
  const reply = await post("/empty", "{}");
  if (reply.ok) location.reload();
});
unread.addEventListener("change", filter);
names.addEventListener("change", showNames);
document.getElementById("help").addEventListener("click", () => dialog.showModal());
document.addEventListener("visibilitychange", () => cards.forEach(save));
window.addEventListener("pagehide", () => cards.forEach(save));
window.addEventListener("beforeunload", (event) => {
  if (cards.some(dirty)) event.preventDefault();
});

count();
if (here) mark(here);
