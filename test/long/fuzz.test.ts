import { describe, expect, it } from '@jest/globals';
import { runProgram } from '../support/program.js';
import { temporaryHome } from '../support/servers.js';

describe('mutated archives, COCO files, images, manifests, evaluations, events and requests', () => {
  it('mutated input crashes nothing, hangs nothing and causes only documented errors, for a minute', async () => {
    const { home } = await temporaryHome();
    const { code, stdout } = await runProgram('test/fuzz/main.ts', ['--minutes', '1', '--out', home]);
    // Shows the seed and the command that replays a found input.
    expect({ code, found: stdout.match(/^.*--replay.*$/gm) ?? [], stdout }).toMatchObject({
      code: 0,
      found: [],
    });
  }, 300_000);
});
