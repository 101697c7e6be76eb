import { isId, keyRingName, requireKeyRing, requireLocation } from '../keys/resource-name.js';
import { invalidArgument, ServiceError } from '../protocol/service-error.js';
import type { Operation } from './operation.js';
import { page, type ListRequest } from './page.js';
import { keyRingView } from './views.js';

export const createKeyRing: Operation<{ parent: string; keyRingId: string }> = ({ parent, keyRingId }, { store, now }) => {
  const location = requireLocation(parent);
  if (!isId(keyRingId)) throw invalidArgument('The id of a key ring has 1 to 63 letters, digits, - and _.');
  const ring = { ...location, keyRing: keyRingId, createdAt: now };
  if (store.findKeyRing(ring) !== undefined) {
    throw new ServiceError('ALREADY_EXISTS', `KeyRing ${keyRingName(ring)} already exists.`);
  }
  store.addKeyRing(ring);
  return keyRingView(ring);
};

export const getKeyRing: Operation<{ name: string }> = ({ name }, { store }) => keyRingView(store.keyRing(requireKeyRing(name)));

export const listKeyRings: Operation<ListRequest> = (request, { store }) => {
  return page('keyRings', store.keyRingsIn(requireLocation(request.parent)).map(keyRingView), request);
};
