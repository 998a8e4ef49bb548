// Composers: what is typed is kept until it is sent, commands and names are completed, Enter sends.

import { act, who } from "./server.js";
import { toEnd } from "./lists.js";

const LINES = 8;
const KEPT = "drafts"; // in the tab's own storage, so that a reload loses nothing
const drafts = new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
const people = [...document.getElementById("speaker").options].map((each) => each.text);
const COMMANDS = [
  ["/research help", "How to use it"],
  ["/research list", "The latest runs here"],
  ["/research status", "What is being researched here"],
  ["/research stop", "Stop your run here"],
];

const keyOf = (composer) => `${composer.dataset.channel}/${composer.dataset.thread}`;
const field = (composer) => composer.querySelector("textarea");

/** Give the composers that were drawn anew what was typed in them. */
export function restore() {
  for (const composer of document.querySelectorAll(".composer")) {
    field(composer).value ||= drafts.get(keyOf(composer)) ?? "";
    grown(field(composer));
  }
}

function grown(area) {
  area.style.height = "auto";
  const most = LINES * parseFloat(getComputedStyle(area).lineHeight);
  area.style.height = `${Math.min(area.scrollHeight, most)}px`;
}

async function send(composer) {
  const area = field(composer), text = area.value, { channel, thread } = composer.dataset;
  if (!text.trim()) return area.focus();
  written(composer, "");
  toEnd(composer.closest("main, aside").querySelector(".messages"));
  const sent = await act("say", { channel, thread, text });
  const now = document.querySelector(`.composer[data-channel="${channel}"][data-thread="${thread}"]`);
  if (!sent && now) written(now, field(now).value ? `${text}\n${field(now).value}` : text);
  else if (!sent) keep(composer, text);
}

function written(composer, text) {
  const area = field(composer);
  area.value = text;
  changed(composer);
}

function keep(composer, text) {
  if (text) drafts.set(keyOf(composer), text);
  else drafts.delete(keyOf(composer));
  sessionStorage.setItem(KEPT, JSON.stringify([...drafts]));
}

function changed(composer) {
  keep(composer, field(composer).value);
  grown(field(composer));
  hint(composer);
}

/** What the word before the caret may become: `[text, meaning, whole]` each. */
function completions(composer) {
  const area = field(composer), text = area.value;
  const typed = text.slice(0, area.selectionStart);
  if (text.startsWith("/")) return typed === text && !composer.dataset.thread ? commands(text.toLowerCase()) : [];
  const name = /(?:^|\s)@([^@\n]*)$/.exec(typed)?.[1];
  if (name === undefined) return [];
  const fits = (each) => each.toLowerCase().startsWith(name.toLowerCase()) && each !== name;
  return ["Research", ...people].filter(fits).map((each) => [`@${each}`, "", `${typed.slice(0, typed.length - name.length)}${each} `]);
}

function commands(text) {
  if ("/research ".startsWith(text)) return [["/research", "<topic>", "/research ", "for example: /research nuclear fusion"]];
  if ("/invite @research".startsWith(text)) return [["/invite @Research", "", "/invite @Research", "let Research join this channel"]];
  const words = text.length > "/research ".length ? COMMANDS.filter(([each]) => each.startsWith(text) && each !== text) : [];
  return words.map(([each, meaning]) => [each, "", each, meaning]);
}

/** Show what the text may become. */
function hint(composer) {
  const list = composer.querySelector(".hints"), area = field(composer);
  const options = document.activeElement === area ? completions(composer) : [];
  list.replaceChildren(...options.map(option));
  list.hidden = !options.length;
  area.removeAttribute("aria-activedescendant");
}

function option([text, rest, whole, meaning], number) {
  const row = document.createElement("div");
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  row.id = `completion-${number}`;
  row.dataset.whole = whole;
  for (const [tag, words] of [["b", text], ["span", rest], ["small", meaning ?? ""]]) {
    if (words) row.appendChild(document.createElement(tag)).textContent = words;
  }
  return row;
}

function complete(composer, row) {
  const area = field(composer), rest = area.value.slice(area.selectionStart);
  area.value = row.dataset.whole + (area.value.startsWith("/") ? "" : rest);
  area.selectionStart = area.selectionEnd = row.dataset.whole.length;
  area.focus();
  changed(composer);
}

const chosen = (composer) => composer.querySelector(".hints:not([hidden]) [aria-selected=true]");

function choose(composer, step) {
  const rows = [...composer.querySelectorAll(".hints [role=option]")];
  const at = rows.indexOf(chosen(composer));
  const row = rows[(at + step + rows.length + (at < 0 && step < 0 ? 1 : 0)) % rows.length];
  for (const each of rows) each.setAttribute("aria-selected", String(each === row));
  field(composer).setAttribute("aria-activedescendant", row.id);
}

function pressed(event, composer) {
  const list = composer.querySelector(".hints"), hinted = !list.hidden;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    const row = chosen(composer);
    if (row) complete(composer, row);
    else send(composer);
  } else if (hinted && event.key === "Tab" && !event.shiftKey) complete(composer, chosen(composer) ?? list.firstElementChild);
  else if (hinted && event.key === "Escape") list.hidden = true;
  else if (hinted && event.key === "ArrowDown") choose(composer, 1);
  else if (hinted && event.key === "ArrowUp") choose(composer, -1);
  else return;
  event.preventDefault();
}

const within = (event) => event.target.closest?.(".composer");

document.addEventListener("input", (event) => within(event) && changed(within(event)));
document.addEventListener("keydown", (event) => within(event) && event.target.localName === "textarea" && pressed(event, within(event)));
document.addEventListener("focusin", (event) => within(event) && event.target.localName === "textarea" && hint(within(event)));
document.addEventListener("focusout", (event) => within(event) && (within(event).querySelector(".hints").hidden = true));
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.(".hints [role=option]");
  if (!row) return;
  event.preventDefault();
  complete(row.closest(".composer"), row);
});
document.addEventListener("submit", (event) => {
  if (!within(event)) return;
  event.preventDefault();
  send(within(event));
});
