import type { SchemaErrorFormatter } from 'fastify/types/schema.js';
import { z } from 'zod';
import { Problem } from './problems.js';

const PLACES = { body: 'the body', querystring: 'the query', params: 'the path', headers: 'the headers' };

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

const valueSchema = z.union([z.string(), z.number()]);
/** What zod tells of an issue beside its own words. */
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

/** A request that a route's schema refuses: a sentence for each mistake, with the field and what it must be. */
export const invalidRequest: SchemaErrorFormatter = (errors, place) => {
  const sentences = errors.map(({ instancePath, keyword, message, params }) => {
    const rule = ruleOf(keyword, issueSchema.parse(params)) ?? message;
    return sentence(`${fieldOf(instancePath, PLACES[place])} ${rule}`);
  });
  return new Problem(400, sentences.join(' '));
};

/** Undefined where the schema has words of its own, which begin with what the field must be. */
function ruleOf(code: string, issue: Issue): string | undefined {
  const { expected = '', values = [], keys = [] } = issue;
  switch (code) {
    case 'invalid_type':
      return `must be ${TYPES[expected] ?? expected}.`;
    case 'invalid_value':
      return `must be ${values.join(' or ')}.`;
    case 'unrecognized_keys':
      return `must not have ${keys.join(', ')}: there is no such field.`;
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

/** `settings.valSplit in the body`; the whole of it where the path is empty. */
function fieldOf(path: string, place: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return place;
  const name = segments.map((segment, i) => nameOf(segment, i === 0)).join('');
  return `${name} in ${place}`;
}

function nameOf(segment: string, isFirst: boolean): string {
  if (/^\d+$/.test(segment)) return `[${segment}]`;
  return isFirst ? segment : `.${segment}`;
}

const sentence = (text: string) => `${text.replace(/^the /, 'The ').replace(/\.?$/, '')}.`;
