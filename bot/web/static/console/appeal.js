// The page of one matter: one step stands open at a time, and is in sight.
"use strict";

(() => {
  const steps = [...document.querySelectorAll("details.step")];
  for (const step of steps) {
    step.addEventListener("toggle", () => {
      if (!step.open) return;
      for (const other of steps) if (other !== step) other.open = false;
      step.querySelector("textarea, input:not([type=hidden]), select")?.focus();
    });
  }
  // A picture that is still on its way comes by itself.
  if (document.querySelector(".photo-wait") && !document.querySelector("textarea:focus")) {
    setTimeout(() => {
      const typed = [...document.querySelectorAll("textarea, input[type=date]")].some((f) => f.value);
      if (!typed) location.reload();
    }, 4000);
  }
})();
