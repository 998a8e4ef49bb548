// What all tabs of a browser share: the one connection on which they hear that something changed. A browser has only six
// for a server, and each tab needs another one for what it asks and does.

const AGAIN = 1000; // milliseconds until the next try
const tabs = new BroadcastChannel("changes");

function listen() {
  const events = new EventSource("/events");
  events.onmessage = () => tabs.postMessage("changed");
  events.onerror = () => {
    tabs.postMessage("cut off");
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN);
  };
}

listen();
