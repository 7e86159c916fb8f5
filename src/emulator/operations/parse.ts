import type { z } from 'zod';
import { plural } from '../../lib/plural.js';
import { ServiceException } from '../errors.js';

type Issue = z.core.$ZodIssue;

/** Marks a refinement as a constraint of the API model, such as a maximum number of bytes. */
export const CONSTRAINT = { constraint: true } as const;

/**
 * Checks a request against the service's API model.
 * @throws ServiceException ValidationException if a value violates a pattern, a range or an enumeration, or is missing;
 * InvalidParameterException if values do not belong together or are not emulated
 */
export function parse<T>(schema: z.ZodType<T>, request: unknown): T {
  const parsed = schema.safeParse(request, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const violated = issues.filter(isConstraint).map(describe);
  if (violated.length > 0) {
    const errors = plural(violated.length, 'validation error');
    throw new ServiceException('ValidationException', `${errors} detected: ${violated.join('; ')}`);
  }
  const [issue] = issues;
  throw new ServiceException('InvalidParameterException', `${issue?.path.join('.')}: ${issue?.message}`);
}

function isConstraint(issue: Issue): boolean {
  return issue.code !== 'custom' || issue.params?.constraint === true;
}

/** The text that AWS services write for a violated constraint, with the member's path in lower camel case. */
function describe(issue: Issue): string {
  const path = issue.path
    .map((part) => (typeof part === 'string' ? uncapitalised(part) : String(part)))
    .join('.');
  const value = issue.input === undefined ? 'null' : `'${shortened(issue.input)}'`;
  return `Value ${value} at '${path}' failed to satisfy constraint: ${constraint(issue)}`;
}

function constraint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'Member must not be null'
        : `Member must be of type ${issue.expected}`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern ?? issue.format}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'too_small':
      return `Member must have ${measure(issue.origin)} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `Member must have ${measure(issue.origin)} less than or equal to ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const measure = (origin: string) => (origin === 'string' || origin === 'array' ? 'length' : 'value');

const uncapitalised = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1);

const MAX_CHARACTERS = 100;

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
