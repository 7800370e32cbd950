"use strict";
// Without this script the page is whole: the table stands in the order of the gradebook.
const table = document.querySelector("table.sortable");
const rows = [...table.tBodies[0].rows];

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent.trim();
}

function compare(first, second) {
  const [a, b] = [Number(first || 0), Number(second || 0)];
  if (Number.isNaN(a) || Number.isNaN(b)) return first.localeCompare(second, undefined, { numeric: true });
  return a - b;
}

function sort(header, column) {
  const up = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", up ? "ascending" : "descending");
  rows.sort((a, b) => (up ? 1 : -1) * compare(valueOf(a, column), valueOf(b, column)));
  table.tBodies[0].append(...rows);
}

[...table.tHead.rows[0].cells].forEach((header, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = header.textContent;
  button.addEventListener("click", () => sort(header, column));
  header.replaceChildren(button);
});

const tools = document.querySelector("form.tools");
const filter = tools.querySelector("input");
const count = tools.querySelector("output");

function show() {
  const words = filter.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLocaleLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = `${shown} of ${rows.length} shown`;
}

tools.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("input", show);
tools.hidden = false;
show();
