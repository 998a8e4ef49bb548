// A picture in its most frequent colours, as many as that: `[width, height, palette, indices]`, both in base64.
async ([source, most]) => {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const apart = (one, other) => one.reduce((sum, part, at) => sum + (part - other[at]) ** 2, 0);
  const palette = [];
  const frequent = [...counts].sort((one, other) => other[1] - one[1]);
  // Grounds and lines are kept as they are; then each colour that is kept stands for those near it, the edges of letters.
  for (const [pixel, count] of frequent) if (count > pixels.length / 2000 && palette.length < most / 2) palette.push(parts(pixel));
  for (let near = 40 ** 2; palette.length < most && near > 16; near /= 2) {
    for (const [pixel] of frequent) {
      if (palette.length < most && palette.every((kept) => apart(kept, parts(pixel)) > near)) palette.push(parts(pixel));
    }
  }
  const nearest = new Map([...counts.keys()].map((pixel) => {
    const distances = palette.map((kept) => apart(kept, parts(pixel)));
    return [pixel, distances.indexOf(Math.min(...distances))];
  }));
  const indices = Uint8Array.from(pixels, (pixel) => nearest.get(pixel));
  const base64 = async (bytes) => {
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([bytes]));
    await new Promise((read) => (reader.onload = read));
    return reader.result.split(",")[1];
  };
  return [picture.width, picture.height, await base64(Uint8Array.from(palette.flat())), await base64(indices)];
}
