// The list while one types: the search above sifts the list below.
"use strict";

(() => {
  const sieve = document.getElementById("sieve");
  const search = document.getElementById("search");
  if (!sieve || !search) return;
  // On a PC the sieve stands open; there is no button to open it.
  if (window.matchMedia("(min-width: 820px)").matches) sieve.closest("details").open = true;
  search.addEventListener("input", () => {
    const before = sieve.elements.q.value;
    sieve.elements.q.value = search.value;
    if (!before !== !search.value) sieve.elements.show.value = "";
    window.htmx?.trigger(sieve, "sift");
  });
  // What a shelf was chosen by stays chosen when the sieve changes.
  document.addEventListener("htmx:afterSettle", () => {
    const shown = new URLSearchParams(location.search).get("show") ?? "";
    sieve.elements.show.value = shown;
  });
})();
