import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';

const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        summary: z.string(),
        security: z.array(z.unknown()).optional(),
        responses: z.record(
          z.string(),
          z.looseObject({ content: z.record(z.string(), z.unknown()).optional() }),
        ),
      }),
    ),
  ),
});

export interface Request {
  /** A value per `{name}` of the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly json?: unknown;
  readonly photo?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** The token that is sent; undefined sends none. */
  readonly token?: string | undefined;
}

/**
 * Sends requests to an endpoint and compares each response with the endpoint's own /openapi.json: the status, the
 * content type and the body, by ajv.
 */
export class ApiContract {
  /** Statuses that were seen, by operation such as `GET /datasets/{name}`. */
  readonly seen = new Map<string, Set<number>>();

  private constructor(
    private readonly url: string,
    private readonly document: z.infer<typeof documentSchema>,
    private readonly ajv: Ajv2020,
  ) {}

  static async read(url: string): Promise<ApiContract> {
    const document = documentSchema.parse(await (await fetch(`${url}/openapi.json`)).json());
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema(document, 'openapi.json');
    return new ApiContract(url, document, ajv);
  }

  get operations(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** Operations that need a token. */
  get protectedOperations(): string[] {
    return this.operations.filter((operation) => this.describe(operation).security?.length !== 0);
  }

  /** The body of the response, parsed if it is JSON. Fails if the response does not match the description. */
  async call(operation: string, status: number, request: Request = {}): Promise<unknown> {
    const response = await this.send(operation, request);
    const type = /^[^;]*/.exec(response.headers.get('content-type') ?? '')?.[0] ?? '';
    // A stream of events has no end that a test could wait for.
    const isEvents = type === 'text/event-stream';
    if (isEvents) await response.body?.cancel();
    const text = isEvents ? '' : await response.text();
    const problems = [
      ...(response.status === status ? [] : [`status ${response.status} instead of ${status}: ${text}`]),
      ...this.problemsOf(operation, response.status, type, text),
    ];
    if (problems.length > 0) throw new Error(`${operation}: ${problems.join('; ')}`);
    this.seen.set(operation, (this.seen.get(operation) ?? new Set()).add(status));
    return type.endsWith('json') ? JSON.parse(text) : text;
  }

  private async send(
    operation: string,
    { params = {}, query = {}, json, photo, headers, token }: Request,
  ): Promise<Response> {
    const [method = '', path = ''] = operation.split(' ');
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? 'none'),
    );
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    const body = photo ?? (json === undefined ? undefined : JSON.stringify(json));
    return await fetch(`${this.url}${filled}?${search}`, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        ...(photo ? { 'content-type': 'image/jpeg' } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
  }

  private problemsOf(operation: string, status: number, type: string, text: string): string[] {
    const response = this.describe(operation).responses[status];
    if (!response) return [`status ${status} is not declared: ${text}`];
    const declared = Object.keys(response.content ?? {});
    if (declared.length === 0) return text === '' ? [] : [`a body that is not declared: ${text}`];
    const match = declared.find((one) => one === type || (one === 'image/*' && type.startsWith('image/')));
    if (match === undefined) return [`content type ${type} is not declared`];
    if (!type.endsWith('json')) return [];
    const [method = '', path = ''] = operation.split(' ');
    const keys = [
      'paths',
      path,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      match,
      'schema',
    ];
    const pointer = keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')));
    const validate = this.ajv.compile({ $ref: `openapi.json#/${pointer.join('/')}` });
    return validate(JSON.parse(text)) ? [] : [this.ajv.errorsText(validate.errors)];
  }

  private describe(operation: string) {
    const [method = '', path = ''] = operation.split(' ');
    const described = this.document.paths[path]?.[method.toLowerCase()];
    if (!described) throw new Error(`${operation} is not described in /openapi.json.`);
    return described;
  }
}
