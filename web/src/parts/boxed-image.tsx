import { useEffect, useState } from 'preact/hooks';
import { imageName } from '../../../src/dataset/model/tiled-images.js';
import { plural } from '../format.js';
import { type Boxed, classOf } from './boxed.js';
import { Captions } from './captions.js';
import { colourOf } from './colours.js';

/** Alternative text of a picture. */
export function describe(image: Boxed): string {
  const { boxes, alt } = image;
  if (alt !== undefined) return alt;
  const counts = new Map<string, number>();
  for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  const marked = [...counts].map(([label, n]) => `${n} ${label}`).join(', ');
  return `${imageName(image)}: ${marked || plural(0, 'box')}`;
}

/**
 * A picture with its boxes. `cover` fills the tile and crops the picture, `contain` shows all of it; the boxes are
 * scaled in the same way as the picture.
 */
export function BoxedImage({
  image,
  src,
  labels,
  fit,
  captions = 'none',
}: {
  image: Boxed;
  src: string;
  labels: readonly string[];
  fit: 'cover' | 'contain';
  /** Needs `contain`. */
  captions?: 'none' | 'with-room' | 'all';
}) {
  const { width, height, boxes } = image;
  return (
    <span class={`boxed ${fit}`}>
      <img
        src={src}
        alt={describe(image)}
        loading={src.startsWith('blob:') ? 'eager' : 'lazy'}
        decoding="async"
      />
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio={fit === 'cover' ? 'xMidYMid slice' : 'xMidYMid meet'}
        aria-hidden="true"
      >
        {boxes.map((box, i) => (
          <g key={i} class={classOf(box)} style={{ color: colourOf(box.label, labels) }}>
            <rect class="halo" x={box.left} y={box.top} width={box.width} height={box.height} />
            <rect x={box.left} y={box.top} width={box.width} height={box.height} />
          </g>
        ))}
        {captions !== 'none' && <Captions image={image} onlyWithRoom={captions === 'with-room'} />}
      </svg>
    </span>
  );
}

/** An object URL for a blob, revoked when it is no longer shown. */
export function useBlobAddress(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return undefined;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

/** Object URLs for blobs by the same keys, revoked when they are no longer shown. */
export function useBlobAddresses(blobs: ReadonlyMap<string, Blob> | undefined): ReadonlyMap<string, string> {
  const [urls, setUrls] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const made = new Map([...(blobs ?? [])].map(([key, blob]) => [key, URL.createObjectURL(blob)] as const));
    setUrls(made);
    return () => {
      for (const url of made.values()) URL.revokeObjectURL(url);
    };
  }, [blobs]);
  return urls;
}
