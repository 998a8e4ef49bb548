// What is pressed and chosen: links within the page, buttons and menus of messages, forms, faults.

import { act, address, notice, where } from "./server.js";
import { confirmed, held, valueOf } from "./forms.js";
import { press } from "./pressed.js";
import { close, toggle } from "./menus.js";
import { byName, go, instead, thread } from "./place.js";

const isInside = (link) => /^\/(c\/|home$)/.test(link.getAttribute("href") ?? "");
const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/** What the app is told of something that is used, where it stands now: it may be drawn anew while a question is asked. */
function use(element, option) {
  const { action, block } = element.dataset;
  const form = element.closest("dialog");
  const about = { where: element.closest("[data-where]").dataset.where, action, block, option };
  return { ...about, thread: element.closest("aside") ? thread() : "", values: form ? held(form) : {} };
}

/** Do something once, however often its button is pressed meanwhile; gives whether it was done. */
async function busily(element, what, about) {
  if (element.getAttribute("aria-busy")) return false;
  element.setAttribute("aria-busy", "true");
  const done = await act(what, about);
  element.removeAttribute("aria-busy");
  return done;
}

async function pressed(button) {
  close();
  const asked = button.dataset.confirm, about = use(button, button.dataset.option);
  if (asked && !(await confirmed(JSON.parse(asked)))) return;
  if (button.hasAttribute("aria-pressed")) press(button);
  await busily(button, "click", about);
}

async function followed(link) {
  close();
  const left = thread(), wasAsked = document.body.hasAttribute("data-places");
  places(false);
  await go(link.getAttribute("href"));
  if (link.matches("[data-reply]")) document.querySelector("aside textarea")?.focus();
  else if (link.matches(".reply-count a")) byName("thread").focus({ preventScroll: true });
  else if (wasAsked) byName("channel").focus({ preventScroll: true });
  else if (left && !thread()) document.getElementById(`c-${left}`)?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("a, button");
  if (!target) return;
  const { action, shortcut, within } = target.dataset;
  if (target.matches("[aria-haspopup]")) toggle(target);
  else if (target.matches(".places-button")) places(!document.body.hasAttribute("data-places"));
  else if (shortcut) {
    close();
    act("shortcut", { shortcut, where: target.closest("[data-where]").dataset.where });
  } else if (action && target.localName === "button") pressed(target);
  else if (action) busily(target, "click", use(target));
  if (within === undefined || !isPlain(event)) return;
  event.preventDefault();
  if (isInside(target)) followed(target);
  else window.open(target.href, "_blank", "noopener");
});

document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-action]");
  if (field && !field.matches("a, button")) busily(field, "click", use(field, valueOf(field)));
});

/** Show the rail over the page, where it is narrow, or take it away. */
function places(are) {
  document.body.toggleAttribute("data-places", are);
  document.querySelector(".places-button").setAttribute("aria-expanded", String(are));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.hasAttribute("data-places")) return;
  places(false);
  document.querySelector(".places-button").focus();
});
document.querySelector("main").addEventListener("pointerdown", () => places(false));

document.getElementById("speaker").addEventListener("change", async () => {
  const isDirect = document.querySelector('[role="tablist"]') && where.path !== "/home";
  try {
    await instead(isDirect ? "/dm" : where.path);
  } catch {
    location.assign(address("/"));
  }
});

addEventListener("popstate", async () => {
  try {
    await instead(location.pathname, location.hash.slice(1));
  } catch (error) {
    if (error.gone) return location.reload();
    history.replaceState({}, "", address(where.path)); // the address is that of what is shown
    notice(error.said);
  }
});

const fault = document.getElementById("fault");
const restart = document.getElementById("restart"), apply = document.getElementById("apply");

fault?.addEventListener("change", () => {
  document.getElementById("fault-told").textContent = fault.selectedOptions[0].dataset.told;
});
apply?.addEventListener("click", async () => {
  if (await busily(apply, "apply", { fault: fault.value })) notice("Applied once.");
});
restart.addEventListener("click", async () => {
  if (await busily(restart, "restart", {})) notice("The bot was killed and started again.");
});
