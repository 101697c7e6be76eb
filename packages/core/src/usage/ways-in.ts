import type { WrappedKeyInfo } from '../message/inspect.js';

/** A KEK, or one version of it: what a wrapped key needs to be unwrapped. */
export interface KekVersion {
  readonly provider: string;
  readonly keyId: string;
  readonly keyVersion: string;
}

/**
 * Whether an envelope can be opened by the KEKs that are left. A wrapped key needs its KEK; a quorum needs as many
 * shares as its threshold says, and each share any one of its wrapped keys. A pending one opens nothing.
 *
 * @param wrappedKeys - of `inspect`
 * @param isAlive - whether a KEK, at this version, can still unwrap
 */
export function canOpen(wrappedKeys: readonly WrappedKeyInfo[], isAlive: (kek: KekVersion) => boolean): boolean {
  return wrappedKeys.some((key) => {
    if (key.pending) return false;
    if (key.quorum === undefined) return isAlive(key);
    const { threshold, shares } = key.quorum;
    return shares.filter((share) => canOpen(share.wrappedKeys, isAlive)).length >= threshold;
  });
}

/** The KEKs that an envelope's wrapped keys need, those of shares included and quorums themselves not; and the pending ones. */
export function keksOf(wrappedKeys: readonly WrappedKeyInfo[]): readonly WrappedKeyInfo[] {
  return wrappedKeys.flatMap((key) =>
    key.quorum === undefined ? [key] : key.quorum.shares.flatMap((share) => keksOf(share.wrappedKeys)),
  );
}
