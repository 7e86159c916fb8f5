import type { Advice } from '../advice.js';
import { inFlags } from './flags.js';

/**
 * The steps as numbered lines: what to do, why and what was measured, how sure it is, and the command that does it.
 * @param again what a command needs before it works, such as ` (once \`curator up\` runs)`; perhaps empty
 */
export function stepLines({ steps, problem }: Advice, again: string): string[] {
  if (problem !== null) return [`What to do about the model is unknown. ${problem}`];
  return steps.flatMap(({ title, reason, evidence, certainty, command }, index) => [
    `${index + 1}. ${inFlags(title)}`,
    `   ${inFlags(`${reason} ${evidence}`)}`,
    `   How sure: ${inFlags(certainty)}`,
    `   ${command}${again}`,
  ]);
}
