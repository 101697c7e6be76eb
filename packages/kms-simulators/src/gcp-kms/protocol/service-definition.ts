import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** A message as a plain object: enums by name, int64 as text, absent messages as `null`. */
export type Message = Readonly<Record<string, unknown>>;

/** How the messages of one method are read and written. */
export interface MethodCodec {
  /** @throws Error if the bytes are no such message. */
  readonly decode: (bytes: Uint8Array) => Message;
  readonly encode: (message: Message) => Uint8Array;
}

export const SERVICE = 'google.cloud.kms.v1.KeyManagementService';
const PROTO = fileURLToPath(new URL('../../../proto/google-cloud-kms.proto', import.meta.url));

/** The methods of the service by name, as the `.proto` file of this package has them. */
export function loadMethods(): ReadonlyMap<string, MethodCodec> {
  const service = new protobuf.Root().loadSync(PROTO).resolveAll().lookup(SERVICE) as protobuf.Service;
  return new Map(service.methodsArray.map((method) => [method.name, codecOf(method)]));
}

function codecOf({ resolvedRequestType: request, resolvedResponseType: response }: protobuf.Method): MethodCodec {
  if (request === null || response === null) throw new TypeError('A method of the service has no type.');
  return {
    decode: (bytes) => request.toObject(request.decode(bytes), { defaults: true, enums: String, longs: String }),
    encode: (message) => response.encode(response.fromObject(message)).finish(),
  };
}
