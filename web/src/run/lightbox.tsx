import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { tileText } from '../../../src/dataset/model/tiled-images.js';
import type { Boxed } from '../parts/boxed.js';
import { BoxedImage } from '../parts/boxed-image.js';
import { colourOf } from '../parts/colours.js';

/** A picture with its S3 key and what is said below it. */
export interface LightboxPicture extends Boxed {
  readonly key: string;
  readonly about: string;
}

interface LightboxProps {
  readonly images: readonly LightboxPicture[];
  readonly at: number;
  readonly labels: readonly string[];
  readonly srcOf: (key: string) => string;
  readonly onMove: (at: number) => void;
  readonly onClose: () => void;
  /** Controls below the picture. */
  readonly children?: ComponentChildren;
}

const ZOOMS = [1, 2, 4, 8];

/** One image in a dialog: arrow keys move to the next or previous image, plus and minus zoom, Escape closes. */
export function Lightbox({ images, at, labels, srcOf, onMove, onClose, children }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [zoom, setZoom] = useState(0);
  const image = images[at];
  const area = useRef<HTMLElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // Zooms into the centre of the picture.
  useEffect(() => {
    const { scrollWidth = 0, clientWidth = 0, scrollHeight = 0, clientHeight = 0 } = area.current ?? {};
    area.current?.scrollTo((scrollWidth - clientWidth) / 2, (scrollHeight - clientHeight) / 2);
  }, [zoom]);
  const move = (by: number) => {
    const next = Math.min(images.length - 1, Math.max(0, at + by));
    if (next !== at) setZoom(0);
    onMove(next);
  };
  const zoomBy = (by: number) => setZoom((before) => Math.min(ZOOMS.length - 1, Math.max(0, before + by)));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => move(-1),
    ArrowRight: () => move(1),
    '+': () => zoomBy(1),
    '=': () => zoomBy(1),
    '-': () => zoomBy(-1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keys[event.key];
    // While zoomed in, arrow keys scroll the picture.
    if (!act || (zoom > 0 && event.key.startsWith('Arrow'))) return;
    event.preventDefault();
    act();
  };
  if (!image) return null;
  const shown = [...new Set(image.boxes.map(({ label }) => label))];
  return (
    <dialog ref={dialog} class="lightbox" aria-label={image.path} onClose={onClose} onKeyDown={onKeyDown}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard */}
      <section ref={area} class="stage-area" tabIndex={0} aria-label="Picture">
        <div class={`zoomed zoom-${ZOOMS[zoom]}`}>
          <BoxedImage image={image} src={srcOf(image.key)} labels={labels} fit="contain" captions="all" />
        </div>
      </section>
      <footer>
        <div class="about">
          <span class="name">
            {image.path}
            {image.tile && `, ${tileText(image.tile)}`}
          </span>
          <span class="minor">{image.about}</span>
          {shown.map((label) => (
            <span key={label} class="minor">
              <span class="key" style={{ color: colourOf(label, labels) }} aria-hidden="true" /> {label}
            </span>
          ))}
          {children}
        </div>
        <div class="buttons">
          <button type="button" aria-label="Previous image" disabled={at === 0} onClick={() => move(-1)}>
            ←
          </button>
          <button
            type="button"
            aria-label="Next image"
            disabled={at === images.length - 1}
            onClick={() => move(1)}
          >
            →
          </button>
          <button type="button" aria-label="Zoom out" disabled={zoom === 0} onClick={() => zoomBy(-1)}>
            −
          </button>
          <button
            type="button"
            aria-label="Zoom in"
            disabled={zoom === ZOOMS.length - 1}
            onClick={() => zoomBy(1)}
          >
            +
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </footer>
    </dialog>
  );
}
