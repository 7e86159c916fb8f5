import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const OBSERVABILITY = fileURLToPath(new URL('../../deploy/observability/', import.meta.url));

const read = (name: string) => readFileSync(`${OBSERVABILITY}${name}`, 'utf8');

/** The alerting rules, and the names of their alerts. */
export const alertRules = (): string => read('alerts.yaml');
export const alertNames = (): string[] => matches(alertRules(), /- alert: (\w+)/g);
export const alertTests = (): string => read('alerts.test.yaml');

/** The expressions of the dashboard's panels. */
export function dashboardExpressions(): string[] {
  const { panels } = JSON.parse(read('dashboard.json')) as { panels: { targets?: { expr: string }[] }[] };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

/** The metrics that alerts and dashboard use, as a worker exports them; of a histogram the name without its series. */
export function usedMetrics(): string[] {
  const text = [alertRules(), ...dashboardExpressions()].join('\n');
  const names = matches(text, /\b((?:curator|temporal)_\w+)/g).map((name) => name.replace(/_bucket$/, ''));
  return [...new Set(names)];
}

/** The metrics that a worker exports, from its response. */
export const exportedMetrics = (response: string): string[] => matches(response, /^# TYPE (\S+)/gm);

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}
