// Where somebody looks: shown as it is now, and left for another place.

import { act, address, notice, shown, where, who } from "./server.js";
import { atEnd, reconcile, toBeginning, toEnd } from "./lists.js";
import { show } from "./forms.js";
import { restore } from "./composers.js";
import { announce } from "./announced.js";

const main = document.querySelector("main"), aside = document.querySelector("aside");
const lists = [...document.querySelectorAll("[data-list]")];
const HOME = "/home";
const SCROLLED = { channel: 2, thread: 4 }; // by which part of an address their lists are other ones

export const byName = (name) => document.querySelector(`[data-list="${name}"]`);
export const thread = () => where.path.split("/")[4] ?? "";

let steps = 0; // how often somebody went elsewhere

/** Show the place where somebody is as it is now; throws where that cannot be. */
export async function refresh() {
  const before = where.path;
  await showPlace(before, () => where.path === before);
}

/** Show a place where somebody goes, unless they go on meanwhile; gives whether it is shown. */
function enter(path) {
  const step = ++steps;
  return showPlace(path, () => step === steps);
}

async function showPlace(path, isWanted) {
  const asked = who();
  const told = await shown(path, where.since);
  if (asked !== who() || !isWanted()) return false;
  const following = Object.keys(SCROLLED).filter((name) => isOther(name, told.path) || atEnd(byName(name)));
  const same = Object.keys(SCROLLED).filter((name) => !isOther(name, told.path));
  where.path = told.path;
  named(told);
  const news = [];
  for (const list of lists) {
    const name = list.dataset.list;
    const { fresh, edited } = reconcile(list, told.lists[name] ?? []);
    if (!same.includes(name)) continue;
    news.push(...fresh.map((entry) => entry.firstElementChild.dataset.said), ...edited.filter(flash).map(said));
  }
  restore();
  show();
  following.forEach(begin);
  announce(news);
  return true;
}

const isOther = (name, path) => path.split("/")[SCROLLED[name]] !== where.path.split("/")[SCROLLED[name]] || (path === HOME) !== (where.path === HOME);

/** Show a list from where it is read: messages from their end, Home from its beginning. */
export function begin(name) {
  if (name === "channel" && where.path === HOME) toBeginning(byName(name));
  else toEnd(byName(name));
}

function named({ title, thread: hasThread }) {
  document.title = `${title} · Playground`;
  main.setAttribute("aria-label", title);
  aside.hidden = !hasThread;
  document.body.toggleAttribute("data-thread", hasThread);
}

const said = (entry) => entry.firstElementChild.dataset.said;

/** Let a message be seen to have changed; gives whether it begins with other words now. */
function flash(entry) {
  const message = entry.firstElementChild;
  message.classList.remove("changed");
  void message.offsetWidth; // begins the animation anew
  message.classList.add("changed");
  return entry.dataset.before !== message.dataset.said;
}

// Else whatever had changed would flash again whenever a phone shows the channel instead of the thread.
document.addEventListener("animationend", (event) => event.target.classList.remove("changed"));

/** Go to a place of the page. */
export async function go(path) {
  const [place, target] = path.split("#");
  try {
    if (!(await enter(place))) return;
  } catch (error) {
    return notice(error.said);
  }
  const now = address(where.path + (target ? `#${target}` : ""));
  if (now !== location.pathname + location.search + location.hash) history.pushState({}, "", now);
  arrived(target);
}

/** Show a place in the stead of the one that stands in the browser's history; throws where that cannot be. */
export async function instead(path, target = "") {
  if (!(await enter(path))) return;
  history.replaceState({}, "", address(where.path + (target ? `#${target}` : "")));
  arrived(target);
}

function arrived(target) {
  if (target) point(target);
  opened();
}

/** Show the message that an address points to. */
export function point(target) {
  const message = document.getElementById(target);
  if (!message) return;
  message.scrollIntoView({ block: "start" });
  message.focus({ preventScroll: true });
  flash(message.parentElement);
}

/** Tell the app that one of its tabs is open. */
export function opened() {
  if (document.querySelector('[role="tablist"]')) act("open", { tab: where.path === HOME ? "home" : "messages" });
}
