// Menus: a button that opens a list of things to do; one is open at a time.

let open = null;

/** Open the menu of a button, or close it if it is open. */
export function toggle(button) {
  const again = open === button;
  close();
  if (again) return;
  const menu = button.nextElementSibling;
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  open = button;
  place(button, menu);
  items(menu)[0]?.focus();
}

/** Close what is open; focus goes back to its button if it was within. */
export function close() {
  if (!open) return;
  const menu = open.nextElementSibling;
  const within = menu?.contains(document.activeElement);
  if (menu) menu.hidden = true;
  open.setAttribute("aria-expanded", "false");
  if (within) open.focus();
  open = null;
}

// Beside its button, above it where there is no room below: a list that scrolls would cut it off otherwise.
function place(button, menu) {
  const at = button.getBoundingClientRect();
  const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
  const top = below ? at.bottom + 4 : Math.max(8, at.top - menu.offsetHeight - 4);
  const left = Math.max(8, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8));
  menu.style.inset = `${top}px auto auto ${left}px`;
}

const items = (menu) => [...menu.querySelectorAll('[role="menuitem"]')].filter((each) => each.offsetParent);

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (!open) return;
  if (event.key === "Escape" || event.key === "Tab") {
    if (event.key === "Escape") event.preventDefault();
    close();
  } else if (event.key in STEPS || event.key === "Home" || event.key === "End") {
    const all = items(open.nextElementSibling);
    const at = all.indexOf(document.activeElement) + (STEPS[event.key] ?? 0);
    const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : (at + all.length) % all.length;
    all[to]?.focus();
    event.preventDefault();
  }
});

document.addEventListener("scroll", (event) => open && event.target.contains?.(open) && close(), true);
addEventListener("resize", close);
document.addEventListener("pointerdown", (event) => {
  if (open && !open.parentElement.contains(event.target)) close();
});
