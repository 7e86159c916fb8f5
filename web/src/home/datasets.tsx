import { useState } from 'preact/hooks';
import type { DatasetEntry } from '../api.js';
import { DatasetRow } from './dataset-row.js';
import { useDatasets } from './use-datasets.js';

/** A shorter list is seen at a glance and has no search field. */
const SEARCHED_FROM = 5;

/** The datasets, newest run first, each with its latest model and the state of its latest run. */
export function DatasetList({ onLocked }: { onLocked: () => void }) {
  const datasets = useDatasets(onLocked);
  return (
    <section class="datasets" aria-labelledby="datasets-title" aria-busy={datasets.state === 'loading'}>
      <h2 id="datasets-title">Datasets</h2>
      {datasets.state === 'loading' && <p class="minor">Loading …</p>}
      {datasets.state === 'away' && (
        <p class="problem" role="status">
          {datasets.message} Retrying; files can be checked meanwhile.
        </p>
      )}
      {datasets.state === 'there' && <List datasets={datasets.datasets} />}
    </section>
  );
}

function List({ datasets }: { datasets: readonly DatasetEntry[] }) {
  const [search, setSearch] = useState('');
  if (datasets.length === 0) return <p class="minor">No datasets yet. Choose a ZIP above.</p>;
  const isSearched = datasets.length >= SEARCHED_FROM;
  const wanted = isSearched ? search.trim().toLowerCase() : '';
  const found = datasets.filter(({ dataset }) => dataset.includes(wanted));
  return (
    <>
      {isSearched && (
        <input
          type="search"
          aria-label="Search datasets by name"
          placeholder="Search by name"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      )}
      {found.length === 0 && (
        <p class="minor" role="status">
          No dataset has “{search.trim()}” in its name.
        </p>
      )}
      {found.length > 0 && (
        <ul class="rows">
          {found.map((entry) => (
            <DatasetRow key={entry.dataset} entry={entry} />
          ))}
        </ul>
      )}
    </>
  );
}
