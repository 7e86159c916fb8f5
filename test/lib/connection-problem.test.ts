import { describe, expect, it } from '@jest/globals';
import { connectionProblem } from '../../src/lib/connection-problem.js';

const errorOf = (fields: object) => Object.assign(new Error(''), { syscall: 'connect' }, fields);
const describeError = (error: unknown) => connectionProblem(error, 'AWS_ENDPOINT_URL_S3');

describe('connectionProblem', () => {
  it('names the address of a server that refuses connections', () => {
    expect(describeError(errorOf({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 9 }))).toEqual({
      problem: '127.0.0.1:9 refuses connections (ECONNREFUSED)',
      advice: 'start the server, or check AWS_ENDPOINT_URL_S3',
    });
  });

  it('names the first address of a host with several, whose joint error has no message', () => {
    const refused = (address: string) => errorOf({ code: 'ECONNREFUSED', address, port: 9 });
    expect(describeError(new AggregateError([refused('::1'), refused('127.0.0.1')]))?.problem).toMatch(
      /^::1:9 refuses/,
    );
  });

  it('advises the region for a host of AWS that does not exist, and the endpoint for another', () => {
    const unknown = (hostname: string) =>
      errorOf({ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname, address: undefined });
    expect(describeError(unknown('faces.s3.us-nowhere-1.amazonaws.com'))).toEqual({
      problem: 'the host faces.s3.us-nowhere-1.amazonaws.com is unknown (ENOTFOUND)',
      advice: 'check AWS_REGION, whether the service is available there, and the network',
    });
    expect(describeError(unknown('s3.example'))?.advice).toBe('check AWS_ENDPOINT_URL_S3 and the network');
  });

  it('describes no errors but those of connections', () => {
    expect(describeError(new Error('no such bucket'))).toBeUndefined();
    expect(describeError(errorOf({ code: 'ENOENT', syscall: 'open' }))).toBeUndefined();
  });
});
