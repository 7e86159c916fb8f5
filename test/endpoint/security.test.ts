import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { assertProtected } from '../../src/endpoint/tokens.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';

const TOKEN = 'a-token-of-this-test';
const OTHER_PAGE = 'https://page.example';

/** No S3 and no Temporal: accepted requests reach routes that do not need them. */
describe('security of the endpoint', () => {
  let endpoint: TestEndpoint;
  afterEach(async () => await endpoint.stop());

  /** Sends a request with Host and Origin headers, which fetch would set itself. */
  async function send(
    path: string,
    headers: Record<string, string>,
    method = 'GET',
    body = '',
  ): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
    return await new Promise((resolve, reject) => {
      const sent = request(`${endpoint.url}${path}`, { method, headers }, (answer) => {
        text(answer).then(
          (content) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: content }),
          reject,
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  it('exchanges a token for a session cookie that authenticates requests and does not contain the token', async () => {
    endpoint = await startTestEndpoint({}, { tokens: ['old', TOKEN] });
    const json = { 'content-type': 'application/json' };
    const refused = await send('/session', json, 'POST', JSON.stringify({ token: 'wrong' }));
    expect(refused.status).toBe(401);
    const given = await send('/session', json, 'POST', JSON.stringify({ token: TOKEN }));
    const [set = ''] = given.headers['set-cookie'] as string[];
    expect(set).toMatch(/^curator_session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(TOKEN);
    const cookie = set.split(';')[0] ?? '';

    const path = '/datasets/skin/image?key=elsewhere';
    expect((await send(path, {})).status).toBe(401);
    expect((await send(path, { cookie })).status).toBe(400);
    expect(
      (await send(path, { cookie: cookie.replace(/.$/, (end) => (end === '0' ? '1' : '0')) })).status,
    ).toBe(401);
    expect((await send(path, { cookie: 'curator_session=9999999999.abc' })).status).toBe(401);
    expect(JSON.parse((await send('/session', { cookie })).body)).toEqual({ authenticated: true });
    expect(JSON.parse((await send('/session', {})).body)).toEqual({ authenticated: false });
  });

  it('refuses requests that change something from pages of other origins', async () => {
    endpoint = await startTestEndpoint({}, { origins: [OTHER_PAGE] });
    const cancel = async (origin: string) =>
      (await send('/uploads/abort', { origin, 'content-type': 'application/json' }, 'POST', '{}')).status;
    expect(await cancel('https://evil.example')).toBe(403);
    expect(await cancel('null')).toBe(403);
    expect(await cancel('http://127.0.0.1:1')).toBe(403);
    expect(await cancel(endpoint.url)).toBe(400);
    expect(await cancel(OTHER_PAGE)).toBe(400);
  });

  it('accepts only loopback host names if no token is needed', async () => {
    endpoint = await startTestEndpoint({});
    expect((await send('/healthz', { host: 'rebound.example' })).status).toBe(421);
    expect((await send('/healthz', { host: 'localhost:80' })).status).toBe(200);
    expect((await send('/healthz', { host: '[::1]:80' })).status).toBe(200);
  });

  it.each([
    ['localhost#.evil.example', 400],
    ['localhost/.evil.example', 400],
    ['localhost?.evil.example', 400],
    ['user@localhost', 400],
    ['%6cocalhost', 400],
    ['localhost:80:80', 400],
    ['localhost, evil.example', 400],
    ['localhost.', 421],
    ['127.0.0.256', 421],
    ['127.1', 421],
    ['127.0.0.1.', 421],
    ['127.1', 421],
    ['localhost.evil.example', 421],
    ['[::ffff:127.0.0.1]', 421],
  ])('refuses the Host header %j', async (host, status) => {
    endpoint = await startTestEndpoint({});
    const refused = await send('/healthz', { host });
    expect(refused.status).toBe(status);
    expect(JSON.parse(refused.body)).toMatchObject({ status });
  });

  it.each(['localhost', 'LOCALHOST:14600', '127.0.0.1', '127.0.0.2:80', '[::1]', '[::1]:80'])(
    'accepts the Host header %j without tokens',
    async (host) => {
      endpoint = await startTestEndpoint({});
      expect((await send('/healthz', { host })).status).toBe(200);
    },
  );

  it('refuses a request line that names another host than the Host header', async () => {
    endpoint = await startTestEndpoint({});
    const statusOf = async (target: string) => {
      const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
      socket.end(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      return Number((await text(socket)).split(' ')[1]);
    };
    expect(await statusOf('http://evil.example/healthz')).toBe(400);
    expect(await statusOf('http://localhost/healthz')).toBe(200);
  });

  it('compares the scheme and the port of an origin too', async () => {
    endpoint = await startTestEndpoint({});
    const own = endpoint.url.slice('http://'.length);
    const change = async (headers: Record<string, string>) =>
      (await send('/uploads/abort', { ...headers, 'content-type': 'application/json' }, 'POST', '{}')).status;
    expect(await change({ origin: `http://${own}` })).toBe(400);
    expect(await change({ origin: `https://${own}` })).toBe(403);
    expect(await change({ origin: `http://${own}.` })).toBe(403);
    expect(await change({ origin: `http://${own}/path` })).toBe(403);
    expect(await change({ origin: 'http://127.0.0.1' })).toBe(403);
  });

  it('accepts its own page behind a proxy that ends TLS', async () => {
    endpoint = await startTestEndpoint({}, { tokens: [TOKEN] });
    const proxied = { host: 'curator.example', origin: 'https://curator.example' };
    const signIn = async (site: string) =>
      (
        await send(
          '/session',
          { ...proxied, 'sec-fetch-site': site, 'content-type': 'application/json' },
          'POST',
          JSON.stringify({ token: TOKEN }),
        )
      ).status;
    expect(await signIn('same-origin')).toBe(204);
    expect(await signIn('cross-site')).toBe(403);
  });

  it('checks the Host header even if X-Forwarded-Host names a loopback host', async () => {
    endpoint = await startTestEndpoint({});
    const rebound = { host: 'rebound.example' };
    for (const forwarded of ['localhost', '127.0.0.1', endpoint.url.slice('http://'.length)]) {
      expect((await send('/healthz', { ...rebound, 'x-forwarded-host': forwarded })).status).toBe(421);
    }
    expect((await send('/healthz', { ...rebound, forwarded: 'host=localhost' })).status).toBe(421);
  });

  it('refuses a request with two Host headers', async () => {
    endpoint = await startTestEndpoint({}, { tokens: [TOKEN] });
    const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
    socket.end('GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('limits the rate per address, whatever X-Forwarded-For says', async () => {
    endpoint = await startTestEndpoint({}, { rateLimit: 3 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await send('/openapi.json', { 'x-forwarded-for': `192.0.2.${i}` })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('limits the rate per forwarded address behind a trusted proxy', async () => {
    endpoint = await startTestEndpoint({}, { rateLimit: 1, trustedProxies: ['127.0.0.1'] });
    const first = await send('/openapi.json', { 'x-forwarded-for': '192.0.2.1' });
    const other = await send('/openapi.json', { 'x-forwarded-for': '192.0.2.2' });
    const again = await send('/openapi.json', { 'x-forwarded-for': '192.0.2.1' });
    expect([first.status, other.status, again.status]).toEqual([200, 200, 429]);
  });

  it('refuses to presign an upload for a page of another origin, though the request is a GET', async () => {
    endpoint = await startTestEndpoint({});
    const presign = async (headers: Record<string, string>) =>
      (await send('/data-presign?filename=a.zip&size=5&dataset=skin', headers)).status;
    expect(await presign({ origin: 'https://evil.example' })).toBe(403);
    expect(await presign({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await presign({ 'sec-fetch-site': 'same-origin' })).toBe(503);
    expect(await presign({})).toBe(503);
  });

  it('allows only pages of listed origins to read', async () => {
    endpoint = await startTestEndpoint({}, { origins: [OTHER_PAGE] });
    const allowed = async (origin: string) =>
      (await send('/healthz', { origin })).headers['access-control-allow-origin'];
    expect(await allowed(OTHER_PAGE)).toBe(OTHER_PAGE);
    expect(await allowed('https://evil.example')).not.toBe('https://evil.example');
    const preflight = await send(
      '/notify-upload',
      { origin: OTHER_PAGE, 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect(preflight.status).toBe(204);
  });

  it('sends headers against framing, sniffing and injection that still allow uploads', async () => {
    endpoint = await startTestEndpoint({});
    const { headers } = await send('/healthz', {});
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['content-security-policy']).toMatch(
      /default-src 'none'.*connect-src 'self' http:\/\/127\.0\.0\.1:9/,
    );
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });

  it('limits the rate of requests and the size of bodies', async () => {
    endpoint = await startTestEndpoint({}, { rateLimit: 3 });
    const long = { 'content-type': 'application/json' };
    expect((await send('/notify-upload', long, 'POST', `"${'x'.repeat(70_000)}"`)).status).toBe(413);
    await send('/openapi.json', {});
    await send('/openapi.json', {});
    const limited = await send('/openapi.json', {});
    expect(limited.status).toBe(429);
    expect(limited.headers['content-type']).toContain('application/problem+json');
  });

  it('answers liveness checks of an address that has reached the maximum rate of requests', async () => {
    endpoint = await startTestEndpoint({}, { rateLimit: 1 });
    const statuses: number[] = [];
    for (const path of ['/openapi.json', '/openapi.json', '/healthz', '/healthz']) {
      statuses.push((await send(path, {})).status);
    }
    expect(statuses).toEqual([200, 429, 200, 200]);
  });

  it('works under a path prefix, with cookie and API description', async () => {
    endpoint = await startTestEndpoint({}, { tokens: [TOKEN], basePath: '/curator' });
    const json = { 'content-type': 'application/json' };
    expect((await send('/healthz', {})).status).toBe(401);
    expect((await send('/curator/healthz', {})).status).toBe(200);
    const given = await send('/curator/session', json, 'POST', JSON.stringify({ token: TOKEN }));
    expect(given.headers['set-cookie']).toEqual([expect.stringContaining('Path=/curator/;')]);
    expect(JSON.parse((await send('/curator/openapi.json', {})).body).paths).toHaveProperty(
      '/curator/data-presign',
    );
  });

  it('serves the API page without a token and without requests to other hosts', async () => {
    endpoint = await startTestEndpoint({}, { tokens: [TOKEN] });
    const page = await send('/docs/', {});
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).not.toMatch(/https|unsafe|upgrade|validator/);
    const scripts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(scripts.length).toBeGreaterThan(2);
    for (const link of scripts) {
      const { pathname, origin } = new URL(link, `${endpoint.url}/docs/`);
      expect(origin).toBe(endpoint.url);
      expect((await send(pathname, {})).status).toBe(200);
    }
  });

  it('listens beyond loopback only with tokens', async () => {
    endpoint = await startTestEndpoint({});
    expect(() => assertProtected([], '0.0.0.0')).toThrow(/CURATOR_TOKENS/);
    expect(() => assertProtected(['0123456789abcdef'], '0.0.0.0')).not.toThrow();
    expect(() => assertProtected([], '127.0.0.1')).not.toThrow();
  });
});
