// Keys: F6 from region to region, arrows from message to message.

const regions = () =>
  ["nav", "main", "aside:not([hidden])"].map((name) => document.querySelector(name)).filter((each) => each?.offsetParent !== null && each);

function nextRegion(step) {
  const all = regions();
  const at = all.findIndex((each) => each.contains(document.activeElement));
  const region = all[(at + step + all.length) % all.length];
  (region.querySelector(".messages, [aria-current]") ?? region).focus();
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function nextMessage(list, step) {
  const all = [...list.querySelectorAll(".message")];
  const at = all.indexOf(document.activeElement.closest(".message"));
  const to = at < 0 ? (step < 0 ? all.length - 1 : 0) : Math.max(0, Math.min(all.length - 1, at + step));
  all[to]?.focus();
}

function nextTab(tab) {
  [...tab.parentElement.children].find((each) => each !== tab)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (/^Arrow(Left|Right)$/.test(event.key) && event.target.matches?.("[role=tab]")) nextTab(event.target);
  if (event.key === "F6") {
    nextRegion(event.shiftKey ? -1 : 1);
    event.preventDefault();
  }
  const list = event.target.closest?.(".messages");
  if (list && event.key in STEPS && !event.target.closest("select, input, textarea, [role=menu]") && !event.altKey && !event.ctrlKey) {
    nextMessage(list, STEPS[event.key]);
    event.preventDefault();
  }
  if (event.key === " " && event.target.matches?.("a[role=button]")) {
    event.target.click();
    event.preventDefault();
  }
});
