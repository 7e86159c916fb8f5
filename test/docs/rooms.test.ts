import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { lines } = JSON.parse(readFileSync(`${ROOT}rooms.json`, 'utf8')) as {
  lines: { room: string; holds: string }[][];
};
const rooms = lines.flat().map(({ room }) => room);

describe('rooms.json', () => {
  it('rooms.json is what the lint rule, the table in docs/architecture.md and the README of each room say', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/write-rooms.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('names every folder of src/', () => {
    const folders = readdirSync(`${ROOT}src`).filter((name) => statSync(`${ROOT}src/${name}`).isDirectory());
    const parents = new Set(rooms.map((room) => room.split('/')[0]));
    expect(folders.filter((folder) => !parents.has(folder))).toEqual([]);
    const datasetRooms = readdirSync(`${ROOT}src/dataset`).map((name) => `dataset/${name}`);
    expect(datasetRooms.filter((room) => !rooms.includes(room))).toEqual([]);
  });

  it('leaves no file in src/ beside the worker and the client', () => {
    const files = readdirSync(`${ROOT}src`).filter((name) => statSync(`${ROOT}src/${name}`).isFile());
    expect(files.sort()).toEqual(['client.ts', 'worker.ts']);
  });
});
