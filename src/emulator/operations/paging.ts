import { ServiceException } from '../errors.js';

const TOKEN = /^offset-(\d+)$/;
const DEFAULT_PAGE = 100;

interface Paged {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/**
 * One page of a list, with the token of the next page unless it is the last.
 * @throws ServiceException if the token is not from this emulator
 */
export function page<T>(
  all: readonly T[],
  { NextToken, MaxResults = DEFAULT_PAGE }: Paged,
): { items: T[]; token: { NextToken?: string } } {
  const start = NextToken === undefined ? 0 : Number(TOKEN.exec(NextToken)?.[1]);
  if (!Number.isInteger(start) || start > all.length) {
    throw new ServiceException('InvalidPaginationTokenException');
  }
  const end = start + MaxResults;
  return { items: all.slice(start, end), token: end < all.length ? { NextToken: `offset-${end}` } : {} };
}
