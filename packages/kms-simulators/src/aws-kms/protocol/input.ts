import { constraintError, KmsError, serializationError } from './kms-error.js';

/** Limits of a text or of bytes, inclusive. */
export interface LengthLimits {
  readonly min?: number;
  readonly max?: number;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The JSON fields of a request, read with the checks that the service makes. `null` is absence. */
export class Input {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /** Parses a request body; an empty one has no fields. */
  static parse(body: Uint8Array): Input {
    if (body.byteLength === 0) return new Input({});
    let fields: unknown;
    try {
      fields = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    } catch {
      throw new KmsError('SerializationException', 'The body of the request is not JSON.');
    }
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      throw new KmsError('SerializationException', 'The body of the request is not a JSON object.');
    }
    return new Input(fields as Record<string, unknown>);
  }

  /** The same fields, some of them replaced. */
  with(fields: Readonly<Record<string, unknown>>): Input {
    return new Input({ ...this.#fields, ...fields });
  }

  /** Whether the field is there at all. */
  has(name: string): boolean {
    return (this.#fields[name] ?? undefined) !== undefined;
  }

  /** A text that must be there; 1 to 2048 characters unless told otherwise. */
  text(name: string, limits?: LengthLimits): string {
    return this.optionalText(name, limits) ?? missing(name);
  }

  optionalText(name: string, { min = 1, max = 2048 }: LengthLimits = {}): string | undefined {
    const value = this.#fields[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw serializationError(name, 'a string');
    checkLength(name, value.length, min, max);
    return value;
  }

  /** A text out of a closed list. */
  choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    const known = values.find((candidate) => candidate === value);
    if (known !== undefined) return known;
    throw constraintError(name, value, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }

  /** Base64 that must be there. */
  bytes(name: string, limits?: LengthLimits): Uint8Array<ArrayBuffer> {
    return this.optionalBytes(name, limits) ?? missing(name);
  }

  optionalBytes(name: string, { min = 1, max = Infinity }: LengthLimits = {}): Uint8Array<ArrayBuffer> | undefined {
    const value = this.#fields[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !BASE64.test(value)) throw serializationError(name, 'base64');
    const bytes = new Uint8Array(Buffer.from(value, 'base64'));
    checkLength(name, bytes.byteLength, min, max);
    return bytes;
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.#fields[name] ?? undefined;
    if (value === undefined) return undefined;
    if (!Number.isInteger(value)) throw serializationError(name, 'a whole number');
    const number = value as number;
    const limit = number < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
    if (number < min || number > max) throw constraintError(name, `${number}`, `Member must have value ${limit}`);
    return number;
  }

  flag(name: string): boolean {
    const value = this.#fields[name] ?? false;
    if (typeof value !== 'boolean') throw serializationError(name, 'true or false');
    return value;
  }

  /** Whether the field is a list that holds this text. */
  lists(name: string, text: string): boolean {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value)) throw serializationError(name, 'a list');
    return value.includes(text);
  }

  /** A map from text to text; empty if absent. */
  pairs(name: string): ReadonlyMap<string, string> {
    const value = this.#fields[name] ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw serializationError(name, 'an object');
    const entries = Object.entries(value as Record<string, unknown>).map(([key, text]): [string, string] => {
      if (typeof text !== 'string') throw serializationError(`${name}.${key}`, 'a string');
      return [key, text];
    });
    return new Map(entries);
  }
}

function missing(name: string): never {
  throw constraintError(name, 'null', 'Member must not be null');
}

function checkLength(name: string, length: number, min: number, max: number): void {
  const limit = length < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  if (length < min || length > max) throw constraintError(name, undefined, `Member must have length ${limit}`);
}
