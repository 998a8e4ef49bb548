// Forms as dialogs: shown, filled in, sent, closed; and the question that is asked before something counts.

import { act } from "./server.js";

const list = document.querySelector('[data-list="forms"]');
const touched = new WeakSet(); // the dialogs in which something was typed

/** Show the forms that are new, the uppermost last, and the first field that is wrong. */
export function show() {
  if (document.hidden) return;
  for (const dialog of list.querySelectorAll("dialog:not([open])")) {
    dialog.showModal();
    const first = dialog.querySelector("[aria-invalid=true], [data-field], .dialog-foot .main");
    focusOn(first);
  }
}

/** Let a form show this, with what is typed in it kept; focus goes to the first field that is wrong. */
export function renew(dialog, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const typed = held(dialog);
  const wrongBefore = dialog.querySelector("[aria-invalid=true]");
  dialog.replaceChildren(...template.content.firstElementChild.childNodes);
  for (const field of fields(dialog)) if (field.dataset.field in typed) hold(field, typed[field.dataset.field]);
  const wrong = dialog.querySelector("[aria-invalid=true]");
  if (wrong && !wrongBefore) focusOn(wrong);
  for (const waiting of dialog.querySelectorAll("[aria-busy]")) waiting.removeAttribute("aria-busy");
}

const fields = (within) => within.querySelectorAll("[data-field]");

function focusOn(field) {
  const target = field?.localName === "fieldset" ? field.querySelector("input:checked, input") : field;
  target?.focus();
}

/** What the fields of a form hold, by action id. */
export function held(within) {
  return Object.fromEntries([...fields(within)].map((field) => [field.dataset.field, valueOf(field)]));
}

/** What a field holds: a text, the value of an option, a list of those, null for nothing. */
export function valueOf(field) {
  const boxes = [...field.querySelectorAll("input")];
  if (field.localName === "select" && field.multiple) return [...field.selectedOptions].map((each) => each.value);
  if (!boxes.length) return field.value === "" ? null : field.value;
  const checked = boxes.filter((each) => each.checked).map((each) => each.value);
  return boxes[0].type === "checkbox" ? checked : (checked[0] ?? null);
}

function hold(field, value) {
  const values = [value].flat();
  const boxes = field.querySelectorAll("input");
  for (const box of boxes) box.checked = values.includes(box.value);
  for (const option of field.options ?? []) option.selected = values.includes(option.value);
  if (!boxes.length && !field.options) field.value = value ?? "";
}

list.addEventListener("input", (event) => touched.add(event.target.closest("dialog")));

list.addEventListener("submit", async (event) => {
  event.preventDefault();
  const dialog = event.target.closest("dialog");
  const button = dialog.querySelector(".dialog-foot .main");
  if (!button || button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  await act("submit", { where: dialog.dataset.where, values: held(dialog) });
  button.removeAttribute("aria-busy");
  focusOn(dialog.querySelector("[aria-invalid=true]"));
});

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close]");
  if (button) close(button.closest("dialog"), button.dataset.close !== "one");
});

list.addEventListener("cancel", async (event) => {
  event.preventDefault(); // Escape: only what was typed is asked about
  const dialog = event.target.closest("dialog");
  const question = { title: "Discard what you typed?", text: "It is not kept.", confirm: "Discard", deny: "Keep typing", style: "danger" };
  if (!touched.has(dialog) || (await confirmed(question))) close(dialog, false);
}, true);

function close(dialog, all) {
  act("close", { where: dialog.dataset.where, all });
}

/** Ask something; gives whether the answer is yes. */
export function confirmed({ title, text, confirm, deny, style }) {
  const dialog = document.getElementById("confirm");
  const [no, yes] = dialog.querySelectorAll("button");
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = text;
  no.textContent = deny;
  yes.textContent = confirm;
  yes.className = style === "danger" ? "button danger" : "button main";
  dialog.returnValue = "";
  dialog.showModal();
  no.focus();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "confirm"), { once: true });
  });
}
