// The page: shows what its server says is there, after every change, and hands over what is pressed.

import { act, address, notice, shown, where, who } from "./server.js";
import { atEnd, reconcile, toEnd } from "./lists.js";
import { confirmed, held, show, valueOf } from "./forms.js";
import { restore } from "./composers.js";
import { press } from "./pressed.js";
import { close, toggle } from "./menus.js";
import "./keys.js";

const TOGETHER = 30, AGAIN = 1000; // milliseconds: changes that are shown together; until the next try
const main = document.querySelector("main"), aside = document.querySelector("aside");
const lists = [...document.querySelectorAll("[data-list]")];
const byName = (name) => document.querySelector(`[data-list="${name}"]`);

let waiting = null, pulling = false, due = false;

/** Show what is there now, soon. */
function pull(after = TOGETHER) {
  if (pulling) due = true;
  else waiting ??= setTimeout(pulled, after);
}

async function pulled() {
  waiting = null;
  pulling = true;
  due = false;
  try {
    await showPlace(where.path, false);
    connected(true);
  } catch (error) {
    if (error.gone) await go("/c/" + where.path.split("/")[2], true).catch(() => location.assign("/"));
    else connected(false);
  }
  pulling = false;
  if (due) pull();
}

function connected(is) {
  document.getElementById("connection").hidden = is;
  if (!is) pull(AGAIN);
}

/** Show a place as it is now; another than before from its end. */
async function showPlace(path, isOther) {
  const asked = who();
  const told = await shown(path, where.since);
  if (asked !== who() || (!isOther && path !== where.path)) return; // somebody went elsewhere meanwhile
  const hadThread = !aside.hidden;
  const following = new Map(["channel", "thread"].map((name) => [name, atEnd(byName(name))]));
  where.path = told.path;
  named(told);
  const news = [];
  for (const list of lists) {
    const { fresh, edited } = reconcile(list, told.lists[list.dataset.list] ?? []);
    if (isOther || !(list.dataset.list === "channel" || list.dataset.list === "thread")) continue;
    news.push(...fresh.map((entry) => entry.firstElementChild.dataset.said));
    edited.forEach(flash);
  }
  restore();
  show();
  for (const [name, follows] of following) if (follows || isOther || (name === "thread" && !hadThread)) toEnd(byName(name));
  announce(news);
}

function named({ title, thread }) {
  document.title = `${title} · Playground`;
  main.setAttribute("aria-label", title);
  aside.hidden = !thread;
  document.body.toggleAttribute("data-thread", thread);
}

/** Let a message be seen to have changed. */
function flash(entry) {
  const message = entry.firstElementChild, said = message.dataset.said;
  message.classList.remove("changed");
  void message.offsetWidth; // begins the animation anew
  message.classList.add("changed");
  if (entry.dataset.said !== undefined && entry.dataset.said !== said) announce([said]);
  entry.dataset.said = said;
}

function announce(news) {
  const said = [...new Set(news.filter(Boolean))];
  if (!said.length) return;
  const line = document.createElement("p");
  line.textContent = said.join(" ");
  const announced = document.getElementById("announced");
  announced.append(line);
  while (announced.childElementCount > 5) announced.firstElementChild.remove();
}

/** Go to a place of the page; `back` says that the browser's history is there already. */
async function go(path, back = false) {
  const [place, target] = path.split("#");
  const isOther = place !== where.path;
  const before = where.path;
  where.path = place;
  try {
    await showPlace(place, isOther);
  } catch (error) {
    where.path = before;
    if (!error.gone) return connected(false);
    if (back) throw error;
    return notice(error.message);
  }
  if (!back) history.pushState({}, "", address(where.path + (target ? `#${target}` : "")));
  if (target) point(target);
  document.body.removeAttribute("data-places");
  opened();
}

/** Show the message that an address points to. */
function point(target) {
  const message = document.getElementById(target);
  if (!message) return;
  message.scrollIntoView({ block: "start" });
  message.focus({ preventScroll: true });
  flash(message.parentElement);
}

