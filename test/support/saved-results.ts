import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const historySchema = z.object({
  events: z.array(
    z.object({
      workflowExecutionCompletedEventAttributes: z
        .object({ result: z.object({ payloads: z.array(z.object({ data: z.string() })) }) })
        .optional(),
    }),
  ),
});
/** From the root of the checkout, since programs are bundled into another folder. */
const FOLDER = 'test/histories';

/** The results of the runs in the saved histories, as earlier versions wrote them, with the names of the files. */
export function savedResults(): { name: string; result: unknown }[] {
  return readdirSync(FOLDER).flatMap((name) => {
    if (!name.startsWith('ingestDataset.')) return [];
    const { events } = historySchema.parse(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
    const completed = events.at(-1)?.workflowExecutionCompletedEventAttributes;
    const data = completed?.result.payloads[0]?.data;
    return data === undefined
      ? []
      : [{ name, result: JSON.parse(Buffer.from(data, 'base64').toString('utf8')) }];
  });
}
