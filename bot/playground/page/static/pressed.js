// Which of two thumbs somebody pressed: apps do not say it again, so it is kept here as long as the page is.

import { who } from "./server.js";

const chosen = new Map();

const keyOf = (button) => [who(), button.closest("[data-where]")?.dataset.where, button.dataset.block, button.dataset.action].join(" ");

/** Keep that a toggle was pressed, and show it. */
export function press(button) {
  chosen.set(keyOf(button), button.dataset.option);
  pressed(button.parentElement);
}

/** Show what was pressed within an element. */
export function pressed(within) {
  for (const button of within.querySelectorAll("[aria-pressed]")) {
    const option = chosen.get(keyOf(button));
    if (option !== undefined) button.setAttribute("aria-pressed", String(button.dataset.option === option));
  }
}
