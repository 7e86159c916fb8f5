import sharp from 'sharp';

export interface DrawnBox {
  readonly text: string;
  /** In shares of the picture's sides. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Wong's colours, which people with any colour vision can tell apart. */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'];

/** The picture with the boxes and their texts on it, as JPEG; a colour for each text's first word. */
export async function drawBoxes(picture: Buffer, boxes: readonly DrawnBox[]): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  const line = Math.max(2, Math.round(Math.max(width, height) / 320));
  const font = Math.max(11, line * 6);
  const names = [...new Set(boxes.map(({ text }) => nameOf(text)))];
  const shapes = boxes.map(({ text, box }) => {
    const colour = COLOURS[names.indexOf(nameOf(text)) % COLOURS.length];
    const [x, y] = [box.left * width, box.top * height];
    const above = y > font * 1.4 ? y - line - font * 0.3 : y + font * 1.1;
    const label = `<text x="${x}" y="${above}" font-family="sans-serif" font-size="${font}"`;
    return [
      `<rect x="${x}" y="${y}" width="${box.width * width}" height="${box.height * height}" fill="none" stroke="${colour}" stroke-width="${line}"/>`,
      // Twice, the outline below the letters: librsvg knows no paint-order.
      `${label} fill="none" stroke="#000000" stroke-width="${font / 5}">${escaped(text)}</text>`,
      `${label} fill="${colour}">${escaped(text)}</text>`,
    ].join('');
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
  return await sharp(picture)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

const nameOf = (text: string) => text.replace(/ [\d.]+ %$/, '');

/** Labels come from archives: nothing of them may become markup. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .%_-]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 32 ? '' : `&#${code};`;
  });
}
