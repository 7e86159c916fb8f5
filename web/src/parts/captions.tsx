import { useEffect, useRef, useState } from 'preact/hooks';
import type { Boxed, Mark } from './boxed.js';

/** Pixels of the screen. */
const FONT_SIZE = 12;
/** Maximum captions that do not cover each other and the picture where there is little room. */
const MAX_IN_TILE = 6;
/** Mean width of a character, in font sizes. */
const CHARACTER = 0.58;
const PADDING = 3;
const HEIGHT = FONT_SIZE + 4;

/**
 * The texts of the boxes, as large on the screen whatever the size of the picture: of labelled boxes above the box, of
 * detections below it.
 * @param onlyWithRoom leaves out texts of faint boxes, those much wider than their box, and all if there are many
 */
export function Captions({ image, onlyWithRoom }: { image: Boxed; onlyWithRoom: boolean }) {
  const group = useRef<SVGGElement>(null);
  const scale = useScale(group, image);
  const isCrowded = image.boxes.filter(({ isFaint }) => !isFaint).length > MAX_IN_TILE;
  return (
    <g ref={group} class="captions">
      {scale > 0 &&
        !(onlyWithRoom && isCrowded) &&
        image.boxes.map((box, i) => (
          <Caption key={i} box={box} image={image} scale={scale} onlyWithRoom={onlyWithRoom} />
        ))}
    </g>
  );
}

function Caption({
  box,
  image,
  scale,
  onlyWithRoom,
}: {
  box: Mark;
  image: Boxed;
  scale: number;
  onlyWithRoom: boolean;
}) {
  if (box.text === undefined) return null;
  const width = (box.text.length * CHARACTER * FONT_SIZE + 2 * PADDING) / scale;
  if (onlyWithRoom && (box.isFaint || width > Math.max(box.width, image.width / 2))) return null;
  const height = HEIGHT / scale;
  const left = clamp(box.left, image.width - width);
  const top = clamp(box.isDetected ? box.top + box.height : box.top - height, image.height - height);
  return (
    <g class={box.isFaint ? 'faint' : undefined}>
      <rect class="plate" x={left} y={top} width={width} height={height} />
      <text x={left + PADDING / scale} y={top + (HEIGHT - 5) / scale} font-size={FONT_SIZE / scale}>
        {box.text}
      </text>
    </g>
  );
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most));

/** Pixels of the screen per pixel of the picture, which is shown whole; 0 until it is measured. */
function useScale(group: { readonly current: SVGGElement | null }, { width, height }: Boxed): number {
  const [scale, setScale] = useState(0);
  useEffect(() => {
    const svg = group.current?.ownerSVGElement;
    if (!svg) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      setScale(Math.min(entry.contentRect.width / width, entry.contentRect.height / height));
    });
    observer.observe(svg);
    return () => observer.disconnect();
  }, [group, width, height]);
  return scale;
}
