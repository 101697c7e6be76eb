import { OPERATIONS } from '../operations/index.js';
import { cryptoKeyName, parseName } from '../keys/resource-name.js';
import type { KeyNames, RequestFacts } from '../../shared/requests/request-facts.js';
import type { GrpcCall } from './grpc-server.js';
import { SERVICE, type Message, type MethodCodec } from './service-definition.js';
import { ServiceError } from './service-error.js';

/** A request as it was read, or why it could not be. */
export type KmsCall = { readonly facts: RequestFacts } & (
  | { readonly request: Message; readonly codec: MethodCodec }
  | { readonly refusal: ServiceError }
);

/** Reads a call. What is in it tells the project and the location; nothing else does. */
export function readCall({ path, message }: Pick<GrpcCall, 'path' | 'message'>, methods: ReadonlyMap<string, MethodCodec>): KmsCall {
  const [, service, operation = ''] = path.split('/');
  const codec = service === SERVICE && OPERATIONS.has(operation) ? methods.get(operation) : undefined;
  if (codec === undefined) {
    const refusal = new ServiceError('UNIMPLEMENTED', `The method ${path} is not simulated.`);
    return { facts: factsOf(service === SERVICE ? operation : '', ''), refusal };
  }
  try {
    if (message === undefined) throw new Error('It is compressed, too long, or no message.');
    const request = codec.decode(message);
    return { facts: factsOf(operation, resourceOf(request)), request, codec };
  } catch (error) {
    const refusal = new ServiceError('INTERNAL', `The request could not be read. ${(error as Error).message}`);
    return { facts: factsOf(operation, ''), refusal };
  }
}

/** The resource that a request is about, wherever its message has the name. */
function resourceOf(request: Message): string {
  for (const field of ['cryptoKey', 'cryptoKeyVersion']) {
    const resource = request[field] as { readonly name?: string } | null | undefined;
    if (resource?.name !== undefined && resource.name !== '') return resource.name;
  }
  const { name, parent } = request;
  return typeof name === 'string' ? name : typeof parent === 'string' ? parent : '';
}

function factsOf(operation: string, resource: string): RequestFacts {
  const parts = parseName(resource);
  return {
    provider: 'gcp-kms',
    region: parts?.location ?? '',
    account: parts?.project ?? '',
    operation,
    ...(resource === '' ? {} : { keyId: resource }),
    keys: keysOf(resource, parts),
  };
}

/** A key is known by its name, whichever of its versions is used. */
function keysOf(resource: string, parts: ReturnType<typeof parseName>): KeyNames[] {
  if (parts?.keyRing === undefined || parts.cryptoKey === undefined) return [];
  const { project, location, keyRing, cryptoKey } = parts;
  return [{ name: cryptoKeyName({ project, location, keyRing, cryptoKey }), otherNames: [cryptoKey, resource] }];
}
