import { viewOf } from '../../../src/report/facts.js';
import { type Boxed, classOf } from './boxed.js';
import { colourOf } from './colours.js';

/** A part of a picture, by default the one around its first box, so that a small box can be seen. */
export function Closeup({
  image: { width, height, boxes, alt, ...image },
  src,
  labels,
}: {
  image: Boxed;
  src: string;
  labels: readonly string[];
}) {
  const [box] = boxes;
  const part = image.view === undefined && box ? viewOf(box, { width, height }) : image.view;
  const view = part ?? { left: 0, top: 0, width, height };
  return (
    <span class="boxed contain">
      <svg viewBox={`${view.left} ${view.top} ${view.width} ${view.height}`} role="img" aria-label={alt}>
        <image href={src} width={width} height={height} preserveAspectRatio="none" />
        {boxes.map((mark, i) => (
          <g key={i} class={classOf(mark)} style={{ color: colourOf(mark.label, labels) }}>
            <rect class="halo" x={mark.left} y={mark.top} width={mark.width} height={mark.height} />
            <rect x={mark.left} y={mark.top} width={mark.width} height={mark.height} />
          </g>
        ))}
      </svg>
    </span>
  );
}
