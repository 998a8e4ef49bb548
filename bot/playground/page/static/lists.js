// Lists of entries, of which only those are replaced that look otherwise; focus and open menus stay where they are.

import { renew } from "./forms.js";
import { pressed } from "./pressed.js";

const PRESSED = ":is(a, button, input, label):active";
const NEAR = 48; // pixels from the end of a list within which a reader is at its end

/**
 * Let a list hold these entries, `[key, mark, html]` each; gives the new elements and the edited ones.
 *
 * A list in which something is pressed stays as it is until that ends: what is replaced under a press is never clicked.
 */
export function reconcile(list, entries) {
  const fresh = [], edited = [];
  list.toggleAttribute("data-held", list.querySelector(PRESSED) !== null);
  if (list.hasAttribute("data-held")) return { fresh, edited };
  const known = new Map([...list.children].map((each) => [each.dataset.key, each]));
  const kept = new Set(entries.map(([key]) => key));
  for (const [key, gone] of known) if (!kept.has(key)) removed(gone); // first, so that what stays need not be moved
  let place = list.firstElementChild;
  for (const [key, mark, html] of entries) {
    let entry = known.get(key);
    if (!entry) {
      entry = document.createElement("div");
      entry.className = "entry";
      entry.dataset.key = key;
      list.insertBefore(entry, place);
      fresh.push(entry);
    } else if (entry === place) {
      place = place.nextElementSibling;
    } else {
      list.insertBefore(entry, place);
    }
    if (entry.dataset.mark === mark) continue;
    if (entry.firstElementChild && replaced(entry, html)) edited.push(entry);
    else if (!entry.firstElementChild) filled(entry, html);
    entry.dataset.mark = mark;
  }
  return { fresh, edited };
}

/** Whether a list waits for the end of a press. */
export const isHeld = () => document.querySelector("[data-held]") !== null;

function filled(entry, html) {
  entry.innerHTML = html;
  pressed(entry);
}

/** Let an entry show this; gives whether its message says something else now, not only that it has more replies. */
function replaced(entry, html) {
  const before = entry.firstElementChild;
  const version = before.dataset.version;
  entry.dataset.before = before.dataset.said ?? "";
  const focused = entry.contains(document.activeElement) ? described(entry, document.activeElement) : null;
  const open = entry.querySelector("[aria-expanded=true]");
  const menu = open ? described(entry, open) : null;
  if (before.localName === "dialog") renew(before, html);
  else filled(entry, html);
  if (menu) found(entry, menu)?.click();
  const isElsewhere = entry.contains(document.activeElement); // a form leads to what is wrong in it
  if (focused && !isElsewhere) found(entry, focused)?.focus({ preventScroll: true });
  return version !== entry.firstElementChild.dataset.version;
}

function removed(entry) {
  entry.querySelector("dialog")?.close();
  entry.remove();
}

// What tells an element from its neighbours, and stays the same when its message is drawn anew.
const TELLING = ["data-action", "data-block", "data-option", "data-field", "data-shortcut", "role", "aria-label", "href", "type"];

function described(entry, element) {
  const tells = TELLING.filter((name) => element.hasAttribute(name));
  const selector = element.localName + tells.map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`).join("");
  return { selector, number: [...entry.querySelectorAll(selector)].indexOf(element) };
}

function found(entry, { selector, number }) {
  const alike = entry.querySelectorAll(selector);
  return alike[number] ?? alike[0] ?? entry.querySelector("[tabindex]");
}

const ended = new WeakSet(); // the lists whose reader is at their end

/** Whether a reader sees the end of a list. */
export const atEnd = (list) => list.clientHeight > 0 && list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;

/** Show the end of a list. */
export function toEnd(list) {
  list.scrollTop = list.scrollHeight;
  ended.add(list);
}

/** Show the beginning of a list. */
export function toBeginning(list) {
  list.scrollTop = 0;
  ended.delete(list);
}

/** Keep whoever is at the end of a list there when it gets another size: a keyboard comes, a composer grows. */
export function anchored(list) {
  const now = () => `${list.clientWidth} ${list.clientHeight}`;
  let size = now();
  list.addEventListener("scroll", () => {
    if (now() !== size) return; // nobody scrolled: what is shown went up or down with the lines of another width
    if (atEnd(list)) ended.add(list);
    else ended.delete(list);
  });
  new ResizeObserver(() => {
    size = now();
    if (ended.has(list)) toEnd(list);
  }).observe(list);
}
