import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../../scripts/audit.mjs', import.meta.url));

const ADVISORY = {
  id: 1,
  url: 'http://localhost/1',
  title: 'Reads beyond the end',
  severity: 'high',
  vulnerable_versions: '<2.0.0',
};

/** What the registry answers about the package `plain`. */
const PACKUMENT = {
  name: 'plain',
  'dist-tags': { latest: '1.0.0' },
  versions: { '1.0.0': { name: 'plain', version: '1.0.0' } },
};

describe('npm run audit', () => {
  let root: string;
  let registry: Server;
  /** What the registry answers about the packages; undefined if it refuses to. */
  let advisories: Record<string, unknown> | undefined;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'curator-audit-'));
    advisories = {};
    registry = createServer((request, response) => {
      request.resume();
      const answer = request.method === 'GET' ? PACKUMENT : advisories;
      response.writeHead(answer ? 200 : 405, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? {}));
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
  });
  afterEach(() => {
    registry.closeAllConnections();
    registry.close();
    rmSync(root, { recursive: true });
  });

  /** Audits a checkout with these packages. */
  async function audit(packages: readonly { name: string; license?: unknown; dev?: boolean }[]) {
    const locked = packages.map(({ name, dev }) => [
      `node_modules/${name}`,
      { version: '1.0.0', ...(dev ? { dev } : {}) },
    ]);
    const dependencies = Object.fromEntries(packages.map(({ name }) => [name, '1.0.0']));
    const own = { name: 'checkout', version: '1.0.0', dependencies };
    const lock = { ...own, lockfileVersion: 3, packages: { '': own, ...Object.fromEntries(locked) } };
    writeFileSync(join(root, 'package.json'), JSON.stringify(own));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
    for (const { name, license } of packages) {
      const folder = join(root, 'node_modules', name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
    }
    const { port } = registry.address() as AddressInfo;
    const child = spawn(process.execPath, [SCRIPT], {
      cwd: root,
      env: {
        ...process.env,
        npm_config_registry: `http://127.0.0.1:${port}`,
        npm_config_cache: join(root, 'cache'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return { code: code as number, stdout };
  }

  it('the audit finds nothing if all licences are allowed and no vulnerability is known', async () => {
    const { code, stdout } = await audit([
      { name: 'plain', license: 'MIT' },
      { name: 'choice', license: '(GPL-3.0-only OR Apache-2.0)' },
      { name: 'old', license: { type: 'BSD-3-Clause' } },
    ]);
    expect(stdout).toContain('all 3 packages have allowed licences');
    expect(stdout).toContain('none are known');
    expect(code).toBe(0);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'is not on the list',
      'GPL-3.0-only',
      /odd 1\.0\.0 .* has the licence GPL-3\.0-only, which is not allowed/,
    ],
    ['holds beside an allowed one', 'MIT AND GPL-3.0-only', /MIT AND GPL-3\.0-only, which is not allowed/],
    ['is missing', undefined, /odd 1\.0\.0 .* names no licence/],
  ])('the audit names a package whose licence %s', async (_what, license, line) => {
    const { code, stdout } = await audit([{ name: 'odd', license }]);
    expect(stdout).toMatch(line);
    expect(code).toBe(1);
  });

  it('the audit ignores the licences of packages that only development needs', async () => {
    const { code } = await audit([{ name: 'tool', license: 'GPL-3.0-only', dev: true }]);
    expect(code).toBe(0);
  });

  it('the audit names a package with a known vulnerability', async () => {
    advisories = { plain: [ADVISORY] };
    const { code, stdout } = await audit([{ name: 'plain', license: 'MIT' }]);
    expect(stdout).toMatch(/vulnerabilities: plain, high: Reads beyond the end/);
    expect(code).toBe(1);
  });

  it('the audit says that vulnerabilities were not checked if the registry does not answer', async () => {
    advisories = undefined;
    const { code, stdout } = await audit([{ name: 'plain', license: 'MIT' }]);
    expect(stdout).toMatch(/vulnerabilities: not checked: .*405/);
    expect(code).toBe(2);
  });
});
