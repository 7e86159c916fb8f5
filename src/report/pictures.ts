import type { BoxRole, Rect, ShownImage } from './facts.js';
import { type Html, html } from './html.js';

/** An embedded picture: the size of the preprocessed image in pixels, and a small JPEG of the image or of its view. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly jpegBase64: string;
}

/** Pictures by shown image; those that could not be read or exceed the budget of bytes are missing. */
export type Pictures = ReadonlyMap<ShownImage, Picture>;

const ROLES: readonly BoxRole[] = ['other', 'dropped', 'own'];

/** A figure: the picture with its boxes drawn, and a caption. */
export function figure(image: ShownImage, pictures: Pictures, caption: Html, alt: string): Html {
  const picture = pictures.get(image);
  return html`<figure>${picture ? drawing(picture, image, alt) : html`<div class="gone">no picture</div>`}<figcaption>${caption}</figcaption></figure>`;
}

function drawing(picture: Picture, { view, boxes }: ShownImage, alt: string): Html {
  const { left, top, width, height }: Rect = view ?? { left: 0, top: 0, ...picture };
  const outlines = ROLES.flatMap((role) => {
    const own = boxes.filter((box) => box.role === role);
    return own.length > 0 ? [html`<path class="${role}" d="${own.map(outline).join('')}"/>`] : [];
  });
  return html`<svg class="picture" role="img" aria-label="${alt}" viewBox="${left} ${top} ${width} ${height}"><image x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/jpeg;base64,${picture.jpegBase64}"/>${outlines}</svg>`;
}

function outline({ left, top, width, height }: Rect): string {
  return `M${left} ${top}h${width}v${height}h${-width}z`;
}

/** Describes the boxes of a picture for captions and screen readers, such as `acne ×2, scar`. */
export function describeBoxes(boxes: readonly { readonly label: string }[]): string {
  const counts = new Map<string, number>();
  for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  const named = [...counts].slice(0, MAX_NAMED).map(([label, count]) => {
    const name = label.length > MAX_NAME ? `${label.slice(0, MAX_NAME)}…` : label;
    return count > 1 ? `${name} ×${count}` : name;
  });
  const others = counts.size - named.length;
  return `${named.join(', ')}${others > 0 ? ` and ${others} further classes` : ''}`;
}

const MAX_NAMED = 8;
const MAX_NAME = 60;
