import sharp, { type Sharp } from 'sharp';

/** A picture of soft coloured waves that is uniform nowhere and different in every corner. */
export function waves(width: number, height: number): Sharp {
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      rgb[at] = 128 + Math.round(100 * Math.sin((x * 7) / width + 1));
      rgb[at + 1] = 128 + Math.round(100 * Math.sin((y * 9) / height + 2));
      rgb[at + 2] = 128 + Math.round(60 * Math.sin(((x + y) * 5) / (width + height)));
    }
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** A grey picture with a red square of `side` pixels around a centre. */
export function marked(width: number, height: number, centre: { x: number; y: number }, side: number): Sharp {
  const rgb = Buffer.alloc(width * height * 3, 110);
  for (let y = centre.y - side / 2; y < centre.y + side / 2; y++) {
    for (let x = centre.x - side / 2; x < centre.x + side / 2; x++) {
      rgb.set([230, 20, 20], (y * width + x) * 3);
    }
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** Centre of the red pixels of an encoded picture, in its own pixels. */
export async function redCentre(body: Buffer): Promise<{ x: number; y: number }> {
  const { data, info } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
  let [count, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < info.width * info.height; i++) {
    const at = i * info.channels;
    if ((data[at] ?? 0) - (data[at + 1] ?? 0) > 100) {
      count += 1;
      sumX += (i % info.width) + 0.5;
      sumY += Math.floor(i / info.width) + 0.5;
    }
  }
  return { x: sumX / count, y: sumY / count };
}

/** A grey 16-bit PNG as X-ray and thermal cameras write it: only the lower `bits` bits are used. */
export async function cameraPng(picture: Sharp, bits: number): Promise<Buffer> {
  const { data, info } = await picture.greyscale().raw().toBuffer({ resolveWithObject: true });
  const values = Uint16Array.from(
    { length: info.width * info.height },
    (_, i) => ((data[i * info.channels] ?? 0) * (2 ** bits - 1)) / 255,
  );
  return await sharp(values, { raw: { width: info.width, height: info.height, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
}
