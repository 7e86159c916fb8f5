import { PatternError, type PatternNode } from './pattern-syntax.js';

/** A step of a compiled pattern. `first` has priority over `second`. */
export type Instruction =
  | { readonly kind: 'character'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'split'; readonly first: number; readonly second: number }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'open' | 'close' | 'text-start' | 'text-end' | 'match' };

/** Maximum instructions of a pattern. Repetitions such as `{100}` are written out. */
const MAX_INSTRUCTIONS = 500;

/** @throws PatternError if the pattern needs too many instructions */
export function compile(node: PatternNode): Instruction[] {
  const program: Instruction[] = [];
  emit(node, program);
  program.push({ kind: 'match' });
  return program;
}

function emit(node: PatternNode, program: Instruction[]): void {
  if (program.length > MAX_INSTRUCTIONS) throw new PatternError('is too long: use smaller repetitions');
  switch (node.kind) {
    case 'sequence':
      for (const part of node.parts) emit(part, program);
      break;
    case 'choice':
      emitChoice(node.options, program);
      break;
    case 'repeat':
      emitRepeat(node, program);
      break;
    case 'first-group':
      program.push({ kind: 'open' });
      emit(node.inner, program);
      program.push({ kind: 'close' });
      break;
    default:
      program.push(node);
  }
}

function emitChoice(options: readonly PatternNode[], program: Instruction[]): void {
  const ends: number[] = [];
  options.forEach((option, index) => {
    const isLast = index === options.length - 1;
    const split = program.length;
    if (!isLast) program.push({ kind: 'match' });
    emit(option, program);
    if (isLast) return;
    ends.push(program.length);
    program.push({ kind: 'match' });
    program[split] = { kind: 'split', first: split + 1, second: program.length };
  });
  for (const end of ends) program[end] = { kind: 'jump', to: program.length };
}

type Repeat = Extract<PatternNode, { kind: 'repeat' }>;

function emitRepeat({ inner, min, max, lazy }: Repeat, program: Instruction[]): void {
  for (let i = 0; i < min; i++) emit(inner, program);
  const choose = (take: number, leave: number): Instruction =>
    lazy ? { kind: 'split', first: leave, second: take } : { kind: 'split', first: take, second: leave };
  if (max === Number.POSITIVE_INFINITY) {
    const split = program.length;
    program.push({ kind: 'match' });
    emit(inner, program);
    program.push({ kind: 'jump', to: split });
    program[split] = choose(split + 1, program.length);
    return;
  }
  const splits: number[] = [];
  for (let i = min; i < max; i++) {
    splits.push(program.length);
    program.push({ kind: 'match' });
    emit(inner, program);
  }
  for (const split of splits) program[split] = choose(split + 1, program.length);
}
