import sharp from 'sharp';

export interface DrawnBox {
  readonly text: string;
  /** Left, top, width and height as shares of the picture's sides, 0 to 1. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Wong's palette, distinguishable with any colour vision. */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'];

/** Draws boxes and their texts onto a picture and returns a JPEG; boxes of one name have one colour. */
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
      // Drawn twice, outline first: librsvg does not support paint-order.
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

/** Escapes a label for SVG: labels come from archives and must not become markup. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .%_-]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 32 ? '' : `&#${code};`;
  });
}
