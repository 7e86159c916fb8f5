import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dashboardExpressions, OBSERVABILITY } from '../support/observability.js';

const PROMTOOL = process.env.PROMTOOL ?? 'promtool';
const promtool = (...args: string[]) =>
  spawnSync(PROMTOOL, args, { cwd: OBSERVABILITY, encoding: 'utf8', timeout: 60_000 });
const isHere = promtool('--version').status === 0;
const suite = isHere ? describe : describe.skip;
const why = isHere
  ? ''
  : " (skipped: promtool of Debian's package prometheus is neither on PATH nor named by PROMTOOL)";

suite(`promtool${why}`, () => {
  it('accepts the alerting rules', () => {
    const { stdout, stderr } = promtool('check', 'rules', 'alerts.yaml');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  it('finds that each alert fires when it should, and only then', () => {
    const { status, stdout, stderr } = promtool('test', 'rules', 'alerts.test.yaml');
    expect(stdout + stderr).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  it('accepts the expressions of the dashboard', () => {
    const folder = mkdtempSync(join(tmpdir(), 'curator-dashboard-'));
    const rules = dashboardExpressions().map((expr, index) => ({
      ...{ record: `panel_${index}`, expr: expr.replaceAll('$__rate_interval', '5m') },
    }));
    expect(rules.length).toBeGreaterThan(20);
    // JSON is YAML too.
    const file = join(folder, 'dashboard.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    const { stdout, stderr } = promtool('check', 'rules', file);
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
  });
});
