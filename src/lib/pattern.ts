import { compile, type Instruction } from './pattern-program.js';
import { MAX_PATTERN_LENGTH, PatternError, parsePattern } from './pattern-syntax.js';

export { MAX_PATTERN_LENGTH, PatternError };

/** What is wrong with an expression, such as "has no group"; undefined if `Pattern` accepts it. */
export function patternProblem(source: string): string | undefined {
  try {
    new Pattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/** A position in the program with the text of the first group: its start and end so far, -1 before each. */
interface Thread {
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/**
 * A regular expression whose time grows linearly with the text: it follows all alternatives at once (Pike's algorithm)
 * and never backtracks. No expression can block the process. It supports literals, `.`, classes, `\d \w \s` and their
 * opposites, groups, `|`, quantifiers, `^` and `$`, with the meaning that they have in JavaScript. It does not support
 * backreferences and lookarounds.
 */
export class Pattern {
  private readonly program: readonly Instruction[];
  /** The step in which each instruction was visited last, so that each is visited once per step. */
  private readonly visited: Int32Array;
  private step = 0;
  /** Instructions that all matches so far have taken, a measure of time that is the same on every machine. */
  work = 0;

  /** @throws PatternError if the expression is invalid, is not supported, or has no group */
  constructor(readonly source: string) {
    this.program = compile(parsePattern(source));
    this.visited = new Int32Array(this.program.length).fill(-1);
  }

  /** The text of the first group in the leftmost match; undefined without a match, or if the group is empty. */
  firstGroup(text: string): string | undefined {
    let found: Thread | undefined;
    let threads: Thread[] = [];
    for (let position = 0; position <= text.length; position++) {
      this.step += 1;
      const current: Thread[] = [];
      for (const thread of threads) this.follow(thread, position, text, current);
      if (!found) this.follow({ at: 0, start: -1, end: -1 }, position, text, current);
      threads = [];
      const code = text.charCodeAt(position);
      for (const thread of current) {
        const instruction = this.program[thread.at];
        if (instruction?.kind === 'match') {
          // Threads are sorted by priority: those after this one are worse.
          found = thread;
          break;
        }
        if (instruction?.kind === 'character' && position < text.length && instruction.accepts(code)) {
          threads.push({ ...thread, at: thread.at + 1 });
        }
      }
      if (threads.length === 0 && found) break;
    }
    return found && found.end > found.start && found.start >= 0
      ? text.slice(found.start, found.end)
      : undefined;
  }

  /** Adds the instructions that a thread reaches without reading a character, in the order of their priority. */
  private follow(thread: Thread, position: number, text: string, reached: Thread[]): void {
    const open = [thread];
    for (let next = open.pop(); next; next = open.pop()) {
      this.work += 1;
      const { at, start, end } = next;
      if (this.visited[at] === this.step) continue;
      this.visited[at] = this.step;
      const instruction = this.program[at];
      switch (instruction?.kind) {
        case 'split':
          open.push({ ...next, at: instruction.second }, { ...next, at: instruction.first });
          break;
        case 'jump':
          open.push({ ...next, at: instruction.to });
          break;
        case 'open':
          open.push({ at: at + 1, start: position, end: -1 });
          break;
        case 'close':
          open.push({ at: at + 1, start, end: position });
          break;
        case 'text-start':
          if (position === 0) open.push({ ...next, at: at + 1 });
          break;
        case 'text-end':
          if (position === text.length) open.push({ ...next, at: at + 1 });
          break;
        case 'character':
        case 'match':
          reached.push({ at, start, end });
          break;
        case undefined:
      }
    }
  }
}
