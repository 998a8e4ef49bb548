// What moves in this page although somebody wants stillness: a mark of what changed may come and go, not fade.
() => {
  const style = (element) => getComputedStyle(element);
  const moving = [...document.querySelectorAll("*")]
    .filter((each) => parseFloat(style(each).transitionDuration) > 0 || style(each).scrollBehavior === "smooth")
    .map((each) => `${each.localName}.${each.className}`);
  const message = document.querySelector(".message");
  message?.classList.add("changed");
  for (const { animationName, effect } of document.getAnimations()) {
    const [first, ...others] = effect.getKeyframes().map(({ offset, computedOffset, ...shown }) => JSON.stringify(shown));
    if (others.some((each) => each !== first)) moving.push(animationName);
  }
  message?.classList.remove("changed");
  return moving;
}
