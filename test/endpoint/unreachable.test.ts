import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';

describe('an endpoint whose Temporal does not respond', () => {
  let endpoint: TestEndpoint;
  beforeAll(async () => {
    endpoint = await startTestEndpoint({ deadlines: { queryMs: 200, changeMs: 200 } });
  });
  afterAll(async () => {
    await endpoint?.stop();
  });

  it.each(['/datasets', '/datasets/skin', '/readyz'])(
    'an endpoint whose Temporal does not respond answers %s with 503 after its deadline',
    async (path) => {
      const { status, body } = await endpoint.call(path);
      expect(body).toMatchObject({ status: 503, detail: expect.stringMatching(/Temporal/) });
      expect(status).toBe(503);
    },
    8_000,
  );
});
