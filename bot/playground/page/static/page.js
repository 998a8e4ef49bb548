// The page: shows what its server says is there, after every change.

import { address, where } from "./server.js";
import { restore } from "./composers.js";
import { anchored, isHeld } from "./lists.js";
import { begin, byName, opened, point, refresh } from "./place.js";
import "./keys.js";
import "./uses.js";

const changes = new BroadcastChannel("changes");
const TOGETHER = 30, AGAIN = 1000; // milliseconds: changes that are shown together; until the next try

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
    await refresh();
    connected(true);
  } catch (error) {
    if (error.gone) location.assign(address("/")); // the place is no more, its thread was of an earlier playground
    else connected(false);
  }
  pulling = false;
  if (due) pull();
}

function connected(is) {
  document.getElementById("connection").hidden = is;
  if (!is) setTimeout(pull, AGAIN);
}

/** Show what is there as long as the page is seen; whoever looks again sees what is there then. */
function look() {
  if (!document.hidden) pull();
}

/** Hear of every change, and of being cut off; one connection is enough for all tabs. */
function listen() {
  changes.onmessage = look;
  if ("SharedWorker" in window) new SharedWorker("/static/changes.js");
  else import("./changes.js");
}

document.addEventListener("visibilitychange", look);
addEventListener("pageshow", look);
for (const end of ["pointerup", "pointercancel", "keyup"]) addEventListener(end, () => isHeld() && look());
restore();
for (const name of ["channel", "thread"]) {
  anchored(byName(name));
  begin(name);
}
if (location.hash) point(location.hash.slice(1));
if (location.pathname !== where.path) history.replaceState({}, "", address(where.path + location.hash));
listen();
opened();
