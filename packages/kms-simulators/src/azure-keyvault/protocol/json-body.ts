import { badParameter } from './vault-error.js';

const BASE64URL = /^[A-Za-z0-9_-]*={0,2}$/;

/** The JSON fields of a request, read with the checks that the service makes. `null` is absence. */
export class JsonBody {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /** Parses a request's body; an empty one has no fields. */
  static parse(body: Uint8Array): JsonBody {
    if (body.byteLength === 0) return new JsonBody({});
    let fields: unknown;
    try {
      fields = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    } catch {
      throw badParameter('The request body is not JSON.');
    }
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw badParameter('The request body is not a JSON object.');
    return new JsonBody(fields as Record<string, unknown>);
  }

  /** The same fields, some of them replaced. */
  with(fields: Readonly<Record<string, unknown>>): JsonBody {
    return new JsonBody({ ...this.#fields, ...fields });
  }

  has(name: string): boolean {
    return (this.#fields[name] ?? undefined) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#fields[name] ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw invalid(name);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#fields[name] ?? undefined;
    if (value !== undefined && typeof value !== 'boolean') throw invalid(name);
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.#fields[name] ?? undefined;
    if (value !== undefined && !Number.isSafeInteger(value)) throw invalid(name);
    return value as number | undefined;
  }

  /** Bytes in base64url that must be there. */
  bytes(name: string): Uint8Array<ArrayBuffer> {
    const value = this.text(name);
    if (value === undefined || value === '' || !BASE64URL.test(value)) throw invalid(name);
    return new Uint8Array(Buffer.from(value, 'base64url'));
  }

  /** A list of texts, each of which is one of `values`. */
  choices<Value extends string>(name: string, values: readonly Value[]): Value[] | undefined {
    const list = this.#fields[name] ?? undefined;
    if (list === undefined) return undefined;
    if (!Array.isArray(list)) throw invalid(name);
    return list.map((item) => {
      const known = values.find((value) => value === item);
      if (known === undefined) throw invalid(name);
      return known;
    });
  }

  /** A map from text to text. */
  pairs(name: string): Readonly<Record<string, string>> | undefined {
    const value = this.#fields[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) throw invalid(name);
    if (!Object.values(value).every((text) => typeof text === 'string')) throw invalid(name);
    return { ...(value as Record<string, string>) };
  }

  /** An object of its own; empty if it is not there. */
  object(name: string): JsonBody {
    const value = this.#fields[name] ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw invalid(name);
    return new JsonBody(value as Record<string, unknown>);
  }
}

function invalid(name: string) {
  return badParameter(`Property ${name} has invalid value\r\n`);
}
