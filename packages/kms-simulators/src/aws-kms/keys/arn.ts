import { KmsError } from '../protocol/kms-error.js';

/** The parts of the ARN of a key or an alias. */
export interface KmsArn {
  readonly region: string;
  readonly account: string;
  readonly kind: 'key' | 'alias';
  /** Key id, or alias name with its `alias/` prefix. */
  readonly name: string;
}

const ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):(key|alias)\/(.+)$/;

/** `arn:aws:kms:<region>:<account>:key/<id>` */
export function keyArn(key: { region: string; account: string; keyId: string }): string {
  return `arn:${partition(key.region)}:kms:${key.region}:${key.account}:key/${key.keyId}`;
}

/** `arn:aws:kms:<region>:<account>:alias/<name>`; `name` has its prefix. */
export function aliasArn(alias: { region: string; account: string; name: string }): string {
  return `arn:${partition(alias.region)}:kms:${alias.region}:${alias.account}:${alias.name}`;
}

/** @throws KmsError `InvalidArnException` */
export function parseArn(text: string): KmsArn {
  const [, , region = '', account = '', kind, name = ''] = ARN.exec(text) ?? [];
  if (kind !== 'key' && kind !== 'alias') throw new KmsError('InvalidArnException', `Invalid arn ${text}`);
  return { region, account, kind, name: kind === 'alias' ? `alias/${name}` : name };
}

/** AWS China and GovCloud are partitions of their own. */
function partition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
