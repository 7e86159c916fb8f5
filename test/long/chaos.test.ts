import { describe, expect, it } from '@jest/globals';
import { runProgram } from '../support/program.js';

/** The time after which no further scenario begins. */
const MINUTES = '3';

describe('chaos', () => {
  it('killed workers leave the same bytes and start one training per dataset', async () => {
    const { code, stdout } = await runProgram('test/chaos/main.ts', ['--minutes', MINUTES]);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/## Violations\n\nNone\./),
    });
  }, 900_000);
});