/** Tell the app that one of its tabs is open. */
function opened() {
  const tabs = document.querySelector('[role="tablist"]');
  if (tabs) act("open", { tab: where.path === "/home" ? "home" : "messages" });
}

const inside = (link) => /^\/(c\/|home$)/.test(link.getAttribute("href") ?? "");

async function used(element, option) {
  const { action, block } = element.dataset;
  const place = element.closest("[data-where]").dataset.where;
  const thread = element.closest("aside") ? where.path.split("/")[4] : "";
  const form = element.closest("dialog");
  element.setAttribute("aria-busy", "true");
  await act("click", { where: place, action, block, option, thread, values: form ? held(form) : {} });
  element.removeAttribute("aria-busy");
}

async function pressedButton(button) {
  if (button.getAttribute("aria-busy")) return;
  if (button.getAttribute("role") === "menuitem") close();
  const asked = button.dataset.confirm;
  if (asked && !(await confirmed(JSON.parse(asked)))) return;
  if (button.hasAttribute("aria-pressed")) press(button);
  await used(button, button.dataset.option);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("a, button");
  if (!target) return;
  if (target.matches("[aria-haspopup]")) return toggle(target);
  if (target.matches("[data-shortcut]")) {
    close();
    return act("shortcut", { shortcut: target.dataset.shortcut, where: target.closest("[data-where]").dataset.where });
  }
  if (target.localName === "a" && target.dataset.action) used(target);
  if (target.matches("a[data-within]") && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
    event.preventDefault();
    close();
    if (inside(target)) return follow(target);
    return window.open(target.href, "_blank", "noopener");
  }
  if (target.localName === "button" && target.dataset.action) return pressedButton(target);
  if (target.matches(".places-button")) places(!document.body.hasAttribute("data-places"));
});

async function follow(link) {
  const replies = link.matches("[data-reply]");
  await go(link.getAttribute("href"));
  if (replies) aside.querySelector("textarea")?.focus();
  else if (link.matches(".reply-count a")) byName("thread").focus({ preventScroll: true });
}

function places(are) {
  document.body.toggleAttribute("data-places", are);
  document.querySelector(".places-button")?.setAttribute("aria-expanded", String(are));
}

document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-action]");
  if (!field || field.localName === "button" || field.localName === "a") return;
  used(field, valueOf(field));
});

document.getElementById("speaker").addEventListener("change", () => {
  const direct = document.querySelector('[role="tablist"]') && where.path !== "/home";
  const path = direct ? "/dm" : where.path;
  go(path, true).then(
    () => history.replaceState({}, "", address(where.path)),
    () => location.assign(address("/")),
  );
});

const fault = document.getElementById("fault");
fault?.addEventListener("change", () => (document.getElementById("fault-told").textContent = fault.selectedOptions[0].dataset.told));
document.getElementById("apply")?.addEventListener("click", (event) => busy(event.target, "apply", { fault: fault.value }));
document.getElementById("restart").addEventListener("click", (event) => busy(event.target, "restart", {}));

async function busy(button, what, about) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  if (await act(what, about)) notice(what === "apply" ? "Applied once." : "The bot was restarted.");
  button.removeAttribute("aria-busy");
}

addEventListener("popstate", () => go(location.pathname + location.hash, true).catch(() => location.reload()));

let events = null;

/** Hear of changes as long as the page is seen; whoever looks again sees what is there then. */
function listen() {
  events?.close();
  events = null;
  if (document.hidden) return;
  events = new EventSource("/events");
  events.onmessage = () => pull();
  events.onerror = () => {
    connected(false);
    if (events?.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN);
  };
}

document.addEventListener("visibilitychange", listen);
restore();
for (const name of ["channel", "thread"]) toEnd(byName(name));
if (location.hash) point(location.hash.slice(1));
listen();
opened();
