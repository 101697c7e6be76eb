import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';

// What the simulator understands is written down once more in this package. It must not drift from what the SDK sends.
const own = new protobuf.Root().loadSync(fileURLToPath(new URL('../../proto/google-cloud-kms.proto', import.meta.url))).resolveAll();
const path = createRequire(import.meta.url).resolve('@google-cloud/kms/build/protos/protos.json');
const sdk = protobuf.Root.fromJSON(JSON.parse(await readFile(path, 'utf8')) as protobuf.INamespace).resolveAll();

function members(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((one) => [one, ...(one instanceof protobuf.Namespace ? members(one) : [])]);
}

const mine = members(own.lookup('google.cloud.kms.v1') as protobuf.Namespace);

describe('the definition of the service', () => {
  const types = mine.filter((one) => one instanceof protobuf.Type);
  it.each(types.map((type) => [type.fullName, type] as const))('%s has fields that the SDK has', (name, type) => {
    const theirs = sdk.lookupType(name);
    for (const field of type.fieldsArray) {
      const { id, type: kind, repeated, map } = theirs.fields[field.name] ?? {};
      expect({ id, repeated, map }, field.name).toEqual({ id: field.id, repeated: field.repeated, map: field.map });
      expect(kind?.split('.').at(-1), field.name).toBe(field.type.split('.').at(-1));
    }
  });

  const enums = mine.filter((one) => one instanceof protobuf.Enum);
  it.each(enums.map((values) => [values.fullName, values] as const))('%s has values that the SDK has', (name, { values }) => {
    expect(sdk.lookupEnum(name).values).toMatchObject(values);
  });

  it('has methods that the SDK has', () => {
    const name = 'google.cloud.kms.v1.KeyManagementService';
    for (const method of own.lookupService(name).methodsArray) {
      const { requestType, responseType } = sdk.lookupService(name).methods[method.name] ?? {};
      expect([requestType, responseType], method.name).toEqual([method.requestType, method.responseType]);
    }
  });
});
