import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createMetrics } from '../../src/activities/metrics/metrics.js';
import { byCodePoint } from '../../src/lib/order.js';
import { memoryMetrics } from '../../src/worker/memory-metrics.js';
import { openRunMetrics } from '../../src/worker/open-run-metrics.js';
import { alertNames, alertTests, usedMetrics } from '../support/observability.js';
import { recordingMeter } from '../support/recording-meter.js';

const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const inRows = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
const documented = inRows(/^\| `((?:curator|temporal)_\w+)` \|/gm);

it('docs/operations.md lists every metric of Curator', () => {
  const { meter, exported } = recordingMeter();
  createMetrics(meter);
  memoryMetrics(meter);
  openRunMetrics(meter, async function* () {});
  const own = documented.filter((name) => name.startsWith('curator_'));
  expect(own.sort(byCodePoint)).toEqual(exported.sort(byCodePoint));
});

it('docs/operations.md lists every metric that alerts and dashboard use', () => {
  expect(usedMetrics().length).toBeGreaterThan(20);
  expect(usedMetrics().filter((name) => !documented.includes(name))).toEqual([]);
});

it('docs/operations.md says of every alert what to do', () => {
  expect(alertNames().length).toBeGreaterThan(10);
  expect(inRows(/^\| `(Curator\w+)` \| \w+ \| .+ \| .+ \|$/gm)).toEqual(alertNames());
});

it('every alert has a test in which it fires and one in which it does not', () => {
  const tests = alertTests();
  const untested = alertNames().filter(
    (name) => !tests.includes(`name: ${name} fires `) || !tests.includes(`name: ${name} does not fire `),
  );
  expect(untested).toEqual([]);
});
