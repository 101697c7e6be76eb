import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../shared/state/write-file-atomically.js';

/** The certificate of the simulated vaults, where other processes read it. */
export interface CertificateFile {
  readonly path: string;
  /** Removes it, unless it was written where it was asked for. */
  remove(): Promise<void>;
}

/** Writes the certificate to the path, or else to a new folder among the system's temporary ones. */
export async function writeCertificate(pem: string, path: string | undefined): Promise<CertificateFile> {
  const temporary = path === undefined ? join(await mkdtemp(join(tmpdir(), 'kms-simulators-')), 'azure-ca.pem') : undefined;
  const written = path ?? temporary ?? '';
  await writeFileAtomically(written, pem);
  return {
    path: written,
    remove: async () => {
      if (temporary !== undefined) await rm(dirname(temporary), { recursive: true, force: true });
    },
  };
}
