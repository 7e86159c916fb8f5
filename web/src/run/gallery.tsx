import { useState } from 'preact/hooks';
import { photosAndTiles } from '../../../src/dataset/model/tiled-images.js';
import { api, type GalleryImage } from '../api.js';
import { count, plural } from '../format.js';
import { BoxedImage } from '../parts/boxed-image.js';
import { Problem } from '../parts/problem.js';
import { Lightbox } from './lightbox.js';
import { type ImageFilter, useImages } from './use-images.js';

/** The preprocessed images with the boxes of the manifests. */
export function Gallery({ dataset, labels }: { dataset: string; labels: readonly string[] }) {
  const [filter, setFilter] = useState<ImageFilter>({ split: '', label: '' });
  const { loaded, more } = useImages(dataset, filter);
  const [open, setOpen] = useState<number>();
  const { images, total, tiles, loading, problem } = loaded;
  const srcOf = (key: string) => api.imageAddress(dataset, key);
  return (
    <section class="gallery" aria-labelledby="gallery-title" aria-busy={loading}>
      <div class="section-head">
        <h2 id="gallery-title">Images</h2>
        <Filters labels={labels} filter={filter} onFilter={setFilter} />
        <span class="minor" role="status">
          {!loading && (tiles > 0 ? photosAndTiles(total, tiles) : plural(total, 'image'))}
        </span>
      </div>
      <ul class="tiles">
        {images.map((image, i) => (
          <li key={image.key}>
            <button type="button" onClick={() => setOpen(i)}>
              <BoxedImage image={image} src={srcOf(image.key)} labels={labels} fit="cover" />
            </button>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      {!loading && total === 0 && problem === null && <p class="minor">No image matches both filters.</p>}
      {(images.length < total || problem !== null) && (
        <button type="button" disabled={loading} onClick={more}>
          {problem === null ? `Show more (${count(total - images.length)})` : 'Try again'}
        </button>
      )}
      {open !== undefined && (
        <Lightbox
          images={images.map((image) => ({ ...image, about: aboutOf(image) }))}
          at={open}
          labels={labels}
          srcOf={srcOf}
          onMove={setOpen}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

const aboutOf = ({ split, width, height }: GalleryImage) => `${split}, ${width}×${height}`;

function Filters({
  labels,
  filter,
  onFilter,
}: {
  labels: readonly string[];
  filter: ImageFilter;
  onFilter: (filter: ImageFilter) => void;
}) {
  return (
    <>
      <label class="inline">
        Class
        <select
          value={filter.label}
          onChange={({ currentTarget }) => onFilter({ ...filter, label: currentTarget.value })}
        >
          <option value="">all</option>
          {labels.map((label) => (
            <option key={label} value={label}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label class="inline">
        Split
        <select
          value={filter.split}
          onChange={({ currentTarget }) => onFilter({ ...filter, split: currentTarget.value })}
        >
          <option value="">both</option>
          <option value="train">train</option>
          <option value="val">val</option>
        </select>
      </label>
    </>
  );
}
