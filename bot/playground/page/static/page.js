// The page: shows what its server says is there, after every change.

import { address, where } from "./server.js";
import { restore } from "./composers.js";
import { begin, opened, point, refresh } from "./place.js";
import "./keys.js";
import "./uses.js";

const TOGETHER = 30, AGAIN = 1000; // milliseconds: changes that are shown together; until the next try

let waiting = null, pulling = false, due = false, events = null;

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
addEventListener("pagehide", () => events?.close());
addEventListener("pageshow", (event) => event.persisted && listen());
restore();
["channel", "thread"].forEach(begin);
if (location.hash) point(location.hash.slice(1));
if (location.pathname !== where.path) history.replaceState({}, "", address(where.path + location.hash));
listen();
opened();
