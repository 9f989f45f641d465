// What the pages do beyond links and forms. Everything works without it, only less smoothly.
"use strict";

document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-submit]");
  if (field) field.form.requestSubmit();
});

// A second click on a button must not send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && form.method === "post") { event.preventDefault(); return; }
  if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// "Are you sure" only where a step cannot be taken back.
document.addEventListener("click", (event) => {
  const asking = event.target.closest("[data-sure]");
  if (asking && !window.confirm(asking.dataset.sure)) event.preventDefault();
  if (event.target.closest("[data-print]")) window.print();
  const back = event.target.closest("[data-back]");
  if (back && history.length > 1) { event.preventDefault(); history.back(); }
  for (const open of document.querySelectorAll("details.mine[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// Lists on a PC: j and k move, Enter opens, / searches.
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); document.getElementById("search")?.focus(); return; }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = [...document.querySelectorAll("[data-row]")];
  const here = links.indexOf(document.activeElement);
  const next = links[here < 0 ? 0 : here + step];
  if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
});
