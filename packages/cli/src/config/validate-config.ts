import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import { readFileSync } from 'node:fs';
import { usageError } from '../errors/usage-error.js';
import type { Config } from './config.js';
import { formatPath, pointerSegments } from './json-path.js';

/** The schema that editors use: there is no second description of the configuration. */
const SCHEMA = new URL('../../config.schema.json', import.meta.url);

/** The configuration, if it keeps to the schema; else an error that names the place. Throws `invalid-argument`. */
export function readConfig(value: unknown, file: string): Config {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as object;
  const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile<Config>(schema);
  if (validate(value)) return value;
  // "if" fails because of what it guards, which is the other error.
  const error = validate.errors?.find(({ keyword }) => keyword !== 'if');
  if (error === undefined) throw usageError(file, 'this is no configuration of Keyfold.');
  const { path, problem } = describe(error);
  throw usageError(`${file}: ${path === '' ? 'the whole' : path}`, problem);
}

function describe(error: ErrorObject): { path: string; problem: string } {
  const at = pointerSegments(error.instancePath);
  const { params } = error;
  if (error.propertyName !== undefined) {
    return { path: formatPath([...at, error.propertyName]), problem: 'this name is not allowed; the schema says which are.' };
  }
  switch (error.keyword) {
    case 'required':
      return { path: formatPath([...at, String(params['missingProperty'])]), problem: 'this is missing.' };
    case 'additionalProperties': {
      const path = formatPath([...at, String(params['additionalProperty'])]);
      return { path, problem: 'there is no such setting; the schema lists them.' };
    }
    case 'enum':
      return { path: formatPath(at), problem: `this must be ${(params['allowedValues'] as string[]).map((v) => JSON.stringify(v)).join(' or ')}.` };
    default:
      return { path: formatPath(at), problem: `this ${error.message ?? 'is wrong'}.` };
  }
}
