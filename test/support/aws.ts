import { readEnvironment } from '../../src/config/environment.js';
import type { AwsAccess } from '../../src/lib/aws-access.js';

/** How commands with these variables reach AWS. */
export const awsOf = (variables: Readonly<Record<string, string>>): AwsAccess =>
  readEnvironment(variables).aws;
