import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openInput } from '../../src/input/input.js';

describe('a URL as input', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const open = (url: string) => openInput(url, () => undefined);

  it('downloads a URL to a temporary file named by its last segment, which closing removes', async () => {
    const url = await serve((_request, response) => response.end('the archive'));
    const input = await open(`${url}/exports/My%20Skin.v1i.coco.zip?key=secret`);
    if (input.kind !== 'file') throw new Error('The input is not a file.');
    expect(input.name).toBe('My Skin.v1i.coco.zip');
    expect(readFileSync(input.path, 'utf8')).toBe('the archive');
    await input.close();
    expect(() => readFileSync(input.path)).toThrow(/ENOENT/);
  });

  it('keeps the file name of a URL that is not valid percent-encoding', async () => {
    const url = await serve((_request, response) => response.end('the archive'));
    const input = await open(`${url}/100%-skin.zip`);
    expect(input.name).toBe('100%-skin.zip');
    if (input.kind === 'file') await input.close();
  });

  it('follows a redirect to https or loopback but refuses one to http', async () => {
    const target = await serve((_request, response) => response.end('moved'));
    const url = await serve(({ url: path }, response) =>
      response
        .writeHead(302, { location: path === '/here' ? `${target}/a.zip` : 'http://example.invalid/' })
        .end(),
    );
    const input = await open(`${url}/here`);
    expect(input.kind === 'file' && readFileSync(input.path, 'utf8')).toBe('moved');
    if (input.kind === 'file') await input.close();
    await expect(open(`${url}/there`)).rejects.toThrow(/does not use https/);
  });

  it.each([
    ['is cut off', 'ended|terminated|closed|reset'],
    ['does not exist', 'status 404'],
  ])(
    'suggests downloading manually if a download %s, without showing the query of the URL',
    async (what, why) => {
      const url = await serve((_request, response) => {
        if (what === 'does not exist') response.writeHead(404).end();
        else {
          response.writeHead(200, { 'content-length': '1000' });
          response.write('the beg', () => response.destroy());
        }
      });
      const failure = await open(`${url}/a.zip?key=secret`).catch((error: Error) => error.message);
      expect(failure).toMatch(new RegExp(`a\\.zip cannot be downloaded: .*(${why}).*Download it yourself`));
      expect(failure).not.toContain('secret');
    },
  );

  it('refuses an http URL of another host', async () => {
    await expect(open('http://example.invalid/a.zip')).rejects.toThrow(/does not use https/);
  });
});
