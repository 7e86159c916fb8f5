/** Why an expression cannot be used, to be written after its name: "is too long". */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

type Character = { readonly kind: 'character'; readonly accepts: (code: number) => boolean };

/** A parsed expression. Only the first group is kept as a group. */
export type PatternNode =
  | Character
  | { readonly kind: 'text-start' | 'text-end' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'first-group'; readonly inner: PatternNode }
  | {
      readonly kind: 'repeat';
      readonly inner: PatternNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

/** Maximum characters of an expression. */
export const MAX_PATTERN_LENGTH = 200;
const MAX_REPETITIONS = 100;
const MAX_DEPTH = 20;

/** @throws PatternError if the expression is invalid, is not supported, or has no group */
export function parsePattern(source: string): PatternNode {
  if (source.length > MAX_PATTERN_LENGTH) {
    throw new PatternError(`is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  return new Parser(source).parse();
}

class Parser {
  private at = 0;
  private hasGroup = false;
  private depth = 0;

  constructor(private readonly source: string) {}

  parse(): PatternNode {
    const node = this.choice();
    if (this.at < this.source.length) throw new PatternError('has a ")" without a "("');
    if (!this.hasGroup)
      throw new PatternError('has no group: put the part that names the group in parentheses');
    return node;
  }

  private choice(): PatternNode {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    const [only] = options;
    return options.length === 1 && only ? only : { kind: 'choice', options };
  }

  private sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.peek())) parts.push(this.repeated());
    return { kind: 'sequence', parts };
  }

  private repeated(): PatternNode {
    const hadGroup = this.hasGroup;
    const inner = this.atom();
    const range = this.quantifier();
    if (!range) return inner;
    if (this.hasGroup && !hadGroup && range.max > 1)
      throw new PatternError('must not repeat its first group');
    if ('*+?{'.includes(this.peek()) && this.peek() !== '')
      throw new PatternError('has two quantifiers in a row');
    return { kind: 'repeat', inner, ...range };
  }

  private quantifier(): { min: number; max: number; lazy: boolean } | undefined {
    const range = this.range();
    if (!range) return undefined;
    const [min, max] = range;
    if (min > max) throw new PatternError('has a repetition whose numbers are in the wrong order');
    if (Math.max(min, Number.isFinite(max) ? max : 0) > MAX_REPETITIONS) {
      throw new PatternError(`has a repetition of more than ${MAX_REPETITIONS}`);
    }
    return { min, max, lazy: this.take('?') };
  }

  private range(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    const [text, min, comma, max] = /^\{(\d{1,4})(,)?(\d{1,4})?\}/.exec(this.source.slice(this.at)) ?? [];
    if (text === undefined || min === undefined) return undefined;
    this.at += text.length;
    if (comma === undefined) return [Number(min), Number(min)];
    return [Number(min), max === undefined ? Number.POSITIVE_INFINITY : Number(max)];
  }

  private atom(): PatternNode {
    const character = this.next();
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'character', accepts: this.characterClass() };
      case '.':
        return { kind: 'character', accepts: (code) => code !== 10 && code !== 13 };
      case '^':
        return { kind: 'text-start' };
      case '$':
        return { kind: 'text-end' };
      case '\\':
        return { kind: 'character', accepts: this.escape() };
      case '*':
      case '+':
      case '?':
        throw new PatternError(`has a "${character}" with nothing to repeat`);
      default:
        return { kind: 'character', accepts: equals(character.charCodeAt(0)) };
    }
  }

  private group(): PatternNode {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new PatternError('has too many nested groups');
    const isCapturing = !this.take('?:');
    if (isCapturing && this.peek() === '?') {
      const [name] = /^\?<\w+>/.exec(this.source.slice(this.at)) ?? [];
      if (name === undefined) throw new PatternError('uses a lookaround, which is not supported');
      this.at += name.length;
    }
    const isFirst = isCapturing && !this.hasGroup;
    if (isFirst) this.hasGroup = true;
    const inner = this.choice();
    if (!this.take(')')) throw new PatternError('has a "(" without a ")"');
    this.depth -= 1;
    return isFirst ? { kind: 'first-group', inner } : inner;
  }

  private characterClass(): (code: number) => boolean {
    const isNegated = this.take('^');
    const tests: ((code: number) => boolean)[] = [];
    while (!this.take(']')) {
      if (this.at >= this.source.length) throw new PatternError('has a "[" without a "]"');
      const first = this.next();
      const test = first === '\\' ? this.escape() : equals(first.charCodeAt(0));
      const isRange = this.peek() === '-' && !['', ']'].includes(this.source.charAt(this.at + 1));
      if (!isRange) {
        tests.push(test);
        continue;
      }
      this.at += 1;
      const [low, high] = [first.charCodeAt(0), this.next().charCodeAt(0)];
      if (first === '\\' || high === 92) throw new PatternError('has an escape in a range of characters');
      if (low > high) throw new PatternError('has a range of characters in the wrong order');
      tests.push((code) => code >= low && code <= high);
    }
    return (code) => tests.some((test) => test(code)) !== isNegated;
  }

  private escape(): (code: number) => boolean {
    const character = this.next();
    const test = ESCAPES.get(character.toLowerCase());
    if (test) return character === character.toLowerCase() ? test : (code) => !test(code);
    if (/[1-9]/.test(character)) throw new PatternError('uses a backreference, which is not supported');
    if (/[a-z0]/i.test(character)) throw new PatternError(`uses \\${character}, which is not supported`);
    return equals(character.charCodeAt(0));
  }

  private peek(): string {
    return this.source.charAt(this.at);
  }

  private next(): string {
    if (this.at >= this.source.length) throw new PatternError('ends too early');
    const character = this.peek();
    this.at += 1;
    return character;
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

const equals = (expected: number) => (code: number) => code === expected;
const isDigit = (code: number) => code >= 48 && code <= 57;
const isWord = (code: number) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace = (code: number) => /\s/.test(String.fromCharCode(code));
const ESCAPES = new Map([
  ['d', isDigit],
  ['w', isWord],
  ['s', isSpace],
]);
