import { type Check, ok } from './check.js';

/** The major version that the AWS SDK for JavaScript requires from January 2027. */
const REQUIRED_BY_AWS = 22;

/** Checks whether future versions of the AWS SDK support this version of Node, such as 20.15.0. */
export function checkNode(version: string): Check {
  if (Number.parseInt(version, 10) >= REQUIRED_BY_AWS) return ok('Node', version);
  return {
    check: 'Node',
    status: 'warning',
    detail: `${version}; the AWS SDK requires Node ${REQUIRED_BY_AWS} from January 2027`,
    remedy: `install Node ${REQUIRED_BY_AWS} or later`,
  };
}
