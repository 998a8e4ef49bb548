// The page's one way to its server: what is shown, and what somebody does.

export const where = { path: document.body.dataset.path, since: document.body.dataset.since };
const speaker = document.getElementById("speaker");

/** Who speaks, as ids have it. */
export const who = () => speaker.value;

/** An address of the page for whoever speaks: the first person needs no mention. */
export function address(path) {
  const [place, target] = path.split("#");
  const as = speaker.selectedIndex ? `?as=${who()}` : "";
  return place + as + (target ? `#${target}` : "");
}

const UNANSWERED = "The playground did not answer. Try again.";

/** What is seen in a place now; throws an Error, `gone` if there is no such place, `said` if the server says why not. */
export async function shown(path, since) {
  const response = await fetch(`/shown${path}?as=${who()}&since=${since}`);
  const told = await response.json();
  if (!response.ok) throw Object.assign(new Error(told.said), { gone: response.status === 404, said: told.said });
  return told;
}

/** Do something; gives whether it was done, and says why not. */
export async function act(what, about) {
  try {
    const body = JSON.stringify({ ...about, as: who() });
    const response = await fetch(`/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (response.ok) return true;
    const told = await response.json().catch(() => ({ said: "The playground refused that." }));
    notice(told.said);
  } catch {
    notice();
  }
  return false;
}

let fading;

/** Say something for a while at the top of the page, by default that there was no answer. */
export function notice(said = UNANSWERED) {
  const shown = document.getElementById("notice");
  shown.textContent = said;
  clearTimeout(fading);
  fading = setTimeout(() => (shown.textContent = ""), 8000);
}
