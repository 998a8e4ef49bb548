// What people hear who do not see the page: who wrote, and how it begins.

const MOST = 5; // sentences that are kept

/** Let these be heard once each. */
export function announce(news) {
  const said = [...new Set(news.filter(Boolean))];
  if (!said.length) return;
  const line = document.createElement("p");
  line.textContent = said.join(" ");
  const announced = document.getElementById("announced");
  announced.append(line);
  while (announced.childElementCount > MOST) announced.firstElementChild.remove();
}
