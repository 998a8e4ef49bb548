// What is too pale in this page: texts under 4.5 : 1 (large ones 3 : 1), outlines of fields under 3 : 1.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !element.closest("[inert], :disabled, [aria-disabled=true]");

  function rgba(css) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  function over(above, below) {
    const mixed = [0, 1, 2].map((at) => above[at] * above[3] + below[at] * (1 - above[3]));
    return [...mixed, 1];
  }

  function ground(element) {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.push(rgba(getComputedStyle(each).backgroundColor));
    return layers.reverse().reduce((below, above) => over(above, below), [255, 255, 255, 1]);
  }

  function luminance(colour) {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(css, element) {
    const below = ground(element);
    const [light, dark] = [luminance(over(rgba(css), below)), luminance(below)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  const pale = [];
  const modal = document.querySelector("dialog:modal");
  const within = modal ?? document.body;
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.data.trim();
    if (!text || !shown(element) || element.closest("script, style, noscript")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const found = contrast(style.color, element);
    if (found < least) pale.push(`${found.toFixed(2)} text "${text.slice(0, 40)}" in ${element.tagName}.${element.className}`);
  }
  for (const field of within.querySelectorAll("input, select, textarea")) {
    const style = getComputedStyle(field);
    if (!shown(field) || style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) === 0) continue;
    const filled = contrast(style.backgroundColor, field.parentElement);
    const found = Math.max(contrast(style.borderTopColor, field.parentElement), filled);
    if (found < 3) pale.push(`${found.toFixed(2)} outline of ${field.tagName}.${field.className} "${field.ariaLabel ?? field.name}"`);
  }
  for (const field of within.querySelectorAll("input, textarea")) {
    if (!field.placeholder || !shown(field)) continue;
    const found = contrast(getComputedStyle(field, "::placeholder").color, field);
    if (found < 4.5) pale.push(`${found.toFixed(2)} placeholder "${field.placeholder}"`);
  }
  return pale;
}
