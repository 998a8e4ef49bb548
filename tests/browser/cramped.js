// What has too little room in this page: words of buttons, links and names in pieces, controls under something else.
() => {
  const cramped = [];
  const within = document.querySelector("dialog:modal") ?? document.body;
  const words = document.createRange();

  function inPieces(text) {
    for (const { index, 0: word } of text.data.matchAll(/\S+/g)) {
      words.setStart(text, index);
      words.setEnd(text, index + word.length);
      const [first, ...others] = words.getClientRects();
      if (others.some((each) => each.top >= first.bottom) && !/[-–/]/.test(word)) cramped.push(`"${word}" in pieces`);
    }
  }

  for (const element of within.querySelectorAll("button, a.button, .tabs a, .rail a, .file-ways a, .name, .members, .bar-title, h1, h2, h3")) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) inPieces(texts.currentNode);
  }

  // The part of a control that its scrolling list lets be seen must be what a click there meets.
  for (const control of within.querySelectorAll("button, a.button, select, input, textarea")) {
    if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const list = control.closest(".messages, .dialog-body, .rail")?.getBoundingClientRect();
    if (list && (top < list.top || bottom > list.bottom || bottom > innerHeight)) continue;
    for (const [x, y] of [[left + 2, (top + bottom) / 2], [right - 2, (top + bottom) / 2], [(left + right) / 2, top + 2], [(left + right) / 2, bottom - 2]]) {
      const met = document.elementFromPoint(x, y);
      if (met && (control.contains(met) || met.contains(control))) continue;
      cramped.push(`${control.localName} "${control.ariaLabel ?? control.textContent.slice(0, 20)}" ${met ? `under ${met.localName}.${met.className}` : "outside the window"}`);
      break;
    }
  }
  return cramped;
}
