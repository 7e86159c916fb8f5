import type { SchemaErrorFormatter } from 'fastify/types/schema.js';
import { z } from 'zod';
import { Problem } from './problems.js';

const PARTS = { body: 'the body', querystring: 'the query', params: 'the path', headers: 'the headers' };

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

/** Rules that continue a sentence whose subject is the field. Others stand by themselves. */
const CONTINUES = /^(?:must|is|has)\b/;

const valueSchema = z.union([z.string(), z.number()]);
/** The fields of a zod issue from which the sentence is built. */
const issueSchema = z.object({
  expected: z.string().optional(),
  origin: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  inclusive: z.boolean().optional(),
  values: z.array(valueSchema).optional(),
  keys: z.array(z.string()).optional(),
});
type Issue = z.infer<typeof issueSchema>;

/** The problem for a request that a route's schema refuses: one sentence per mistake, with the field and its rule. */
export const invalidRequest: SchemaErrorFormatter = (errors, part) => {
  const sentences = errors.map(({ instancePath, keyword, message, params }) => {
    const rule = ruleOf(keyword, issueSchema.parse(params)) ?? message ?? 'is not valid';
    const separator = CONTINUES.test(rule) ? ' ' : ': ';
    return sentence(`${fieldOf(instancePath, PARTS[part])}${separator}${rule}`);
  });
  return new Problem(400, sentences.join(' '));
};

/** The rule of a field; undefined if the schema has its own message. */
function ruleOf(code: string, issue: Issue): string | undefined {
  const { expected = '', values = [], keys = [] } = issue;
  switch (code) {
    case 'invalid_type':
      return `must be ${TYPES[expected] ?? expected}.`;
    case 'invalid_value':
      return `must be ${values.join(' or ')}.`;
    case 'unrecognized_keys':
      return `must not have ${keys.join(', ')}: unknown field.`;
    case 'too_small':
      return limited(issue, issue.minimum, ['at least', 'above']);
    case 'too_big':
      return limited(issue, issue.maximum, ['at most', 'below']);
    default:
      return undefined;
  }
}

function limited(issue: Issue, limit: number | undefined, [inclusive, exclusive]: [string, string]): string {
  const unit = UNITS[issue.origin ?? ''];
  if (unit && limit === 1 && inclusive === 'at least') return 'must not be empty.';
  const verb = unit ? 'must have' : 'must be';
  return `${verb} ${issue.inclusive ? inclusive : exclusive} ${limit}${unit ?? ''}.`;
}

/** For example `settings.valSplit in the body`; `the body` if the path is empty. */
function fieldOf(path: string, part: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return part;
  const name = segments.map((segment, i) => nameOf(segment, i === 0)).join('');
  return `${name} in ${part}`;
}

function nameOf(segment: string, isFirst: boolean): string {
  if (/^\d+$/.test(segment)) return `[${segment}]`;
  return isFirst ? segment : `.${segment}`;
}

const sentence = (text: string) => `${text.replace(/^the /, 'The ').replace(/\.?$/, '')}.`;
