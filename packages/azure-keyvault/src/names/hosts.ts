/**
 * Where Azure's clouds have their vaults and Managed HSMs: public, China, US Government, Germany until 2021, and the
 * national clouds Bleu (France) and Delos (Germany).
 */
const CLOUDS = ['azure.net', 'azure.cn', 'usgovcloudapi.net', 'microsoftazure.de', 'sovcloud-api.fr', 'sovcloud-api.de'];
const VAULTS: ReadonlySet<string> = new Set(CLOUDS.map((cloud) => `vault.${cloud}`));
const HSMS: ReadonlySet<string> = new Set(CLOUDS.map((cloud) => `managedhsm.${cloud}`));

const LABEL = '[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?';
/** A vault has one label before its cloud's domain; a Managed HSM may have its region before its own. */
const AZURE_HOST = new RegExp(`^(?:${LABEL}\\.)?${LABEL}\\.((?:vault|managedhsm)\\.[0-9a-z.-]+)$`);
const ANY_HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::[1-9][0-9]{0,4})?$`);

/** What a host, in lower case, holds; `undefined` for one that is not Azure's. */
export function kindOfHost(host: string): 'hsm' | 'vault' | undefined {
  const [, domain = ''] = AZURE_HOST.exec(host) ?? [];
  if (HSMS.has(domain)) return 'hsm';
  return VAULTS.has(domain) && host.split('.').length === domain.split('.').length + 1 ? 'vault' : undefined;
}

/** Whether a text, in lower case, is a host name or an IPv4 address, with or without a port. */
export function isHost(host: string): boolean {
  return ANY_HOST.test(host);
}
